"""Commands of `sluice` in processes of their own, forked from one that has imported what they need.

Each has its own arguments, environment, folder and output, as if it had been started; only the imports, which take
longer than most commands, were done once for all. What starts as an installed command does is tested with it, too.

Run as a program, this is the process that forks.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import importlib
import json
import os
import pkgutil
import select
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import BinaryIO

_REQUEST_BYTES = 1 << 17
_STATUS = struct.Struct("=i")


class Command:
    """One that was forked.

    Args:
        pid: of its process.
        status: a pipe, from which its exit status can be read when it has ended; negative for a signal.
    """

    def __init__(self, pid: int, status: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._status = status

    def send_signal(self, number: int) -> None:
        """Send it a signal; harmless when it has ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it now."""
        self.send_signal(signal.SIGKILL)

    def wait_blocking(self, within_s: float) -> int:
        """Return its exit status, for which it is waited."""
        if self.returncode is None:
            if not select.select([self._status], [], [], within_s)[0]:
                self.kill()
                raise subprocess.TimeoutExpired("sluice", within_s)
            (self.returncode,) = _STATUS.unpack(os.read(self._status, _STATUS.size))
            os.close(self._status)
        return self.returncode

    async def wait(self) -> int:
        """Return the same, while other tasks go on."""
        if self.returncode is None:
            loop, ended = asyncio.get_running_loop(), asyncio.Event()
            loop.add_reader(self._status, ended.set)
            try:
                await ended.wait()
            finally:
                loop.remove_reader(self._status)
        return self.wait_blocking(0)


def forked(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    output: BinaryIO,
    errors: BinaryIO,
    typed: BinaryIO | None = None,
    cwd: Path | None = None,
) -> Command:
    """Start a command; its output goes to the files given, and what is typed comes from one."""
    reading, writing = os.pipe()
    request = {"arguments": [*arguments], "environment": dict(environment), "cwd": str(cwd or Path.cwd())}
    starter = _starter(sys.executable)
    with open(os.devnull, "rb") as nothing:
        descriptors = [file.fileno() for file in (typed or nothing, output, errors)]
        socket.send_fds(starter, [json.dumps(request).encode()], [*descriptors, writing])
    os.close(writing)
    (pid,) = _STATUS.unpack(starter.recv(_STATUS.size))
    return Command(pid, reading)


@cache
def _starter(python: str) -> socket.socket:
    """Return the way to the process of this interpreter that forks, which ends when this one does."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen([python, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()])

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _serve(control: socket.socket) -> None:
    """Fork whatever is asked for until nobody can ask any more; then what runs still is killed."""
    poll = select.poll()
    poll.register(control, select.POLLIN)
    running: dict[int, tuple[int, int]] = {}  # process id and status pipe by pidfd
    while True:
        for descriptor, _ in poll.poll():
            if descriptor in running:
                pid, status = running.pop(descriptor)
                poll.unregister(descriptor)
                ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                with contextlib.suppress(BrokenPipeError):
                    os.write(status, _STATUS.pack(ended))
                os.close(status)
                os.close(descriptor)
                continue
            request, descriptors, _, _ = socket.recv_fds(control, _REQUEST_BYTES, 4)
            if not request:
                for pidfd in running:
                    signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                return
            *streams, status = descriptors
            pid = os.fork()
            if pid == 0:
                control.close()
                for held in (status, *running, *(pipe for _, pipe in running.values())):
                    os.close(held)
                os._exit(_become(streams, **json.loads(request)))
            for stream in streams:
                os.close(stream)
            pidfd = os.pidfd_open(pid)
            running[pidfd] = pid, status
            poll.register(pidfd, select.POLLIN)
            control.send(_STATUS.pack(pid))


def _become(streams: list[int], arguments: list[str], environment: dict[str, str], cwd: str) -> int:
    """Run a command in this process and return its exit status."""
    from sluice.cli import main

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)
    sys.stderr = open(2, "w", buffering=1, closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    sys.argv = ["sluice", *arguments]
    try:
        main()
        return 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
        return 1
    finally:
        atexit._run_exitfuncs()
        with contextlib.suppress(OSError):
            sys.stdout.flush()


def _import_all() -> None:
    for name in ("cli", "api", "access", "catalog", "environments", "storage"):
        package = importlib.import_module(f"sluice.{name}")
        for module in pkgutil.walk_packages(package.__path__, f"sluice.{name}."):
            importlib.import_module(module.name)
    for name in ("server", "client", "demo"):
        importlib.import_module(f"sluice.{name}")


if __name__ == "__main__":
    _import_all()
    _serve(socket.socket(fileno=int(sys.argv[1])))
