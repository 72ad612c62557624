"""What the records say, in numbers for people."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sluice.prediction.history import HOUR_S, MINUTE_S
from sluice.prediction.latency import WHOLE, Counts, percentile_ms
from sluice.prediction.records import Records, Subject
from sluice.prediction.slot import Slot

Period = Literal["hour", "day", "week"]
_SPANS: dict[Period, tuple[int, int]] = {"hour": (60, 60), "day": (900, 96), "week": (3600, 168)}
"""The length of the spans that a period is told in, and their number."""


@dataclass(frozen=True)
class Latency:
    """How long half of the calls took at most, and all but one in a hundred; None where nothing was answered."""

    p50_ms: float | None
    p99_ms: float | None

    @classmethod
    def of(cls, counts: Counts) -> Latency:
        """Return what was counted."""
        return cls(percentile_ms(counts, 50), percentile_ms(counts, 99))


@dataclass(frozen=True)
class Summary:
    """What happened to the calls of a while.

    Attributes:
        calls: that ended.
        failures: of these.
        failed_steps: how many failed in each step.
        outcomes: how many failed in each way, see `outcome.py`.
        latency: of those that were answered.
        steps: the same of each step that they had.
    """

    calls: int
    failures: int
    failed_steps: dict[str, int]
    outcomes: dict[str, int]
    latency: Latency
    steps: dict[str, Latency]

    @classmethod
    def of(cls, slot: Slot) -> Summary:
        """Return what was counted."""
        steps: Counter[str] = Counter()
        outcomes: Counter[str] = Counter()
        for (outcome, step), times in slot.failed.items():
            outcomes[outcome] += times
            steps[step] += times
        latency = {name: Latency.of(counts) for name, counts in slot.latency.items()}
        whole = latency.pop(WHOLE, Latency(None, None))
        return cls(slot.calls, slot.failures, dict(steps), dict(outcomes), whole, latency)


@dataclass(frozen=True)
class Report:
    """A period of one pipeline or model.

    Attributes:
        step_s: the length of each span.
        points: each span with when it begins, in seconds since 1970: oldest first, also empty ones; the last one runs.
        totals: of all.
    """

    period: Period
    step_s: int
    points: list[tuple[int, Summary]]
    totals: Summary


async def report(records: Records, subject: Subject, period: Period) -> Report:
    """Return what happened to the calls of one pipeline or model."""
    records.fold()
    span_s, spans = _SPANS[period]
    begin = records.minute - records.minute % span_s - (spans - 1) * span_s
    slots = await records.slots(subject, span_s, begin)
    whole, points = Slot(), []
    for at in range(begin, begin + spans * span_s, span_s):
        slot = slots.get(at) or Slot()
        points.append((at, Summary.of(slot)))
        if slot:
            whole.add(slot)
            await asyncio.sleep(0)  # predictions go first
    return Report(period, span_s, points, Summary.of(whole))


@dataclass(frozen=True)
class LastHour:
    """The last hour of one pipeline or model.

    Attributes:
        last_at: when its last call ended, in seconds since 1970, whenever that was.
        last_failed_at: likewise, of calls that failed; None if none did.
        calls_per_minute: 60 numbers, oldest first; the last minute runs.
        failures_per_minute: likewise.
    """

    subject: Subject
    latency: Latency
    last_at: float
    last_failed_at: float | None
    calls_per_minute: list[int]
    failures_per_minute: list[int]


def last_hour(records: Records) -> Iterator[LastHour]:
    """Yield the last hour of everything that was ever called."""
    records.fold()
    minute = records.minute
    for subject, history in records.histories():
        calls, failures = [0] * (HOUR_S // MINUTE_S), [0] * (HOUR_S // MINUTE_S)
        for one in history.last_minutes(minute):
            place = (one.at - minute) // MINUTE_S - 1
            calls[place], failures[place] = one.calls, one.failures
        assert history.last_at is not None
        yield LastHour(
            subject,
            Latency.of(history.last_hour(minute)),
            history.last_at,
            history.last_failed_at,
            calls,
            failures,
        )
