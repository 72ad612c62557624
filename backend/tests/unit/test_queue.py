"""Waiting calls: callers take turns, and nobody takes the places of others."""

from __future__ import annotations

import pytest

from sluice.errors import QueueFull
from sluice.workers.body import IN_MEMORY_BYTES
from sluice.workers.call import Call
from sluice.workers.queue import CallQueue


class Nobody:
    """Who waits for no answer."""

    def done(self) -> bool:
        return False

    def set_result(self, prediction: object, /) -> None: ...

    def set_exception(self, error: BaseException, /) -> None: ...


def call(caller: str, body: bytes = b"", queued_at: float = 0.0) -> Call:
    return Call(body, Nobody(), 0.0, 0.0, queued_at, caller=caller)


def filled(callers: str, most_calls: int = 100) -> CallQueue:
    """Return a queue in which one call of each letter waits."""
    queue = CallQueue("pipeline", most_calls, 1 << 30)
    for number, caller in enumerate(callers):
        queue.check_room(0, caller)
        queue.append(call(caller, b"%d" % number, number))
    return queue


def order(queue: CallQueue) -> list[tuple[str, int]]:
    taken = [queue.take() for _ in range(len(queue))]
    return [(call.caller, int(bytes(call.body))) for call in taken]


def test_one_caller_is_served_in_order() -> None:
    assert order(filled("aaaa")) == [("a", 0), ("a", 1), ("a", 2), ("a", 3)]


def test_callers_take_turns_each_in_his_order() -> None:
    assert order(filled("aaaabcb")) == [("a", 0), ("b", 4), ("c", 5), ("a", 1), ("b", 6), ("a", 2), ("a", 3)]


def test_who_comes_later_has_his_turn_in_between() -> None:
    queue = filled("aaaa")
    assert queue.take().caller == "a"
    queue.append(call("b", b"9"))
    assert order(queue)[:2] == [("a", 1), ("b", 9)]


def test_who_is_left_out_keeps_his_place_and_the_others_their_turns() -> None:
    queue = filled("aabbcc")
    queue.put_back([queue.take()])  # of a
    taken = [queue.take_first(lambda call: call.caller != "a") for _ in range(4)]
    assert [(call.caller, int(bytes(call.body))) for call in taken if call] == [("b", 2), ("c", 4), ("b", 3), ("c", 5)]
    assert queue.take_first(lambda call: call.caller != "a") is None
    assert (len(queue), queue.held_bytes) == (2, 2)
    assert order(queue) == [("a", 0), ("a", 1)]


def test_calls_that_come_back_go_first() -> None:
    queue = filled("aab")
    lost = [queue.take(), queue.take()]
    queue.put_back(lost)
    assert (len(queue), queue.held_bytes) == (3, 3)
    assert order(queue) == [("a", 0), ("b", 2), ("a", 1)]
    assert (len(queue), queue.held_bytes, queue.queued_at) == (0, 0, None)


def test_the_oldest_is_told_wherever_it_waits() -> None:
    queue = filled("ab")
    first = queue.take()
    assert queue.queued_at == 1
    queue.put_back([first])
    assert queue.queued_at == 0


def test_a_call_is_dropped_wherever_it_waits() -> None:
    queue = filled("aab")
    back, other = queue.take(), call("x")
    queue.put_back([back])
    waiting = list(queue)
    assert not queue.remove(other)
    assert all(queue.remove(call) for call in waiting) and not queue.remove(back)
    assert (len(queue), queue.held_bytes) == (0, 0)


def test_all_are_taken_at_once() -> None:
    queue = filled("abab")
    assert len(queue.take_all()) == 4
    assert (len(queue), queue.held_bytes, list(queue)) == (0, 0, [])


def test_one_caller_may_fill_it_alone() -> None:
    queue = filled("aaaa", most_calls=4)
    with pytest.raises(QueueFull, match="SLUICE_QUEUE_CALLS"):
        queue.check_room(0, "a")


def test_who_has_less_than_his_share_gets_a_place_of_who_has_most() -> None:
    queue = filled("aaaa", most_calls=4)
    for number in (1, 2):
        queue.check_room(0, "b")
        displaced = queue.append(call("b", b"%d" % (number * 10)))
        assert displaced is not None
        assert (displaced.caller, bytes(displaced.body)) == ("a", b"%d" % (4 - number))
        assert (len(queue), len(list(queue))) == (4, 4)
    for caller in "ab":
        with pytest.raises(QueueFull):
            queue.check_room(0, caller)
    queue.check_room(0, "c")
    assert order(queue) == [("a", 0), ("b", 10), ("a", 1), ("b", 20)]


def test_calls_that_came_back_keep_their_places() -> None:
    queue = filled("aaaa", most_calls=4)
    queue.put_back([queue.take() for _ in range(4)])
    with pytest.raises(QueueFull):
        queue.check_room(0, "b")


def test_bytes_of_one_caller_don_t_keep_a_small_call_of_another_out() -> None:
    queue = CallQueue("pipeline", 10, 1000)
    with queue.expecting(900, "a"):
        with pytest.raises(QueueFull, match="SLUICE_QUEUE_BYTES"):
            queue.check_room(200, "a")
        with queue.expecting(200, "b"), pytest.raises(QueueFull):
            queue.check_room(200, "b")
        queue.check_room(IN_MEMORY_BYTES, "b")
        with pytest.raises(QueueFull):
            queue.check_room(IN_MEMORY_BYTES + 1, "b")
    assert queue.held_bytes == 0
    queue.check_room(1001, "a")
