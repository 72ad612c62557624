"""The rows of the table: what is loaded how, beside which limit, and what is to be reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Metric = Literal["rate", "p99_ms", "memory_mib", "cold_s"]


@dataclass(frozen=True)
class Goal:
    """What is to be reached: at least a rate, or at most anything else.

    Attributes:
        of_limit: `value` is a share of the limit's rate in the same session.
        reachable: what can be reached where `value` can't, as docs/performance.md tells; `--strict` asks for that.
    """

    metric: Metric
    value: float
    of_limit: bool = False
    reachable: float | None = None

    @property
    def more_is_better(self) -> bool:
        """Whether it is a rate."""
        return self.metric == "rate"

    @property
    def asked(self) -> Goal:
        """What `--strict` asks for."""
        return self if self.reachable is None else replace(self, value=self.reachable)

    @property
    def nearly(self) -> Goal:
        """The goal a fifth short of it."""
        return replace(self, value=self.value * (0.8 if self.more_is_better else 1.2))


@dataclass(frozen=True)
class Limit:
    """What can't be beaten.

    Attributes:
        usual: its rate on the quiet machine of 2 cores where the goals were set. On a slower or busier one, what isn't
            a share of the limit can only be reached in proportion.
        kind: `bare` receives over HTTP and does nothing, `loop` does everything but HTTP, `token` is our own server
            called with an API token.
    """

    usual: float
    kind: Literal["bare", "loop", "token"] = "loop"
    processes: int = 2


@dataclass(frozen=True)
class Row:
    """One row that is measured under load.

    Attributes:
        policy: of our pipeline.
        threads: of one run of the model, for the others.
        basic: whether our server is called with HTTP Basic.
    """

    name: str
    workload: str
    connections: int
    limit: Limit
    goals: tuple[Goal, ...]
    policy: Mapping[str, Any] = field(default_factory=dict)
    threads: int = 1
    basic: bool = False

    @property
    def scene(self) -> tuple[object, ...]:
        """What must be the same for two rows to be measured on the same running servers."""
        return (
            self.workload,
            self.limit.kind,
            self.limit.processes,
            tuple(self.policy.items()),
            self.threads,
            self.basic,
        )


def _share(value: float, reachable: float | None = None) -> Goal:
    return Goal("rate", value, of_limit=True, reachable=reachable)


LOAD = (
    Row("tiny, 32 clients", "tiny", 32, Limit(13_700, "bare"), (_share(0.9, reachable=0.5), Goal("p99_ms", 8))),
    Row("tiny, 1 client", "tiny", 1, Limit(5_300, "bare"), (Goal("rate", 2_500),)),
    Row("tiny with HTTP Basic, 32 clients", "tiny", 32, Limit(13_700, "token"), (_share(0.9),), basic=True),
    Row("image, 8 clients", "image", 8, Limit(155), (_share(0.97), Goal("p99_ms", 65))),
    Row("image, 32 clients", "image", 32, Limit(155), (_share(0.97), Goal("p99_ms", 240))),
    Row("image, 1 client", "image", 1, Limit(83, processes=1), (_share(0.95),)),
    Row(
        "image, 1 client, 2 threads",
        "image",
        1,
        Limit(100, processes=1),
        (_share(0.9),),
        policy={"workers": 1, "intraOpThreads": 2},
        threads=2,
    ),
    Row("heavy, 32 clients", "heavy", 32, Limit(102), (_share(0.98), Goal("p99_ms", 320))),
    Row("10 MB, 8 clients", "10MB", 8, Limit(317, "bare"), (Goal("rate", 120),)),
    Row("100 MB, 1 client", "100MB", 1, Limit(30, "bare"), (Goal("rate", 12),)),
    Row("tensor of 1 MB, 8 clients, binary", "1MB-binary", 8, Limit(1_570, "bare"), (Goal("rate", 500),)),
    Row("tensor of 1 MB, 8 clients, JSON", "1MB-json", 8, Limit(515, "bare"), ()),
    Row("tensor of 10 MB, 2 clients, binary", "10MB-binary", 2, Limit(154, "bare"), (Goal("rate", 30),)),
    Row("tensor of 10 MB, 2 clients, JSON", "10MB-json", 2, Limit(46, "bare"), ()),
)

MEMORY = "memory after load"
EXTRA_WORKER = "memory of one more worker"
LARGE_MB = 200
LARGE_WORKER = f"one more worker of a {LARGE_MB} MB model"
COLD_START = "cold start to first answer"

OTHERS: dict[str, tuple[Goal, ...]] = {
    MEMORY: (Goal("memory_mib", 200),),
    EXTRA_WORKER: (Goal("memory_mib", 20),),
    LARGE_WORKER: (Goal("memory_mib", 5),),
    COLD_START: (Goal("cold_s", 0.8),),
}
