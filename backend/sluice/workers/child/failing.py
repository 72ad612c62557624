"""How a step says that it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sluice.workers.messages import Failure

if TYPE_CHECKING:  # which itself needs what fails by these
    from sluice.workers.child.call_trace import CallTrace


class StepFailed(Exception):
    """Ends the call (or the loading); carries what the caller is told.

    Attributes:
        failure: what went wrong.
        frames: of the script, as a trace has them.
        returned: in a tuple, what the step had returned by then, if that is what doesn't fit.
        trace: of the call; set as it passes `Steps.run`.
    """

    def __init__(
        self, failure: Failure, frames: list[dict[str, Any]] | None = None, returned: tuple[Any] | None = None
    ) -> None:
        super().__init__(failure.message)
        self.failure = failure
        self.frames = frames or []
        self.returned = returned
        self.trace: CallTrace | None = None


class Unfit(Exception):
    """A value isn't what the model takes. Who gave it, and so which step failed, the caller knows.

    Attributes:
        kind: stable word, e.g. `wrong-dtype`.
        message: a whole sentence with the repair in it.
        input: the model input it is about, if it is about one.
    """

    def __init__(self, kind: str, message: str, input: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.input = input
