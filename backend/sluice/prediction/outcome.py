"""Which errors count as failures of a pipeline or model, and under which word."""

from __future__ import annotations

from typing import Literal, get_args

from sluice.errors import (
    DeadlineExceeded,
    NotAvailable,
    PipelineBroken,
    PredictionFailed,
    RateExceeded,
    SluiceError,
    WorkerDied,
)

Outcome = Literal["unfit", "failed", "crashed", "deadline", "broken", "refused"]
"""
- `unfit`: the input doesn't fit.
- `failed`: a script or the model raised, or gave what doesn't fit.
- `crashed`: the process that ran it ended.
- `deadline`: it took too long, waiting included.
- `broken`: no worker of it starts, or they end time and again.
- `refused`: too much waits already, or the server is stopping.
"""

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

REFUSALS = frozenset({"broken", "refused"})
"""Those of calls that never ran."""


def outcome_of(error: SluiceError) -> Outcome | None:
    """Return what a call's error counts as; None where the caller alone is to blame."""
    match error:
        case PredictionFailed():
            return "unfit" if error.details.get("step") == "input" else "failed"
        case WorkerDied():
            return "crashed"
        case DeadlineExceeded():
            return "deadline"
        case PipelineBroken():
            return "broken"
        case RateExceeded():
            return None
        case NotAvailable():
            return "refused"
    return None


def step_of(error: SluiceError) -> str:
    """Return the step in which a call failed; what names none never got beyond the queue."""
    return str(error.details.get("step", "queue"))
