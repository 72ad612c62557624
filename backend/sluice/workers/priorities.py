"""Who computes long stands back, so that the short calls of others go first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from weakref import WeakKeyDictionary

from sluice.workers.call import Call
from sluice.workers.crew import Crew
from sluice.workers.worker import Worker

SLOW_MS = 250.0
# By the CPU time of one call. Waiting for the CPU doesn't count: who is starved mustn't be put back further.
_NICE_AFTER_MS = ((1000.0, 19), (SLOW_MS, 10))
# Where it can be taken back, a call stands back a little much earlier.
_EARLY_NICE_AFTER_MS = (*_NICE_AFTER_MS, (100.0, 7), (30.0, 4))
# Whose workers end while they run a call has the next ones behind others from the start, for so long.
_PROBATION_S = 10.0
_PROBATION_NICE = 15
_CAP_SYS_NICE = 23


class Priorities:
    """Sets the priorities of the workers of one pool.

    A worker whose call takes much of the CPU gets a lower priority, so that loops can't starve others. Where the kernel
    lets nobody raise it again, that begins at `SLOW_MS`, and the worker is replaced after the call, unless the
    pipeline's calls take as long on average: they would cost a fork each, and it is them that shall stand back.

    Args:
        mean_run_ms: how long calls of the pipeline take.
    """

    def __init__(self, mean_run_ms: Callable[[], float]) -> None:
        self._mean_run_ms = mean_run_ms
        self._returns = _may_raise()
        self._levels = _EARLY_NICE_AFTER_MS if self._returns else _NICE_AFTER_MS
        self._since: WeakKeyDictionary[Worker, tuple[Call | None, float]] = WeakKeyDictionary()
        self._probation_ends_at = 0.0
        self._loop = asyncio.get_running_loop()

    @property
    def usual(self) -> int:
        """The priority of a worker that has computed little."""
        return _PROBATION_NICE if self._returns and self._loop.time() < self._probation_ends_at else 0

    def glance(self, crew: Crew) -> None:
        """Have those stand back whose calls have taken long by now; call it many times a second."""
        for worker in crew.workers:
            call, cpu_s = worker.calls[0] if worker.calls else None, worker.cpu_s()
            known = self._since.get(worker)
            if known is None or known[0] is not call:
                known = self._since[worker] = call, cpu_s
            taken_ms = (cpu_s - known[1]) * 1e3
            nice = next((nice for ms, nice in self._levels if taken_ms >= ms), 0)
            if nice > worker.nice:
                worker.be_nice(nice)
            elif call is None and worker.nice > max(nice, self.usual):
                self._restore(crew, worker)

    def note_loss(self) -> None:
        """Say that a worker ended while it ran a call."""
        self._probation_ends_at = self._loop.time() + _PROBATION_S

    def began(self, worker: Worker) -> None:
        """Take notice of a new worker."""
        if self.usual:
            worker.be_nice(self.usual)

    def answered(self, crew: Crew, worker: Worker) -> None:
        """Take notice of an answer of a worker that stands back."""
        if worker.nice > self.usual:
            self._restore(crew, worker)

    def _restore(self, crew: Crew, worker: Worker) -> None:
        if not worker.be_nice(self.usual) and self._mean_run_ms() < SLOW_MS:
            crew.replace(worker)


def _may_raise() -> bool:
    """Return whether the kernel lets this process raise priorities; root in a container often may not."""
    status = Path("/proc/self/status").read_text()
    capabilities = next(line for line in status.splitlines() if line.startswith("CapEff:"))
    return bool(int(capabilities.split()[1], 16) >> _CAP_SYS_NICE & 1)
