"""Looking after the workers of one pool: too slow, too large, too old, too many."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sluice.workers.call import Call
from sluice.workers.crew import Crew, Plan
from sluice.workers.vitals import MIB, Patient, Vitals, excess_of
from sluice.workers.worker import Worker

log = logging.getLogger(__name__)

# A pipeline whose calls take less on average has calls waiting in its workers, behind the one that runs.
MODERATE_MS = 50.0
_HANGS_S = 0.5
# Memory that calls needed is kept for the next ones, which makes large ones several times as fast, for a while.
TIDY_AFTER_S = 10.0
_WEIGH_S = 5.0
# A worker without a call has nothing to compute; threads that its scripts left behind take that from others.
_REST_S = 2.0
_RESTLESS = 0.1  # of one core; on a busy machine even an endless loop gets little
_MOST_TOLD = 500  # characters of what a worker says, which a script may have made up


@dataclass(eq=False)
class _Known:
    """What is known of one worker from earlier looks.

    Attributes:
        running: the call that ran at the last one.
        seen_at: event loop time when that was first seen.
        harmless: the call that ran when it was last measured, and found to be within its limits.
        shared_bytes: of its memory that was there before any script ran.
        least_bytes: of its memory since its first answer; a call takes and gives, only what isn't given back stays.
        measured_at: `used_at` of the worker when it was last measured.
        rests_since: when it was first measured after its last answer.
        rests_after: `used_at` of the worker then.
        rest_cpu_s: what it had computed by then.
        rested: whether it was looked at again since.
        tidied_at: when it was last told to give memory back.
        tidied_after: so many answers.
    """

    running: Call | None = None
    seen_at: float = 0.0
    harmless: Call | None = None
    shared_bytes: int | None = None
    least_bytes: int | None = None
    measured_at: float = 0.0
    rests_since: float = 0.0
    rests_after: float = 0.0
    rest_cpu_s: float = 0.0
    rested: bool = False
    tidied_at: float = float("-inf")
    tidied_after: int = 0


class Tending:
    """Keeps the workers of one pool in order.

    Where calls are short, one that isn't may hang. If others are behind it, they go to other workers, and its own gets
    no more and is ended when it has answered. No more leave so than the pool may have workers: where many hang,
    each would cost a process until its deadline.

    Args:
        plan: how the workers are started and kept.
        note: told what people should know of.
        mean_run_ms: how long calls of the pipeline take.
        put_back: takes the calls that waited behind one that hangs.
    """

    def __init__(
        self,
        plan: Plan,
        note: Callable[[str], None],
        mean_run_ms: Callable[[], float],
        put_back: Callable[[list[Call]], None],
    ) -> None:
        self._plan = plan
        self._note = note
        self._mean_run_ms = mean_run_ms
        self._put_back = put_back
        self._known: dict[Worker, _Known] = {}

    def look(self, crew: Crew, now: float, everybody: bool) -> list[tuple[Worker, Patient]]:
        """Do what needs no measuring; return who is to be measured.

        Args:
            crew: has the workers.
            now: event loop time.
            everybody: also those that had no call since they were measured last.
        """
        patients = []
        for gone in self._known.keys() - set(crew.workers):
            del self._known[gone]
        for worker in list(crew.workers):
            known = self._known.setdefault(worker, _Known())
            if worker.tidied_bytes is not None:
                self._weigh_up(crew, worker, known, worker.tidied_bytes)
            rests = not known.rested and now - known.rests_since >= _REST_S
            if everybody or worker.calls or worker.used_at != known.measured_at or rests:
                known.measured_at = worker.used_at
                patients += self._patient(worker, known)
            if worker.calls:
                self._notice_hanging(crew, worker, known, now)
                continue
            known.running = None
            idle_s = now - worker.used_at
            if self._plan.idle_s and idle_s >= self._plan.idle_s and worker.open and crew.strength > 1:
                crew.dismiss(worker)
            elif idle_s >= TIDY_AFTER_S and known.tidied_after != worker.answered:
                self._tidy(worker, known, now)
        return patients

    def judge(self, worker: Worker, vitals: Vitals, zygote: Vitals | None, now: float) -> None:
        """Act on what was measured of a worker, and of the zygote whose memory it shares."""
        known = self._known.get(worker)
        if known is None or worker.ended:
            return
        if known.shared_bytes is None:
            known.shared_bytes = (zygote or vitals).memory_bytes
        excess = excess_of(vitals, known.shared_bytes, self._plan.scripts)
        if excess:
            log.warning("a worker of %s is ended: %s", self._plan.label, excess.told)
            self._note(f"A worker was ended: {excess.told}.")
            # What earlier calls left behind isn't the running one's fault; in a new worker it is.
            worker.spares = bool(worker.answered and worker.calls and worker.calls[0] is not known.harmless)
            worker.kill_soon(excess.told, excess.kind, kind=excess.kind)
            return
        known.harmless = known.running
        if not worker.calls:
            self._notice_restless(worker, known, now)
        if worker.answered:
            known.least_bytes = min(known.least_bytes or vitals.memory_bytes, vitals.memory_bytes)
            grown = vitals.memory_bytes - known.least_bytes
            if self._plan.growth_bytes and grown > self._plan.growth_bytes and now - known.tidied_at >= TIDY_AFTER_S:
                self._tidy(worker, known, now)

    def answered(self, crew: Crew, worker: Worker) -> None:
        """Take notice of an answer of a worker that may be old."""
        if self._plan.recycle_calls and worker.answered >= self._plan.recycle_calls:
            crew.replace(worker)

    def _patient(self, worker: Worker, known: _Known) -> list[tuple[Worker, Patient]]:
        if worker.pid is None or worker.ended:
            return []
        # A worker with a session of its own has loaded the model itself.
        zygote_pid = worker.zygote_pid if known.shared_bytes is None and self._plan.model.preload else None
        return [(worker, Patient(worker.pid, zygote_pid, worker.scratch, self._plan.scripts))]

    def _notice_hanging(self, crew: Crew, worker: Worker, known: _Known, now: float) -> None:
        if worker.calls[0] is not known.running:
            known.running, known.seen_at = worker.calls[0], now
            return
        hangs = now - known.seen_at >= _HANGS_S and self._mean_run_ms() < MODERATE_MS
        leaving = len(crew.workers) - crew.strength
        if hangs and len(worker.calls) > 1 and worker.open and self._plan.most > 1 and leaving < self._plan.most:
            crew.let_go(worker)
            self._put_back(worker.take_back())

    def _notice_restless(self, worker: Worker, known: _Known, now: float) -> None:
        rests_s, cpu_s = now - known.rests_since, worker.cpu_s()
        if known.rests_after != worker.used_at:
            known.rests_after, known.rested = worker.used_at, False
        elif rests_s < _REST_S:
            return
        else:
            known.rested = True
            if (cpu_s - known.rest_cpu_s) / rests_s > _RESTLESS:
                told = "it went on computing after its last answer: end the threads that the scripts start"
                log.warning("a worker of %s is ended: %s", self._plan.label, told)
                self._note(f"A worker was ended: {told}.")
                worker.kill_soon(told, "restless")
        known.rests_since, known.rest_cpu_s = now, cpu_s

    def _tidy(self, worker: Worker, known: _Known, now: float) -> None:
        known.tidied_at, known.tidied_after = now, worker.answered
        worker.tidy()

    def _weigh_up(self, crew: Crew, worker: Worker, known: _Known, held_bytes: int) -> None:
        """Replace a worker that has grown, now that it has given back what it could."""
        worker.tidied_bytes = None
        if not self._plan.growth_bytes or known.least_bytes is None:
            return
        known.least_bytes = min(known.least_bytes, held_bytes)
        grown = held_bytes - known.least_bytes
        if grown <= self._plan.growth_bytes:
            return

        async def tell(worker: Worker) -> None:
            held = await worker.weigh(_WEIGH_S)
            text = f"A worker was replaced: in {worker.answered} calls it had grown by {grown // MIB} MB"
            text += f"; {held[:_MOST_TOLD].rstrip('.')}." if held else "; no script's globals hold much of it."
            log.warning("%s: %s", self._plan.label, text)
            self._note(text)

        crew.replace(worker, tell)
