"""How a step says that it failed."""

from __future__ import annotations

from sluice.workers.messages import Failure


class StepFailed(Exception):
    """Ends the call (or the loading); carries what the caller is told."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.message)
        self.failure = failure


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
