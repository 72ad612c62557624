"""What scripts print belongs to their call, and nothing they do to their output harms another call."""

from __future__ import annotations

import asyncio

import onnx_models
import pytest
from workers import LIMITS, Workers

# Does to its output whatever the body says, then prints.
PUPPET = """
import ctypes, io, logging, os, sys, threading, time
import numpy as np

logging.basicConfig(level=logging.INFO)
handler = logging.StreamHandler(sys.stdout)
handler.setFormatter(logging.Formatter("%(name)s says %(message)s"))
own = logging.getLogger("own")
own.addHandler(handler)
own.propagate = False
libc = ctypes.CDLL(None)
late = threading.Event()

def print_later():
    late.wait()
    print("late")

DEEDS = {
    b"nothing": lambda: None,
    b"log": lambda: (logging.info("to stderr"), own.warning("to stdout")),
    b"c": lambda: (libc.puts(b"from C"), libc.printf(b"unfinished")),
    b"write": lambda: (os.write(1, b"by number\\n"), os.write(2, b"and two\\n")),
    b"device": lambda: open("/dev/stdout", "a").write("by name\\n"),
    b"devnull": lambda: setattr(sys, "stdout", open(os.devnull, "w")),
    b"buffer": lambda: setattr(sys, "stdout", io.StringIO()),
    b"no stdout": lambda: (setattr(sys, "stdout", None), setattr(sys, "stderr", 5)),
    b"deleted": lambda: (delattr(sys, "stdout"), delattr(sys, "stderr")),
    b"closed": lambda: (sys.stdout.close(), sys.stderr.close(), sys.stdout.buffer.close()),
    b"detached": lambda: setattr(sys, "stdout", io.TextIOWrapper(sys.stdout.detach(), write_through=True)),
    b"wrapped": lambda: setattr(sys, "stdout", io.TextIOWrapper(sys.stdout.buffer)),
    b"reconfigured": lambda: sys.stdout.reconfigure(write_through=False, line_buffering=False, encoding="latin-1"),
    b"os.close": lambda: (os.close(1), os.close(2)),
    b"os.dup2": lambda: [os.dup2(os.open(os.devnull, os.O_WRONLY), number) for number in (1, 2)],
    b"os.dup2 pipe": lambda: [os.dup2(os.pipe()[1], number) for number in (1, 2)],
    b"os.truncate": lambda: (print("gone"), os.ftruncate(1, 0)),
    b"os.lseek": lambda: os.lseek(1, 1 << 40, os.SEEK_SET),
    b"surrogate": lambda: print("\\ud800", "ü"),
    b"bytes": lambda: sys.stdout.buffer.write(b"\\xff\\n"),
    b"thread": lambda: threading.Thread(target=print_later).start(),
    b"wake": lambda: (late.set(), time.sleep(0.1)),
}

def process(content):
    DEEDS[content]()
    try:
        print("then", content.decode())
    except Exception:
        pass
    return {"x": np.zeros(1, np.float32)}
"""


@pytest.mark.parametrize(
    ("deed", "printed"),
    [
        ("log", "INFO:root:to stderr\nown says to stdout\nthen log\n"),
        ("c", "from C\nunfinishedthen c\n"),
        ("write", "by number\nand two\nthen write\n"),
        ("device", "by name\nthen device\n"),
        ("surrogate", "\\ud800 ü\nthen surrogate\n"),
        ("bytes", "�\nthen bytes\n"),
        ("devnull", None),
        ("buffer", None),
        ("no stdout", None),
        ("deleted", None),
        ("closed", "then closed\n"),
        ("detached", "then detached\n"),
        ("wrapped", "then wrapped\n"),
        ("reconfigured", "then reconfigured\n"),
        ("os.close", "then os.close\n"),
        ("os.dup2", "then os.dup2\n"),
        ("os.dup2 pipe", "then os.dup2 pipe\n"),
        ("os.truncate", "then os.truncate\n"),
        ("os.lseek", "then os.lseek\n"),
    ],
)
async def test_whatever_a_call_does_to_its_output_the_next_one_prints(
    workers: Workers, deed: str, printed: str | None
) -> None:
    target = await workers.make(onnx_models.identity(), PUPPET)
    for _ in range(2):
        assert (await workers.trace(target, deed.encode()))["printed"] == printed
        assert (await workers.trace(target, b"nothing"))["printed"] == "then nothing\n"
    assert (await workers.trace(target, b"write"))["printed"] == "by number\nand two\nthen write\n"
    assert (await workers.trace(target, b"log"))["printed"] == "INFO:root:to stderr\nown says to stdout\nthen log\n"


