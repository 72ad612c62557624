"""What happened to the calls of one pipeline or model in a span of time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping

from sluice.prediction import latency
from sluice.prediction.latency import WHOLE, Histograms

SPANS_S = (60, 900, 3600)
"""The lengths of the spans that are kept: a minute, a quarter of an hour, an hour; each begins at a multiple of it."""


class Slot:
    """Counts of calls.

    Attributes:
        latency: of the calls that were answered.
        failed: how many of the others had each outcome (see `outcome.py`) in each step.
    """

    __slots__ = ("failed", "latency")

    def __init__(self) -> None:
        self.latency: Histograms = latency.histograms()
        self.failed: Counter[tuple[str, str]] = Counter()

    def __bool__(self) -> bool:
        return bool(self.latency or self.failed)

    @property
    def failures(self) -> int:
        """How many calls failed."""
        return self.failed.total()

    @property
    def calls(self) -> int:
        """How many calls ended, well or not."""
        return latency.total(self.latency.get(WHOLE, {})) + self.failures

    def add(self, other: Slot) -> None:
        """Add the calls of another span."""
        for name, counts in other.latency.items():
            latency.add(self.latency[name], counts)
        self.failed.update(other.failed)

    def to_text(self) -> str:
        """Return it as `from_text` reads it."""
        told = {
            "failed": [[*key, times] for key, times in self.failed.items()],
            "latency": {name: _flat(counts) for name, counts in self.latency.items()},
        }
        return json.dumps(told, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str) -> Slot:
        """Return what `to_text` wrote."""
        told = json.loads(text)
        slot = cls()
        for outcome, step, times in told["failed"]:
            slot.failed[outcome, step] = times
        for name, flat in told["latency"].items():
            slot.latency[name].update(zip(flat[::2], flat[1::2], strict=True))
        return slot


def _flat(counts: Mapping[int, int]) -> list[int]:
    return [number for pair in sorted(counts.items()) for number in pair]
