"""One call of a pipeline on its way, from the queue through a worker to whoever waits for the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from sluice.errors import PredictionFailed
from sluice.workers import tracing
from sluice.workers.body import Body
from sluice.workers.frames import FrameBody
from sluice.workers.messages import Answer, Failed, Traced


class Reply(Protocol):
    """Where a call's outcome goes, once; a future can be one."""

    def done(self) -> bool:
        """Tell whether there is an outcome already, or nobody waits any more."""

    def set_result(self, prediction: Prediction, /) -> None:
        """Take the answer."""

    def set_exception(self, error: BaseException, /) -> None:
        """Take what went wrong."""


@dataclass(eq=False, slots=True)
class Call:
    """One prediction on its way.

    Attributes:
        answer: gets the prediction, or what went wrong.
        deadline_at: event loop time, over queue and run.
        within_s: how long it may take.
        queued_at: when it came, by `time.perf_counter`.
        sent_at: when it went to a worker, 0.0 before.
        attempts: how many workers it went to.
        trace: whether the caller wants to see what each step is given and returns.
    """

    body: Body
    answer: Reply
    deadline_at: float
    within_s: float
    queued_at: float
    sent_at: float = 0.0
    attempts: int = 0
    trace: bool = False

    def finish(self, message: Answer | Traced | Failed, body: FrameBody) -> None:
        """Set what a worker said, unless nobody waits for it any more."""
        if self.answer.done():
            return
        if isinstance(message, Failed):
            error = PredictionFailed(message.failure.to_json())
            error.details["trace"] = self._trace(message.timings_ms, message.trace or {})
            self.answer.set_exception(error)
        else:
            timings_ms = {"queue": (self.sent_at - self.queued_at) * 1e3, **message.timings_ms}
            trace = self._trace(message.timings_ms, message.trace) if isinstance(message, Traced) else None
            self.answer.set_result(Prediction(body, timings_ms, trace))

    def _trace(self, timings_ms: dict[str, float], told: dict[str, Any]) -> dict[str, Any]:
        return tracing.answered(self.queued_at, self.sent_at, timings_ms, told)

    def fail(self, error: Exception) -> None:
        """Set what went wrong, unless it is over already."""
        if not self.answer.done():
            self.answer.set_exception(error)


class Prediction(NamedTuple):
    """An answer.

    Attributes:
        body: finished JSON.
        timings_ms: by step, `queue` first.
        trace: what the caller asked to see, JSON-able; None if they didn't.
    """

    body: FrameBody
    timings_ms: dict[str, float]
    trace: dict[str, Any] | None = None