async def test_a_call_that_printed_nothing_says_so_and_has_nothing_of_the_one_before(workers: Workers) -> None:
    quiet = "def process(content):\n    if content:\n        print(content)\n    return {'x': [1.0]}\n"
    target = await workers.make(onnx_models.identity(), quiet)
    assert (await workers.trace(target, b"a"))["printed"] == "b'a'\n"
    assert (await workers.trace(target))["printed"] is None
    await workers.predict(target, b"untraced")
    assert (await workers.trace(target))["printed"] is None


async def test_what_a_thread_prints_later_goes_to_the_call_that_runs_then(workers: Workers) -> None:
    target = await workers.make(onnx_models.identity(), PUPPET)
    assert (await workers.trace(target, b"thread"))["printed"] == "then thread\n"
    assert (await workers.trace(target, b"wake"))["printed"] == "late\nthen wake\n"
    assert (await workers.trace(target, b"nothing"))["printed"] == "then nothing\n"


FLOOD = """
import ctypes, os, sys

def process(content):
    line = b"x" * 1023 + b"\\n"
    if content == b"print":
        for _ in range(10 * 1024):
            print(line.decode() * 1024, end="")
        return {"x": [float(os.fstat(1).st_size)]}
    if content == b"killed":
        print(line.decode() * 1024)
        os._exit(1)
    if content == b"number":
        while True:
            os.write(1, line * 1024)
    if content == b"C":
        while ctypes.CDLL(None).puts(line * 1024) >= 0:
            pass
        return {"x": [float(os.fstat(1).st_size)]}
    if content == b"exactly":
        print("y" * (64 * 1024), end="")
    if content == b"one more":
        print("y" * (64 * 1024), end="")
        print("z", end="")
    return {"x": [1.0]}
"""
MORE = "\n[More was printed; the first 64 KiB of a call are kept.]\n"


async def test_a_flood_is_cut_and_says_so(workers: Workers) -> None:
    """Ten gigabytes in all; the worker's own memory is limited, and so is its file."""
    target = await workers.make(onnx_models.identity(), FLOOD)
    assert (await workers.trace(target, b"print"))["printed"] == (("x" * 1023 + "\n") * 64) + MORE
    assert await workers.answer(target, b"print") == {"y": [64 * 1024 + 1]}
    assert (await workers.trace(target, b"exactly"))["printed"] == "y" * (64 * 1024)
    assert (await workers.trace(target, b"one more"))["printed"] == "y" * (64 * 1024) + MORE
    failure = await workers.failure(target, b"number")
    assert "EFBIG" in failure["message"] or "File too large" in failure["message"]
    assert failure["printed"].endswith(MORE)
    assert await workers.answer(target, b"C") == {"y": [LIMITS.scripts.scratch_mb << 20]}
    failure = await workers.failure(target, b"killed")
    assert failure["printed"].endswith(MORE) and len(failure["printed"]) == 64 * 1024 + len(MORE)
    assert await workers.answer(target, b"") == {"y": [1.0]}


async def test_streams_that_a_script_made_while_loading_stay(workers: Workers) -> None:
    tee = """
import sys

class Loud:
    def __init__(self, stream):
        self.stream = stream
    def write(self, text):
        return self.stream.write(text.upper())
    def flush(self):
        raise SystemExit

sys.stdout = Loud(sys.stdout)

def process(content):
    print("hello")
    if content:
        sys.stdout = None
    return {"x": [1.0]}
"""
    target = await workers.make(onnx_models.identity(), tee)
    for body in (b"", b"1", b""):
        assert (await workers.trace(target, body))["printed"] == "HELLO\n"


async def test_a_stream_that_hangs_hangs_its_own_call(workers: Workers) -> None:
    hangs = """
import sys

class Hangs:
    def flush(self):
        while True:
            pass

def process(content):
    if content:
        sys.stdout = Hangs()
    return {"x": [1.0]}
"""
    target = await workers.make(onnx_models.identity(), hangs)
    await workers.predict(target)
    first, second = await asyncio.gather(workers.failure(target, b"x", within_s=1.0), workers.answer(target))
    assert "deadline" in first["message"]
    assert second == {"y": [1.0]}


async def test_what_was_printed_while_loading_belongs_to_no_call(workers: Workers) -> None:
    target = await workers.make(onnx_models.identity(), "print('loaded')\ndef process(c):\n    return {'x': [1.0]}\n")
    assert (await workers.trace(target))["printed"] is None
