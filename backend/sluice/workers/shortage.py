"""Why no process can be started, in words that say what mends it."""

from __future__ import annotations

import errno
import os

from sluice.workers.messages import Failure

NO_PROCESS = "no-process"
_NO_THREAD = "can't start new thread"  # as Python words it, for it doesn't say why

_MENDING = {
    errno.EAGAIN: "as many processes and threads run as may; raise that limit (the container's or service's, or "
    "`ulimit -u`), or have fewer (SLUICE_WORKERS, SLUICE_THREADS)",
    errno.EMFILE: "a process has as many files open as it may; raise that limit (`ulimit -n`)",
    errno.ENFILE: "the machine has as many files open as it may; raise that limit (`fs.file-max`)",
    errno.ENOMEM: "there isn't enough memory; give the machine or container more, or have fewer processes "
    "(SLUICE_WORKERS)",
    errno.ENOSPC: "no room is left on the disk of the data folder (SLUICE_DATA_DIR); free some",
    errno.EDQUOT: "the data folder (SLUICE_DATA_DIR) may take no more of its disk; free some, or raise that quota",
    errno.EROFS: "the data folder (SLUICE_DATA_DIR) can only be read; mount its disk for writing",
}


def no_process(why: str) -> Failure:
    """Return the failure to start a process, for which no pipeline is to blame."""
    return Failure("input", NO_PROCESS, f"No worker process can be started: {why}.")


def refused(number: int) -> Failure:
    """Return the same of what the kernel refused with an error number."""
    return no_process(_MENDING.get(number) or os.strerror(number))


def failure_of(error: Exception) -> Failure | None:
    """Return the failure to start a process that an error means; None if it means something else."""
    if isinstance(error, OSError) and error.errno:
        return refused(error.errno)
    if isinstance(error, RuntimeError) and str(error) == _NO_THREAD:
        return refused(errno.EAGAIN)
    return None
