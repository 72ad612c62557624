"""The calls of one pipeline or model, as far as they are in memory."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sluice.prediction import latency
from sluice.prediction.latency import WHOLE, Counts
from sluice.prediction.slot import SPANS_S, Slot
from sluice.storage.failures import Failure
from sluice.storage.statistics import Span

MINUTE_S, HOUR_S = 60, 3600
MOST_FAILURES = 20
MOST_REFUSALS = 5

Key = tuple[int, int]
"""Length and beginning of a span."""


@dataclass(frozen=True)
class Minute:
    """A minute that is over, with all that the overview needs of it."""

    at: int
    calls: int
    failures: int
    whole: tuple[tuple[int, int], ...]


@dataclass
class Untold:
    """What was counted since it was taken last.

    Attributes:
        calls: that ended.
        input_bytes: of those that ran, or waited to.
        output_bytes: of their answers.
    """

    calls: Slot = field(default_factory=Slot)
    input_bytes: int = 0
    output_bytes: int = 0


class History:
    """What happened to the calls of one pipeline or model.

    Calls are counted in `now`, without asking for the time; `fold` moves them to the spans that they belong to.

    Attributes:
        now: what wasn't folded yet.
        untold: what was counted since `take`, but for the calls in `now`.
        used_at: when the last call ended, by `time.perf_counter`; 0.0 if none did since the last fold.
        failed_at: likewise, of calls that failed.
        last_at: when the last call ended, in seconds since 1970; None if none ever did.
        last_failed_at: likewise, of calls that failed.
        spans: those that aren't over, or aren't stored.
        unstored: keys of those that changed since they were stored.
        failures: that aren't stored, oldest first.
    """

    def __init__(self, subject_id: str) -> None:
        self.subject_id = subject_id
        self.now = Slot()
        self.untold = Untold()
        self.used_at = self.failed_at = 0.0
        self.last_at: float | None = None
        self.last_failed_at: float | None = None
        self.spans: dict[Key, Slot] = {}
        self.unstored: set[Key] = set()
        self.failures: list[Failure] = []
        self._minutes: deque[Minute] = deque()
        self._hour: Counts = latency.histograms()[WHOLE]

    def fold(self, minute: int, clock: float) -> None:
        """Move what was counted to the spans of a minute.

        Args:
            minute: its beginning, in seconds since 1970.
            clock: what time it is, likewise.
        """
        now = self.now
        if not now:
            return
        self.now = Slot()
        self.untold.calls.add(now)
        for span_s in SPANS_S:
            key = (span_s, minute - minute % span_s)
            self.spans.setdefault(key, Slot()).add(now)
            self.unstored.add(key)
        ago = clock - time.perf_counter()
        self.last_at = self.used_at + ago
        if self.failed_at:
            self.last_failed_at = self.failed_at + ago
            self.failed_at = 0.0

    def take(self) -> Untold:
        """Return what was counted since the last time; what wasn't folded yet comes the next time."""
        untold, self.untold = self.untold, Untold()
        return untold

    def take_up(self, span: Span) -> None:
        """Take up a stored span that may not be over, or a minute of the last hour."""
        self.spans[span.span_s, span.at] = Slot.from_text(span.counts)

    def end_minutes(self, minute: int) -> None:
        """Take notice that this minute has begun; the earlier ones go to the overview, but for an hour's."""
        while self._minutes and self._minutes[-1].at >= minute:  # the clock was put back
            self._drop(self._minutes.pop())
        for span_s, at in sorted(self.spans):
            if span_s == MINUTE_S and at < minute and not (self._minutes and at <= self._minutes[-1].at):
                slot = self.spans[span_s, at]
                whole: Mapping[int, int] = slot.latency.get(WHOLE, {})
                self._minutes.append(Minute(at, slot.calls, slot.failures, tuple(whole.items())))
                latency.add(self._hour, whole)
        while self._minutes and self._minutes[0].at <= minute - HOUR_S:
            self._drop(self._minutes.popleft())

    def _drop(self, minute: Minute) -> None:
        for bucket, times in minute.whole:
            self._hour[bucket] -= times
            if not self._hour[bucket]:
                del self._hour[bucket]

    def last_minutes(self, minute: int) -> Iterator[Minute]:
        """Yield the minutes of the last hour in which calls ended, with the one that runs."""
        yield from self._minutes
        if slot := self.spans.get((MINUTE_S, minute)):
            yield Minute(minute, slot.calls, slot.failures, ())

    def last_hour(self, minute: int) -> Counts:
        """Return how long the calls of the last hour took, those of the minute that runs included."""
        counts = self._hour.copy()
        if slot := self.spans.get((MINUTE_S, minute)):
            latency.add(counts, slot.latency.get(WHOLE, {}))
        return counts

    def let_go(self, minute: int) -> None:
        """Drop the spans that are over, once they are stored."""
        for span_s, at in list(self.spans):
            if at + span_s <= minute and (span_s, at) not in self.unstored:
                del self.spans[span_s, at]

    def give_up(self, before: Mapping[int, int]) -> None:
        """Drop the spans that couldn't be stored for so long that nobody asks for them, by their length."""
        self.spans = {key: slot for key, slot in self.spans.items() if key[1] >= before[key[0]]}
        self.unstored &= self.spans.keys()

    def drop_inputs(self, most_bytes: int) -> None:
        """Drop the oldest inputs that couldn't be stored, beyond so many bytes of them."""
        held, kept = 0, []
        for failure in reversed(self.failures):
            held += len(failure.content or b"")
            kept.append(failure if held <= most_bytes else replace(failure, content=None))
        self.failures = kept[::-1]

    def note(self, failure: Failure) -> None:
        """Remember a failure; of many the last."""
        self.failures = list(newest([*self.failures, failure]))[::-1]


def newest(failures: list[Failure]) -> Iterator[Failure]:
    """Yield the failures that are kept of these, newest first: refusals are many at a time, and mustn't hide others."""
    refusals = kept = 0
    for failure in sorted(failures, key=lambda one: one.at, reverse=True):
        refusals += failure.refusal
        if not failure.refusal or refusals <= MOST_REFUSALS:
            kept += 1
            if kept > MOST_FAILURES:
                return
            yield failure
