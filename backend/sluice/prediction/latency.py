"""Durations counted in buckets that grow by 5 %, so that any share of them is known within 2.5 %.

A bucket's number is the logarithm of its microseconds, to the base 1.05; a microsecond is added first, so that 0 has
one too. The middle of a bucket is off by 2.5 % of a duration and half a microsecond at most.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping
from itertools import pairwise

WHOLE = "whole"
"""What the calls are counted under as a whole; their steps have their own names."""

_PER_E = 1 / math.log(1.05)

Counts = defaultdict[int, int]
"""How many durations each bucket has."""

Histograms = defaultdict[str, Counts]
"""The counts of the whole and of each step."""


def histograms() -> Histograms:
    """Return counts of nothing yet."""
    return defaultdict(_counts)


def _counts() -> Counts:
    return defaultdict(int)


def _bucket(ms: float) -> int:
    return int(math.log(ms * 1e3 + 1.0) * _PER_E)


# Looked up by the microsecond, for a logarithm costs more than all else here. A bucket's number fits a byte so far.
_MOST_MS = 65.0


def _buckets(most_us: int) -> bytes:
    """Return the bucket of each whole microsecond and a half."""
    last = _bucket(most_us / 1e3)
    ends = [min(most_us, max(0, math.ceil(1.05 ** (number + 1) - 1.5))) for number in range(last + 1)]
    return b"".join(bytes([number]) * (end - start) for number, (start, end) in enumerate(pairwise([0, *ends])))


_BUCKETS = _buckets(int(_MOST_MS * 1e3))


def count(counted: Histograms, whole_ms: float, steps_ms: Mapping[str, float]) -> None:
    """Count one call; nothing here may be slower than it must, for every call comes by.

    Args:
        counted: gets it.
        whole_ms: 0 or more.
        steps_ms: by step, 0 or more.
    """
    if whole_ms < _MOST_MS:
        counted[WHOLE][_BUCKETS[int(whole_ms * 1e3)]] += 1
        try:
            for step, ms in steps_ms.items():
                counted[step][_BUCKETS[int(ms * 1e3)]] += 1
        except IndexError:
            pass  # a script can forge that its step took longer than the call
    else:
        counted[WHOLE][_bucket(whole_ms)] += 1
        for step, ms in steps_ms.items():
            counted[step][_bucket(ms)] += 1


def add(to: Counts, others: Mapping[int, int]) -> None:
    """Add what was counted elsewhere."""
    for bucket, times in others.items():
        to[bucket] += times


def total(counts: Mapping[int, int]) -> int:
    """Return how many durations were counted."""
    return sum(counts.values())


def percentile_ms(counts: Mapping[int, int], percent: float) -> float | None:
    """Return the duration that so many percent don't exceed (nearest rank); None where none was counted."""
    left = math.ceil(total(counts) * percent / 100)
    for bucket in sorted(counts):
        left -= counts[bucket]
        if left <= 0:
            return float(f"{middle_ms(bucket):.4g}")
    return None


def middle_ms(bucket: int) -> float:
    """Return the duration in the middle of a bucket."""
    return (math.exp((bucket + 0.5) / _PER_E) - 1) / 1e3
