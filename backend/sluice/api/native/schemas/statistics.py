"""Statistics and failures."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from sluice.api.native.schemas.base import Body
from sluice.prediction.reports import Period


class LatencyBody(Body):
    """How long half of the calls took at most, and 99 %."""

    p50_ms: float | None
    p99_ms: float | None


class SummaryBody(LatencyBody):
    """What happened to the calls of a while."""

    calls: int
    failures: int
    failed_steps: dict[str, int]
    outcomes: dict[str, int]
    steps: dict[str, LatencyBody]


class PointBody(SummaryBody):
    """The same of one of many spans of time."""

    at: datetime


class StatisticsBody(Body):
    """A period of one pipeline or model."""

    period: Period
    step_s: int
    points: list[PointBody]
    totals: SummaryBody


class LastHourBody(LatencyBody):
    """The last hour of one pipeline or model."""

    kind: Literal["pipeline", "model"]
    name: str
    calls: int
    failures: int
    last_at: datetime
    last_failed_at: datetime | None
    calls_per_minute: list[int]
    failures_per_minute: list[int]


class StatisticsList(Body):
    """The last hour of all that was ever called."""

    items: list[LastHourBody]
    ends_at: datetime


class InputBody(Body):
    """The input of a call that failed."""

    size_bytes: int | None
    kept: bool


class FailureBody(Body):
    """A call that failed."""

    id: str
    at: datetime
    revision: int
    request_id: str | None
    duration_ms: float
    problem: dict[str, Any]
    input: InputBody


class FailureList(Body):
    """The last failures of one pipeline or model, newest first."""

    items: list[FailureBody]
    next_cursor: str | None = None
