"""Durations as Prometheus wants them, from the finer buckets that calls are counted in."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from functools import lru_cache

from prometheus_client.utils import floatToGoString

from sluice.api.metrics.family import Sample
from sluice.prediction.latency import middle_ms

BOUNDS_S = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
"""Upper bounds; a duration within 2.5 % of one may be counted on its other side."""

_TEXTS = [*map(floatToGoString, BOUNDS_S), "+Inf"]


def samples(counts: Mapping[int, int], labels: Mapping[str, str] | None = None) -> Iterator[Sample]:
    """Yield a histogram: each bucket with all below it, the sum in seconds, the number."""
    labels = labels or {}
    held, total_s = [0] * len(_TEXTS), 0.0
    for bucket, times in counts.items():
        place, middle_s = _place(bucket)
        held[place] += times
        total_s += middle_s * times
    number = 0
    for text, times in zip(_TEXTS, held, strict=True):
        number += times
        yield Sample(number, {**labels, "le": text}, "_bucket")
    yield Sample(number, labels, "_count")
    yield Sample(total_s, labels, "_sum")


@lru_cache(maxsize=1024)
def _place(bucket: int) -> tuple[int, float]:
    """Return which bound a bucket's durations are below, and how long they took in the middle."""
    middle_s = middle_ms(bucket) / 1e3
    return bisect_left(BOUNDS_S, middle_s), middle_s
