"""What a pool tells of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Note:
    """Something that people should know of, though all goes on: one sentence, and when it was."""

    at: datetime
    text: str


@dataclass(frozen=True)
class PoolState:
    """How a pool is doing.

    Attributes:
        state: `idle` has no process now and starts one on demand. `inactive` is said in the place of a pool: there
            is none, and none is opened.
        reason: why it is broken.
        step: the one to blame.
        notes: what happened lately, newest first.
    """

    state: Literal["ready", "starting", "idle", "broken", "inactive"]
    reason: str | None = None
    step: str | None = None
    notes: tuple[Note, ...] = ()
