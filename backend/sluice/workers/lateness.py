"""What a call is told that missed its deadline: what set that, what went on meanwhile, and how to mend it."""

from __future__ import annotations

from sluice.errors import DeadlineExceeded
from sluice.workers.call import Call
from sluice.workers.crew import Crew
from sluice.workers.tracing import trace_of
from sluice.workers.worker import Worker

_MEND = "Allow more, let scripts do less at their top level, or pin the pipeline: its workers load before it is called."


class Lateness:
    """Says it, for the calls of one pool.

    Args:
        own_s: deadline of the pipeline itself, if it has one.
        usual_s: of those that have none.
    """

    def __init__(self, own_s: float | None, usual_s: float) -> None:
        self._own_s = own_s
        self._usual_s = usual_s

    def running(self, call: Call, worker: Worker) -> DeadlineExceeded:
        """Return the error of a call that a worker has begun."""
        message = f"The call didn't end within {self._deadline_of(call)}; it was in {worker.place}."
        return DeadlineExceeded(message, **worker.seen(call))

    def waiting(self, call: Call, crew: Crew | None = None) -> DeadlineExceeded:
        """Return the error of a call that no worker has begun; without `crew` one has it, and runs it later."""
        why = "other calls were before it."
        if crew and crew.starting and not crew.strength:
            why = f"no worker was ready: one was still loading{crew.loading and f', in {crew.loading}'}. {_MEND}"
        message = f"The call waited for the whole of {self._deadline_of(call)}; {why}"
        error = DeadlineExceeded(message, step="queue", trace=trace_of(call.queued_at, 0.0))
        if not crew:
            error.retry = "ran"
        return error

    def _deadline_of(self, call: Call) -> str:
        if call.within_s < (self._own_s or self._usual_s):
            by = "its header Sluice-Deadline"
        elif self._own_s:
            by = "`deadlineS` of the pipeline"
        else:
            by = "SLUICE_DEADLINE_S, unless `deadlineS` of the pipeline says"
        return f"its deadline of {call.within_s:g} s ({by})"
