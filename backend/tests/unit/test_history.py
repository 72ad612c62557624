"""Which failures are kept: the newest, and of refusals only a few."""

from __future__ import annotations

from sluice.prediction.history import MOST_FAILURES, MOST_REFUSALS, History, newest
from sluice.prediction.latency import WHOLE
from sluice.storage.failures import Failure


def failure(at: int, refusal: bool, content: bytes | None = None) -> Failure:
    return Failure(str(at), "p", at, 1, "", 1.0, refusal, "{}", 1, content)


def test_a_flood_of_refusals_hides_nothing() -> None:
    failures = [failure(at, refusal=at >= 30) for at in range(1000)]
    kept = [int(one.id) for one in newest(failures)]
    others = MOST_FAILURES - MOST_REFUSALS
    assert kept == [*range(999, 999 - MOST_REFUSALS, -1), *range(29, 29 - others, -1)]


def test_without_refusals_there_is_room_for_others() -> None:
    failures = [failure(at, refusal=at < 5) for at in range(100)]
    assert [int(one.id) for one in newest(failures)] == list(range(99, 99 - MOST_FAILURES, -1))
    assert [int(one.id) for one in newest(failures[:6])] == [5, 4, 3, 2, 1, 0]


def test_a_clock_that_is_put_back_leaves_no_minutes_of_the_future() -> None:
    history = History("p")
    for minute in (6000, 6060, 96_000):
        history.now.latency[WHOLE][3] += 1
        history.fold(minute, float(minute))
        history.end_minutes(minute + 60)
        history.unstored.clear()
        history.let_go(minute + 60)
    history.end_minutes(6120)
    assert [one.at for one in history.last_minutes(6120)] == []  # an hour before 96,000 they went
    assert history.last_hour(6120) == {}
    history.now.latency[WHOLE][4] += 1
    history.fold(6120, 6120.0)
    history.end_minutes(6180)
    assert [(one.at, one.calls) for one in history.last_minutes(6180)] == [(6120, 1)]
    assert history.last_hour(6180) == {4: 1}


def test_inputs_that_wait_for_the_database_are_no_more_than_are_stored() -> None:
    history = History("p")
    for at in range(5):
        history.note(failure(at, False, None if at == 3 else bytes(10)))
    history.drop_inputs(25)
    assert [(one.id, one.content is not None) for one in history.failures] == [
        ("0", False),
        ("1", False),
        ("2", True),
        ("3", False),
        ("4", True),
    ]
