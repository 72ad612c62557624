"""Starts child processes and tells when they end; the server's own environment and descriptors stay out of them."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

# Libraries that would start a thread per core find one core; workers are the way to use more.
_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "ORT_DISABLE_TELEMETRY": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


class Process:
    """One running child.

    Attributes:
        ended: set to the exit status (negative: the signal) once it is gone and reaped.
    """

    def __init__(self, popen: subprocess.Popen[bytes]) -> None:
        loop = asyncio.get_running_loop()
        self._popen = popen
        self._pidfd = os.pidfd_open(popen.pid)
        self.ended: asyncio.Future[int] = loop.create_future()
        loop.add_reader(self._pidfd, self._reap)

    @property
    def pid(self) -> int:
        """Its process id, which may be another's once `ended` is set."""
        return self._popen.pid

    def kill(self) -> None:
        """End it now; harmless when it has ended already."""
        if not self.ended.done():
            signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._pidfd)
        os.close(self._pidfd)
        self.ended.set_result(self._popen.wait())


def launch(
    module: str,
    arguments: Sequence[int],
    *,
    descriptors: Sequence[int],
    folder: Path | None = None,
    scratch: Path | None = None,
    output: int | None = None,
) -> Process:
    """Start `python -m module arguments...` with a clean environment.

    Args:
        module: inside `sluice.workers.child`.
        arguments: for its command line; the server's process id is added as the last.
        descriptors: that it inherits under the same numbers.
        folder: working folder.
        scratch: home and temporary folder.
        output: descriptor for standard output and error; nowhere if None.
    """
    environment = dict(_ENVIRONMENT)
    if scratch:
        environment |= {"HOME": str(scratch), "TMPDIR": str(scratch)}
    return Process(
        subprocess.Popen(
            [
                sys.executable,
                "-I",
                "-B",
                "-u",
                "-m",
                f"sluice.workers.child.{module}",
                *map(str, arguments),
                str(os.getpid()),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if output is None else output,
            stderr=subprocess.DEVNULL if output is None else output,
            pass_fds=descriptors,
            cwd=folder,
            env=environment,
            start_new_session=True,  # Ctrl-C in the server's terminal is the server's to handle
        )
    )


def describe_end(status: int) -> str:
    """Return how a process ended, in words: `signal 11 (SIGSEGV)`, `exit status 3`."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return f"signal {-status} ({signal.Signals(-status).name})"
    except ValueError:
        return f"signal {-status}"
