"""One call of a pipeline on its way, from the queue through a worker to whoever waits for the answer."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from sluice.errors import PredictionFailed, SluiceError
from sluice.workers import tracing
from sluice.workers.body import Body
from sluice.workers.frames import FrameBody
from sluice.workers.messages import Answer, Failed, Inference, Traced


class Reply(Protocol):
    """Where a call's outcome goes, once; a future can be one."""

    def done(self) -> bool:
        """Tell whether there is an outcome already, or nobody waits any more."""

    def set_result(self, prediction: Prediction, /) -> None:
        """Take the answer."""

    def set_exception(self, error: BaseException, /) -> None:
        """Take what went wrong."""


class Witness(Protocol):
    """Who takes notice of how calls end; it must be quick and never raise."""

    def answered(self, call: Call, ended_at: float, timings_ms: dict[str, float], size_bytes: int, /) -> None:
        """Take notice of an answer.

        Args:
            call: that has it.
            ended_at: when it came, by `time.perf_counter`.
            timings_ms: of each step, `queue` first.
            size_bytes: of it.
        """

    def failed(self, call: Call, error: SluiceError, /) -> None:
        """Take notice of what went wrong; the call's body is still there."""


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
        witness: told the outcome, unless the caller left before.
        request: id of the request that it came with.
        inference: what is to know of a body that isn't in our own form.
        caller: whose it is; callers take turns.
    """

    body: Body
    answer: Reply
    deadline_at: float
    within_s: float
    queued_at: float
    sent_at: float = 0.0
    attempts: int = 0
    trace: bool = False
    witness: Witness | None = None
    request: str = ""
    inference: Inference | None = None
    caller: str = ""

    def finish(self, message: Answer | Traced | Failed, body: FrameBody) -> None:
        """Set what a worker said, unless nobody waits for it any more."""
        if self.answer.done():
            return
        if isinstance(message, Failed):
            error = PredictionFailed(message.failure.to_json())
            error.details["trace"] = self._trace(message.timings_ms, message.trace or {})
            self._fail(error)
        else:
            ended_at = time.perf_counter()
            timings_ms = {"queue": (self.sent_at - self.queued_at) * 1e3, **message.timings_ms}
            if isinstance(message, Traced):
                prediction = Prediction(body, timings_ms, self._trace(message.timings_ms, message.trace))
            else:
                prediction = Prediction(body, timings_ms, None, message.head_bytes, message.compressed)
            self.answer.set_result(prediction)
            if self.witness is not None:
                self.witness.answered(self, ended_at, timings_ms, len(body))

    def _trace(self, timings_ms: dict[str, float], told: dict[str, Any]) -> dict[str, Any]:
        return tracing.answered(self.queued_at, self.sent_at, timings_ms, told)

    def fail(self, error: SluiceError) -> None:
        """Set what went wrong, unless it is over already."""
        if not self.answer.done():
            self._fail(error)

    def _fail(self, error: SluiceError) -> None:
        if self.witness is not None:
            self.witness.failed(self, error)  # first: whoever gets the error closes the body
        self.answer.set_exception(error)


class Prediction(NamedTuple):
    """An answer.

    Attributes:
        body: finished JSON, or what else the call's form is.
        timings_ms: by step, `queue` first.
        trace: what the caller asked to see, JSON-able; None if they didn't.
        head_bytes: how much of the body is JSON, if binary tensors follow; else 0.
        compressed: whether it is, as the call allowed.
    """

    body: FrameBody
    timings_ms: dict[str, float]
    trace: dict[str, Any] | None = None
    head_bytes: int = 0
    compressed: bool = False
