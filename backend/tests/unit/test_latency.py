"""Durations in buckets: percentiles within 2.5 %, whatever was counted, and however it was added up."""

from __future__ import annotations

import math
import random

import pytest

from sluice.prediction.latency import WHOLE, add, count, histograms, percentile_ms, total


def exact(values: list[float], percent: float) -> float:
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


@pytest.mark.parametrize("spread", [0.01, 0.5, 3.0])
@pytest.mark.parametrize("percent", [1, 50, 90, 99, 100])
def test_percentiles_are_right_within_the_bound(spread: float, percent: float) -> None:
    values = [random.Random(number).lognormvariate(1, spread) for number in range(2000)]
    counted = histograms()
    for value in values:
        count(counted, value, {})
    found, truth = percentile_ms(counted[WHOLE], percent), exact(values, percent)
    assert found is not None
    assert abs(found - truth) <= truth * 0.025 + 0.0006


def test_every_duration_has_a_bucket_that_tells_it() -> None:
    for exponent in range(-4, 9):
        for digit in range(1, 10):
            ms = digit * 10.0**exponent
            counted = histograms()
            count(counted, ms, {})
            found = percentile_ms(counted[WHOLE], 50)
            assert found is not None
            assert abs(found - ms) <= ms * 0.0255 + 0.0006, ms


def test_nothing_at_all_and_no_time_at_all() -> None:
    counted = histograms()
    assert percentile_ms(counted[WHOLE], 50) is None
    count(counted, 0.0, {"queue": 0.0})
    assert percentile_ms(counted["queue"], 99) == pytest.approx(0, abs=0.0006)


def test_steps_are_counted_apart_and_add_up() -> None:
    morning, evening = histograms(), histograms()
    for _ in range(99):
        count(morning, 10.0, {"queue": 1.0, "model": 9.0})
    count(evening, 1000.0, {"queue": 991.0, "model": 9.0})
    for name, counts in evening.items():
        add(morning[name], counts)
    assert {name: total(counts) for name, counts in morning.items()} == {WHOLE: 100, "queue": 100, "model": 100}
    assert percentile_ms(morning[WHOLE], 99) == pytest.approx(10, rel=0.025)
    assert percentile_ms(morning[WHOLE], 99.1) == pytest.approx(1000, rel=0.025)
    assert percentile_ms(morning["model"], 100) == pytest.approx(9, rel=0.025)


def test_a_step_that_claims_more_than_the_whole_does_no_harm() -> None:
    counted = histograms()
    count(counted, 1.0, {"queue": 0.1, "model": 1e8})
    assert total(counted[WHOLE]) == 1
