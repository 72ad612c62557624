"""Which calls aren't tried, and how a pipeline and its callers get out of that."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from sluice.errors import PipelineBroken
from sluice.workers.back_off import FIRST_BACK_OFF_S, MOST_BACK_OFF_S
from sluice.workers.body import IN_MEMORY_BYTES, Body, SpooledBody, likeness
from sluice.workers.breaker import MOST_LOSSES, Breaker
from sluice.workers.call import Call, Prediction
from sluice.workers.messages import Failure

BAD, GOOD = b"ends its worker", b"fine"
FLOOD, OTHER = "flood", "other"


class Waiting:
    """A call that has no answer yet."""

    def __init__(self) -> None:
        self.over = False

    def done(self) -> bool:
        return self.over

    def set_result(self, prediction: Prediction, /) -> None:
        raise AssertionError("a breaker answers nothing")

    def set_exception(self, error: BaseException, /) -> None:
        raise AssertionError("a breaker answers nothing")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def notes() -> list[str]:
    return []


@pytest.fixture
def breaker(clock: Clock, notes: list[str]) -> Breaker:
    return Breaker("pipeline 'x'", clock, notes.append)


def call(body: Body = GOOD, caller: str = "") -> Call:
    return Call(body, Waiting(), 0.0, 0.0, 0.0, caller=caller)


def end(waiting: Call) -> None:
    assert isinstance(waiting.answer, Waiting)
    waiting.answer.over = True


def lose(breaker: Breaker, times: int, body: Body = BAD, caller: str = "", waiting: Sequence[Call] = ()) -> list[Call]:
    """Return those of the waiting that have no hope after the last."""
    return [
        breaker.note_loss("model", "the step model", "signal 11 (SIGSEGV)", call(body, caller), waiting)
        for _ in range(times)
    ][-1]


def lose_several(breaker: Breaker, times: int, caller: str = FLOOD) -> None:
    """Lose workers to different bodies of one caller."""
    for number in range(times):
        lose(breaker, 1, b"!%s %d" % (caller.encode(), number), caller)


def admits(breaker: Breaker, body: Body = GOOD, caller: str = "") -> bool:
    try:
        breaker.admit(call(body, caller))
    except PipelineBroken:
        return False
    return True


def test_losses_in_a_row_break_it(breaker: Breaker) -> None:
    waits = call()
    lose(breaker, MOST_LOSSES - 1)
    assert breaker.failure is None
    assert not lose(breaker, 1, waiting=[waits]), "who waits already may be the trial"
    assert breaker.failure and breaker.failure.step == "model"
    assert "5 times in a row" in breaker.failure.message and "SIGSEGV" in breaker.failure.message


def test_an_answer_in_between_counts_anew(breaker: Breaker) -> None:
    lose(breaker, MOST_LOSSES - 1)
    breaker.note_answer(call(), well=True)
    lose(breaker, MOST_LOSSES - 1)
    assert breaker.failure is None


def test_an_error_of_a_script_in_between_does_not(breaker: Breaker, clock: Clock) -> None:
    lose(breaker, MOST_LOSSES - 1)
    breaker.note_answer(call(), well=False)
    lose(breaker, 1)
    assert breaker.failure
    breaker.note_answer(call(), well=False)
    assert breaker.failure is None, "it was the trial"


def test_the_back_off_grows_to_its_cap(breaker: Breaker, clock: Clock) -> None:
    lose(breaker, MOST_LOSSES)
    waits_s = FIRST_BACK_OFF_S
    for _ in range(10):
        clock.now += waits_s - 0.01
        assert not admits(breaker)
        clock.now += 0.02
        assert admits(breaker)
        waits = call()
        assert lose(breaker, 1, waiting=[waits]) == [waits], "it was the trial: who waits is refused now"
        waits_s = min(waits_s * 2, MOST_BACK_OFF_S)
    assert waits_s == MOST_BACK_OFF_S


def test_the_refusal_says_when_to_come_again(breaker: Breaker, clock: Clock) -> None:
    for _ in range(12):
        lose(breaker, 1)
    assert breaker.refusal().retry_after_s == 60
    clock.now += 100
    assert breaker.refusal().retry_after_s == 1
    assert breaker.refusal().details == {"step": "model", "kind": "workers-lost"}


def test_one_trial_at_a_time(breaker: Breaker, clock: Clock) -> None:
    lose(breaker, MOST_LOSSES)
    clock.now += 1
    trial = call()
    breaker.admit(trial)
    with pytest.raises(PipelineBroken):
        breaker.admit(call())
    end(trial)
    breaker.admit(call())


def test_an_input_that_ended_a_worker_has_to_wait_for_others(breaker: Breaker, clock: Clock) -> None:
    lose(breaker, MOST_LOSSES)
    clock.now += FIRST_BACK_OFF_S * 1.5
    with pytest.raises(PipelineBroken):
        breaker.admit(call(BAD))
    assert admits(breaker)
    lose(breaker, 1)
    clock.now += FIRST_BACK_OFF_S * 4
    trial = call(BAD)
    breaker.admit(trial)
    assert not breaker.passes_over(trial)
    assert breaker.passes_over(call(BAD))
    end(trial)
    assert not breaker.passes_over(call(GOOD))


def test_so_has_a_large_one(breaker: Breaker, clock: Clock) -> None:
    with SpooledBody.empty() as bad, SpooledBody.empty() as same, SpooledBody.empty() as other:
        for body, last in ((bad, b"!"), (same, b"!"), (other, b"?")):
            body.add(b"." * IN_MEMORY_BYTES + last)
        lose(breaker, MOST_LOSSES, bad)
        clock.now += FIRST_BACK_OFF_S * 1.5
        assert not admits(breaker, same)
        assert breaker.passes_over(call(same))
        assert admits(breaker, other)


def test_bodies_are_alike_if_equal() -> None:
    large = bytes(range(256)) * 4096
    with SpooledBody.empty() as spooled:
        spooled.add(large)
        assert likeness(spooled) == likeness(large) == likeness(bytes(bytearray(large)))
        spooled.close()
        assert likeness(spooled) != likeness(large), "it can't be read any more"
    assert len({likeness(body) for body in (b"", b"a", large, large[:-1], large[1:], large[:-1] + b"x")}) == 6


def test_what_heals_what(breaker: Breaker, clock: Clock) -> None:
    breaker.note_failed_load(Failure("pre-processing", "script-raised", "It doesn't load."))
    assert not admits(breaker)
    breaker.note_load()
    assert breaker.failure is None
    lose(breaker, MOST_LOSSES)
    breaker.note_load()
    assert breaker.failure is not None, "it had loaded each time"
    breaker.heal()
    assert breaker.failure is None
    assert breaker.losses == 0
    assert not breaker.wary


def test_what_does_not_load_loads_for_nobody(breaker: Breaker, clock: Clock) -> None:
    breaker.note_failed_load(Failure("pre-processing", "script-raised", "It doesn't load."))
    assert not admits(breaker, caller=OTHER)
    clock.now += FIRST_BACK_OFF_S
    assert admits(breaker, caller=OTHER)
    assert not admits(breaker, caller="a third"), "one trial at a time"


def test_who_has_to_wait_may_try_whether_it_loads_again(breaker: Breaker, clock: Clock) -> None:
    lose_several(breaker, MOST_LOSSES + 5)
    breaker.note_failed_load(Failure("pre-processing", "script-raised", "It doesn't load."))
    assert breaker.refusal(FLOOD).retry_after_s == 1
    clock.now += FIRST_BACK_OFF_S
    assert admits(breaker, caller=FLOOD)
    breaker.note_load()
    assert not admits(breaker, caller=FLOOD), "it loaded each time"


def test_who_lost_nothing_is_tried_at_once(breaker: Breaker, clock: Clock) -> None:
    lose_several(breaker, MOST_LOSSES)
    assert breaker.failure and not admits(breaker, caller=FLOOD)
    several = [call(caller=OTHER), call(caller=OTHER), call(caller="a third")]
    for each in several:
        breaker.admit(each)
        assert breaker.may_go(each) and not breaker.passes_over(each)
    breaker.note_answer(several[0], well=True)
    assert breaker.failure is None
    assert admits(breaker, caller="a third")


def test_an_answer_to_others_does_not_help_a_flood(breaker: Breaker, clock: Clock, notes: list[str]) -> None:
    lose_several(breaker, MOST_LOSSES)
    breaker.note_answer(call(caller=OTHER), well=True)
    with pytest.raises(PipelineBroken, match="5 times in a row while they ran calls of yours") as refused:
        breaker.admit(call(b"!new", FLOOD))
    assert refused.value.retry_after_s == 1
    assert refused.value.details == {"step": "model", "kind": "workers-lost"}
    assert [note for note in notes if "Calls of one caller ended workers 5 times in a row" in note] == notes != []
    waits_s = FIRST_BACK_OFF_S
    for number in range(10):
        clock.now += waits_s - 0.01
        assert not admits(breaker, b"?%d" % number, FLOOD)
        clock.now += 0.02
        assert admits(breaker, b"?%d" % number, FLOOD)
        lose(breaker, 1, b"?%d" % number, FLOOD)
        assert breaker.failure is None and admits(breaker, caller=OTHER)
        waits_s = min(waits_s * 2, MOST_BACK_OFF_S)
    assert len(notes) == 1
    clock.now += MOST_BACK_OFF_S
    assert admits(breaker, caller=FLOOD)
    breaker.note_answer(call(caller=FLOOD), well=True)
    assert not breaker.wary


def test_a_flood_waits_also_if_others_are_answered_in_between(breaker: Breaker) -> None:
    for number in range(MOST_LOSSES):
        assert admits(breaker, b"!%d" % number, FLOOD)
        lose(breaker, 1, b"!%d" % number, FLOOD)
        breaker.note_answer(call(caller=OTHER), well=True)
        assert breaker.failure is None
    assert not admits(breaker, caller=FLOOD)
    assert admits(breaker, caller=OTHER)


def test_a_lost_trial_of_a_flood_takes_along_its_own_only(breaker: Breaker) -> None:
    lose_several(breaker, MOST_LOSSES)
    flood, other = call(b"!new", FLOOD), call(caller=OTHER)
    assert lose(breaker, 1, b"!trial", FLOOD, waiting=[flood, other]) == [flood]


def test_the_same_body_waits_whoever_sends_it(breaker: Breaker, clock: Clock) -> None:
    lose(breaker, MOST_LOSSES, BAD, FLOOD)
    breaker.note_answer(call(caller=OTHER), well=True)
    with pytest.raises(PipelineBroken, match="while they ran another's, with this body"):
        breaker.admit(call(BAD, OTHER))
    clock.now += FIRST_BACK_OFF_S * 2
    assert admits(breaker, BAD, OTHER)
    lose(breaker, 1, BAD, OTHER)
    clock.now += FIRST_BACK_OFF_S * 2
    assert not admits(breaker, BAD, "a third"), "twice as long as before"
    breaker.note_answer(call(BAD, OTHER), well=True)
    assert admits(breaker, BAD, "a third")


def test_what_fails_for_everybody_is_broken_for_everybody(breaker: Breaker, clock: Clock) -> None:
    lose_several(breaker, MOST_LOSSES, "first")
    lose_several(breaker, 1, "second")
    assert admits(breaker, caller="second") and admits(breaker, caller="third"), "one loss can befall anybody"
    lose_several(breaker, 1, "third")
    assert breaker.failure and "7 times in a row" in breaker.failure.message
    assert not any(admits(breaker, caller=caller) for caller in ("second", "third", "fourth"))
    clock.now += FIRST_BACK_OFF_S
    trial, behind = call(caller="fourth"), call(caller="fifth")
    breaker.admit(trial)
    assert breaker.may_go(trial) and not breaker.may_go(behind)
    assert lose(breaker, 1, b"!other", "fourth", waiting=[behind]) == [behind]
    waits_s = FIRST_BACK_OFF_S * 2
    for number in range(8):  # each of them loses nothing before it is tried
        clock.now += waits_s - 0.01
        assert not admits(breaker, caller=f"new {number}")
        clock.now += 0.02
        assert admits(breaker, caller=f"new {number}")
        assert not admits(breaker, caller="one more")
        lose_several(breaker, 1, f"new {number}")
        waits_s = min(waits_s * 2, MOST_BACK_OFF_S)
    assert waits_s == MOST_BACK_OFF_S


def test_what_was_lost_to_everybody_is_whole_for_everybody(breaker: Breaker, clock: Clock) -> None:
    lose_several(breaker, MOST_LOSSES, "first")
    lose_several(breaker, 2, "second")
    breaker.note_answer(call(caller="second"), well=True)  # a trial, of one who lost workers as well
    assert breaker.failure is None and not breaker.wary
    assert admits(breaker, caller="first")


def test_one_loss_beside_a_flood_costs_nothing(breaker: Breaker) -> None:
    lose_several(breaker, 1, OTHER)
    lose_several(breaker, MOST_LOSSES - 1, FLOOD)
    assert breaker.failure and not admits(breaker, caller=FLOOD)
    assert admits(breaker, caller=OTHER)


def test_two_losses_beside_a_flood_cost_one_wait(breaker: Breaker, clock: Clock) -> None:
    lose_several(breaker, 2, OTHER)
    lose_several(breaker, MOST_LOSSES - 2, FLOOD)
    assert breaker.failure and not admits(breaker, caller=OTHER)
    for number in range(3):  # how often the flood tries doesn't matter to it
        lose(breaker, 1, b"!more %d" % number, FLOOD)
    clock.now += FIRST_BACK_OFF_S
    assert admits(breaker, caller=OTHER)


def test_losses_before_the_last_answer_do_not_count(breaker: Breaker) -> None:
    lose_several(breaker, 2, OTHER)
    breaker.note_answer(call(caller="a third"), well=True)
    lose_several(breaker, MOST_LOSSES - 1, FLOOD)
    lose_several(breaker, 1, OTHER)
    assert breaker.failure and admits(breaker, caller=OTHER)


def test_what_a_second_caller_loses_tells_nothing_about_a_third(breaker: Breaker) -> None:
    lose_several(breaker, MOST_LOSSES, FLOOD)
    lose_several(breaker, 2, OTHER)
    assert not admits(breaker, caller=OTHER)
    assert admits(breaker, caller="a third")
    breaker.note_answer(call(caller="a third"), well=True)
    lose_several(breaker, MOST_LOSSES, "another flood")
    lose_several(breaker, 1, FLOOD)
    lose_several(breaker, 1, "a fourth")
    assert breaker.failure and admits(breaker, caller="a third")


def test_callers_of_whom_nobody_stands_out_wait_together(breaker: Breaker, clock: Clock) -> None:
    lose_several(breaker, MOST_LOSSES, FLOOD)
    breaker.note_answer(call(caller=OTHER), well=True)
    for number in range(MOST_LOSSES):
        lose_several(breaker, 1, f"caller {number}")
    assert not any(admits(breaker, caller=caller) for caller in ("caller 1", OTHER))
    clock.now += FIRST_BACK_OFF_S
    assert admits(breaker, caller=OTHER)
    assert not admits(breaker, caller="caller 1"), "one trial at a time"


def test_two_losses_are_forgiven_once_others_are_answered(breaker: Breaker, notes: list[str]) -> None:
    lose_several(breaker, 2, OTHER)
    lose_several(breaker, MOST_LOSSES, FLOOD)
    breaker.note_answer(call(caller="a third"), well=True)
    assert admits(breaker, caller=OTHER) and not admits(breaker, caller=FLOOD)
    assert len(notes) == 1


def test_it_forgets_in_the_end(breaker: Breaker, clock: Clock) -> None:
    lose_several(breaker, MOST_LOSSES)
    breaker.note_answer(call(caller=OTHER), well=True)
    assert breaker.wary
    clock.now += 3600
    assert admits(breaker, caller=OTHER)
    assert not breaker.wary, "calls aren't asked about any more"


def test_what_it_remembers_is_bounded(breaker: Breaker) -> None:
    for number in range(1_000):
        lose(breaker, 1, b"!%d" % number, f"caller {number}")
    assert len(breaker._suspects) == len(breaker._suspects._bodies) == 64
