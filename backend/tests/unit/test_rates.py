"""How often each caller may predict."""

from __future__ import annotations

import pytest

from sluice.errors import RateExceeded
from sluice.prediction.rates import Rates


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def taken(rates: Rates, caller: str, times: int) -> int:
    """Return how many of so many calls at once were let through."""
    through = 0
    for _ in range(times):
        try:
            rates.take(caller)
        except RateExceeded:
            continue
        through += 1
    return through


def test_without_a_limit_all_pass() -> None:
    assert taken(Rates(0), "a", 1000) == 1000


@pytest.mark.parametrize(("per_s", "at_once"), [(10, 10), (1, 1), (0.5, 1), (2.5, 2)])
def test_those_of_one_second_come_at_once_and_then_evenly(per_s: float, at_once: int) -> None:
    clock = Clock()
    rates = Rates(per_s, clock)
    assert taken(rates, "a", 50) == at_once
    passed = 0
    for _ in range(1000):
        clock.now += 0.1
        passed += taken(rates, "a", 3)
    assert passed == pytest.approx(per_s * 100, abs=at_once)


def test_each_caller_has_his_own() -> None:
    rates = Rates(5, Clock())
    assert [taken(rates, caller, 9) for caller in "ab"] == [5, 5]


def test_who_looks_doesn_t_count() -> None:
    rates = Rates(1, Clock())
    for _ in range(5):
        rates.check("a")
    rates.take("a")
    with pytest.raises(RateExceeded):
        rates.check("a")


def test_the_refusal_says_when_to_come_again_and_it_is_true() -> None:
    clock = Clock()
    rates = Rates(0.1, clock)
    rates.take("a")
    clock.now += 2.5
    with pytest.raises(RateExceeded, match="SLUICE_RATE_LIMIT") as refused:
        rates.take("a")
    assert refused.value.retry_after_s == 8
    clock.now += 8
    rates.take("a")


def test_who_hasn_t_come_for_long_is_forgotten() -> None:
    clock = Clock()
    rates = Rates(1, clock)
    for number in range(5000):
        rates.take(str(number))
    clock.now += 10
    rates.take("a")
    assert len(rates._through_at) == 1
