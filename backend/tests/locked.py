"""Runs the source of a script in a process that is confined as a worker is, and tells what came of it.

    with zygote(folder) as locked:
        outcome = locked.run("def process(content): return len(content)", "abc")

The zygote is what a server's would be: locked by stage one before numpy and onnxruntime are imported, a model loaded.
Each script runs in a process forked from it, locked by stage two. `lock=False` leaves both stages out, which shows that
an attack is one.
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import onnx_models

from sluice.workers.child.policy import ScriptPolicy

_TIMEOUT_S = 60.0
_ORDINARY = ScriptPolicy(memory_mb=1024, scratch_mb=16)
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "ORT_DISABLE_TELEMETRY": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "JOBLIB_MULTIPROCESSING": "0",
}


@dataclass(frozen=True)
class Outcome:
    """What came of one script.

    Attributes:
        answer: what `process` returned, if it did.
        error: type and message of what it raised, or how its process ended.
        explained: what the sandbox has to do with it.
        traceback: of what it raised.
        printed: by it, on both streams.
        status: of its process; negative is a signal.
    """

    answer: Any
    error: str | None
    explained: str | None
    traceback: str | None
    printed: str
    status: int


class Zygote:
    """A running zygote; see `zygote`."""

    def __init__(self, folder: Path, connection: socket.socket, output: int, process: subprocess.Popen[bytes]) -> None:
        self._folder = folder
        self._connection = connection
        self._lines = connection.makefile("rb")
        self._output = output
        self._numbers = itertools.count(1)
        self.process = process
        self.hello = self._receive()

    def run(
        self,
        source: str,
        content: Any = None,
        policy: ScriptPolicy | None = None,
        files: dict[str, bytes] | None = None,
    ) -> Outcome:
        """Return what became of `process(content)`; the content crosses as JSON."""
        folder = self._folder / str(next(self._numbers))
        (folder / "files").mkdir(parents=True)
        (folder / "scratch").mkdir()
        for name, data in {"script.py": source.encode(), **(files or {})}.items():
            (folder / "files" / name).write_bytes(data)
            (folder / "files" / name).chmod(0o444)
        os.ftruncate(self._output, 0)
        os.lseek(self._output, 0, os.SEEK_SET)
        asked = {
            "files": str(folder / "files"),
            "scratch": str(folder / "scratch"),
            "policy": (policy or ScriptPolicy()).to_json(),
            "content": content,
        }
        self._connection.sendall(json.dumps(asked).encode() + b"\n")
        said: dict[str, Any] = {}
        while "ended" not in said:
            said |= self._receive()
        printed = os.pread(self._output, 1 << 20, 0).decode(errors="replace")
        error = said.get("error")
        if error is None and "answer" not in said:
            error = f"ended: {said['ended']}"
        return Outcome(
            said.get("answer"), error, said.get("explained"), said.get("traceback"), printed, int(said["ended"])
        )

    def close(self) -> None:
        self._lines.close()

    def _receive(self) -> dict[str, Any]:
        line = self._lines.readline()
        assert line, f"the zygote ended: {os.pread(self._output, 1 << 16, 0).decode(errors='replace')}"
        message: dict[str, Any] = json.loads(line)
        return message


@contextmanager
def zygote(folder: Path, *, lock: bool = True, **stage1: Any) -> Iterator[Zygote]:
    """Start a zygote that works in this folder; further arguments are those of `Stage1`."""
    run = folder / "run"
    run.mkdir(parents=True)
    model = folder / "model.onnx"
    model.write_bytes(onnx_models.double_it())
    setup = {
        "model": str(model),
        "stage1": {"readable": [str(model)], "writable": [str(run)], "private": [str(folder)], **stage1}
        if lock
        else None,
    }
    ours, theirs = socket.socketpair()
    ours.settimeout(_TIMEOUT_S)
    output = os.memfd_create("output", os.MFD_CLOEXEC)
    with ours, theirs:
        process = subprocess.Popen(
            [
                sys.executable, "-I", "-B", "-u", str(Path(__file__).with_name("locked_zygote.py")),
                str(theirs.fileno()), json.dumps(setup),
            ],
            pass_fds=[theirs.fileno()], env=_ENVIRONMENT, cwd="/", stdin=subprocess.DEVNULL,
            stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
        theirs.close()
        try:
            started = Zygote(run, ours, output, process)
            yield started
            started.close()
        finally:
            process.kill()
            process.wait()
            os.close(output)


def run_script(zygote: Zygote, source: str, policy: ScriptPolicy = _ORDINARY) -> Outcome:
    """Return what became of a script with two files beside it, which may be indented."""
    files = {"labels.txt": b"cat dog", "helper.py": b"TEN = 10"}
    return zygote.run(textwrap.dedent(source), "content", policy, files)
