"""Starts child processes and tells when they end; the server's own environment and descriptors stay out of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import sluice
from sluice.workers.child.sandbox import Stage1

_PACKAGE = Path(sluice.__file__).parent

# Libraries that would start a thread per core find one core; workers are the way to use more.
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "ORT_DISABLE_TELEMETRY": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "JOBLIB_MULTIPROCESSING": "0",
}


class Process:
    """One running process, ours or a zygote's child.

    Args:
        pid: its process id, which may be another's once it has ended.
        pidfd: a descriptor of it, which can't; closed when it has ended.
        on_kill: called once it is killed, which isn't its end yet.

    Attributes:
        ended: set to the exit status (negative: the signal) once it is gone and reaped.
    """

    def __init__(self, pid: int, pidfd: int, on_kill: Callable[[], object] = lambda: None) -> None:
        self.pid = pid
        self._pidfd = pidfd
        self._on_kill = on_kill
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def kill(self) -> None:
        """End it now; harmless when it has ended already."""
        if not self.ended.done():
            with contextlib.suppress(ProcessLookupError):  # reaped by its zygote, which is about to say so
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            self._on_kill()

    def note_end(self, status: int) -> None:
        """Say that it is gone and reaped."""
        os.close(self._pidfd)
        self.ended.set_result(status)


def launch(role: str, descriptor: int, rules: Stage1, core: Path | None = None, uid: int | None = None) -> Process:
    """Start a process with a clean environment, which confines itself before anything else.

    Args:
        role: module inside `sluice.workers.child` whose `main` it runs.
        descriptor: that it inherits under the same number.
        rules: what it may reach.
        core: folder of the libraries that it imports, instead of the server's own.
        uid: user and group that it becomes; None stays the server's.

    Raises:
        OSError: there is no room for one more process.
    """
    way_in = ["-m", "sluice.workers.child.confined"]
    if core:
        way_in = ["-S", str(_PACKAGE / "workers/child/boot.py"), str(_PACKAGE), str(core)]
    arguments = [role, str(descriptor), str(os.getpid()), json.dumps(asdict(rules))]
    popen = subprocess.Popen(
        [sys.executable, "-I", "-B", "-u", *way_in, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=[descriptor],
        env=_ENVIRONMENT,
        start_new_session=True,  # Ctrl-C in the server's terminal is the server's to handle
        user=uid,
        group=uid,
        extra_groups=None if uid is None else (),
    )
    loop = asyncio.get_running_loop()
    try:
        pidfd = os.pidfd_open(popen.pid)
    except OSError:
        popen.kill()
        popen.wait()
        raise
    process = Process(popen.pid, pidfd)

    def reap() -> None:
        loop.remove_reader(pidfd)
        process.note_end(popen.wait())

    loop.add_reader(pidfd, reap)
    return process


def describe_end(status: int) -> str:
    """Return how a process ended, in words: `signal 11 (SIGSEGV)`, `exit status 3`."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"signal {-status} ({signal.Signals(-status).name})"
    except ValueError:
        return f"signal {-status}"
