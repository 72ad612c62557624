"""Which failures are kept: the newest, and of refusals only a few."""

from __future__ import annotations

from sluice.prediction.history import MOST_FAILURES, MOST_REFUSALS, newest
from sluice.storage.failures import Failure


def failure(at: int, refusal: bool) -> Failure:
    return Failure(str(at), "p", at, 1, "", 1.0, refusal, "{}", 1)


def test_a_flood_of_refusals_hides_nothing() -> None:
    failures = [failure(at, refusal=at >= 30) for at in range(1000)]
    kept = [int(one.id) for one in newest(failures)]
    others = MOST_FAILURES - MOST_REFUSALS
    assert kept == [*range(999, 999 - MOST_REFUSALS, -1), *range(29, 29 - others, -1)]


def test_without_refusals_there_is_room_for_others() -> None:
    failures = [failure(at, refusal=at < 5) for at in range(100)]
    assert [int(one.id) for one in newest(failures)] == list(range(99, 99 - MOST_FAILURES, -1))
    assert [int(one.id) for one in newest(failures[:6])] == [5, 4, 3, 2, 1, 0]
