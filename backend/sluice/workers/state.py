"""What a pool tells of itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Note:
    """Something that people should know of, though all goes on: one sentence, and when it was."""

    at: datetime
    text: str


EndCause = Literal[
    "crashed",
    "deadline",
    "client-left",
    "memory-limit",
    "threads-limit",
    "scratch-limit",
    "restless",
    "broken-protocol",
    "replaced",
    "idle",
    "closed",
]
"""Why a worker ended that had loaded.

- `crashed`: by itself, or the kernel ended it.
- `deadline`, `client-left`: a call was to be ended.
- `memory-limit`, `threads-limit`, `scratch-limit`: it took more than its policy permits.
- `restless`: it went on computing after its answer.
- `broken-protocol`: what it sent made no sense.
- `replaced`: another one took its place, because it had grown, was old or slow.
- `idle`: no calls came.
- `closed`: the pipeline was changed, deactivated or deleted, or all its workers were idle.
"""


@dataclass
class Tally:
    """What happened to the workers of one pipeline or model.

    Attributes:
        starts: that went well (`ok`) or not (`failed`).
        ends: of those that had loaded, by cause.
    """

    starts: Counter[str] = field(default_factory=Counter)
    ends: Counter[EndCause] = field(default_factory=Counter)


@dataclass(frozen=True)
class Occupancy:
    """What a pool has to do at a moment, and who does it.

    Attributes:
        waiting: calls without a worker.
        waiting_bytes: of their bodies, those that arrive included.
        oldest_s: how long the first of them has waited; 0 without any.
        running: calls that workers have.
        busy: workers that have calls.
        ready: workers that have none.
        leaving: workers that get no further calls.
        starting: workers that load.
        processes: of each worker the id, and that of the process whose memory it shares, as far as they are known.
    """

    waiting: int
    waiting_bytes: int
    oldest_s: float
    running: int
    busy: int
    ready: int
    leaving: int
    starting: int
    processes: tuple[tuple[int, int | None], ...]


State = Literal["ready", "starting", "idle", "broken", "inactive"]


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

    state: State
    reason: str | None = None
    step: str | None = None
    notes: tuple[Note, ...] = ()
