"""Runs the deeds in a process of their own, looked at or disturbed by strace.

Each trial is a fork, so that it costs no start of Python; this process must have one thread.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reliability.store.deeds import do_all

_CALLS = (
    "open,openat,creat,mkdir,read,pread64,write,pwrite64,writev,pwritev,fsync,fdatasync,sync_file_range,rename,"
    "renameat,renameat2,link,linkat,unlink,unlinkat,ftruncate,truncate,fallocate,close,fcntl,flock,lseek,"
    "fstat,stat,newfstatat,access,faccessat,getdents64,fchmod,chmod,fchown,mmap,munmap,statx"
)
_LINE = re.compile(r"(?P<thread>\d+) +(?P<call>[a-z0-9_]+)\((?P<arguments>.*)\) += (?P<answer>.*)")


class NotPermitted(Exception):
    """strace can't be used here; the message says why."""


@dataclass(frozen=True)
class Call:
    """A system call that touched the data folder, or told that a deed is done.

    Attributes:
        thread: 0 is the main one, 1 SQLite's.
        name: of the call.
        number: which of this name it was in its thread.
        arguments: with paths instead of descriptors.
        tells: whether it told the outcome of a deed.
    """

    thread: int
    name: str
    number: int
    arguments: str
    tells: bool


def check_permitted() -> None:
    """Return if processes may be traced.

    Raises:
        NotPermitted: strace isn't installed, or the kernel refuses it.
    """
    if not shutil.which("strace"):
        raise NotPermitted("strace isn't installed: apt-get install strace.")
    tried = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, text=True, check=False)
    if tried.returncode:
        raise NotPermitted(f"Nothing may be traced here ({tried.stderr.strip()}): in a container give it SYS_PTRACE.")


def all_calls(data: Path, log: Path, plant: Callable[[], None] | None = None) -> tuple[list[Call], list[str]]:
    """Do the deeds undisturbed; return the calls that matter, in their order, and what was told."""
    told = _run(data, plant, lambda threads: [f"--attach={thread}" for thread in threads], log)
    threads: dict[str, int] = {}
    counts: dict[tuple[int, str], int] = {}
    found = []
    for line in _whole(log.read_text(errors="replace").splitlines()):
        if not (match := _LINE.fullmatch(line)):
            continue
        thread = threads.setdefault(match["thread"], len(threads))  # the main one is told to go
        name, arguments = match["call"], match["arguments"]
        counts[thread, name] = number = counts.get((thread, name), 0) + 1
        tells = name == "write" and "<pipe:" in arguments
        if str(data) in arguments or tells:
            found.append(Call(thread, name, number, arguments, tells))
    return found, told


def disturbed(data: Path, call: Call, fault: str, plant: Callable[[], None] | None = None) -> list[str]:
    """Do the deeds while one call fails with an error, or kills (`KILL`); return what was told."""
    how = "signal=KILL" if fault == "KILL" else f"error={fault}"
    injected = f"--inject={call.name}:{how}:when={call.number}"
    return _run(data, plant, lambda threads: [f"--attach={threads[call.thread]}", injected], Path(os.devnull))


def in_fork(work: Callable[[], Coroutine[Any, Any, list[str]]], plant: Callable[[], None] | None = None) -> list[str]:
    """Return what `work` returns in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with _forked():
            if plant:
                plant()
            os.write(writing, json.dumps(asyncio.run(work())).encode())
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        text = file.read()
    _, status = os.waitpid(child, 0)
    if status:
        raise RuntimeError(f"A look at what is left ended with status {status}.")
    answer: list[str] = json.loads(text)
    return answer


def _run(
    data: Path, plant: Callable[[], None] | None, options: Callable[[list[int]], Iterable[str]], log: Path
) -> list[str]:
    told_here, tell_there = os.pipe()
    go_there, go_here = os.pipe()
    child = os.fork()
    if not child:
        with _forked():
            if plant:
                plant()

            def tell(text: str) -> None:
                os.write(tell_there, text.encode() + b"\n")

            def begin() -> None:
                others = [thread.native_id for thread in threading.enumerate() if thread is not threading.main_thread()]
                tell(json.dumps([os.getpid(), *others]))  # a forked thread still says its parent's id
                os.read(go_there, 1)

            asyncio.run(do_all(data, tell, begin))
    os.close(tell_there)
    os.close(go_there)
    with os.fdopen(told_here, "r") as told:
        threads = json.loads(told.readline())
        command = ["strace", "-y", "-s", "0", f"--output={log}", f"--trace={_CALLS}", *options(threads)]
        tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        assert tracer.stderr
        attached = [tracer.stderr.readline() for _ in range(sum("attach" in part for part in command))]
        os.write(go_here, b"x")
        os.close(go_here)
        lines = told.read().splitlines()
    os.waitpid(child, 0)
    rest = tracer.stderr.read()
    tracer.stderr.close()
    tracer.wait()
    if not all("attached" in line for line in attached):
        raise NotPermitted("".join([*attached, rest]))
    return lines


@contextmanager
def _forked() -> Iterator[None]:
    """End this process when the block ends, without what its parent would do at its end."""
    status = 1
    try:
        yield
        status = 0
    except BaseException as error:
        print(f"{type(error).__name__}: {error}", flush=True)
    finally:
        os._exit(status)


def _whole(lines: Iterable[str]) -> Iterable[str]:
    """Yield calls that strace wrote in two parts as one."""
    begun: dict[str, str] = {}
    for line in lines:
        thread = line.split(" ", 1)[0]
        if line.endswith("<unfinished ...>"):
            begun[thread] = line.removesuffix(" <unfinished ...>")
        elif "resumed>" in line:
            yield begun.pop(thread, "") + line.split("resumed>", 1)[1]
        else:
            yield line
