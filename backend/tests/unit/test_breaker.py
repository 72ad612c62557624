"""When a pipeline isn't tried, and how it gets out of that."""

from __future__ import annotations

import pytest

from sluice.errors import PipelineBroken
from sluice.workers.breaker import FIRST_BACK_OFF_S, MOST_BACK_OFF_S, MOST_LOSSES, Breaker
from sluice.workers.call import Prediction
from sluice.workers.messages import Failure

BAD, GOOD = b"ends its worker", b"fine"


class Waiting:
    """A call that has no answer yet."""

    def __init__(self) -> None:
        self.over = False

    def done(self) -> bool:
        return self.over

    def set_result(self, prediction: Prediction, /) -> None:
        raise AssertionError("a breaker answers nothing")

    def set_exception(self, error: Exception, /) -> None:
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
def breaker(clock: Clock) -> Breaker:
    return Breaker("pipeline 'x'", clock)


def lose(breaker: Breaker, times: int) -> bool:
    return [breaker.note_loss("model", "the step model", "signal 11 (SIGSEGV)", BAD) for _ in range(times)][-1]


def admits(breaker: Breaker) -> bool:
    try:
        breaker.admit(Waiting(), GOOD)
    except PipelineBroken:
        return False
    return True


def test_losses_in_a_row_break_it(breaker: Breaker) -> None:
    lose(breaker, MOST_LOSSES - 1)
    assert breaker.failure is None
    assert not lose(breaker, 1), "who waits already may be the trial"
    assert breaker.failure and breaker.failure.step == "model"
    assert "5 times in a row" in breaker.failure.message and "SIGSEGV" in breaker.failure.message


def test_an_answer_in_between_counts_anew(breaker: Breaker) -> None:
    lose(breaker, MOST_LOSSES - 1)
    breaker.heal()
    lose(breaker, MOST_LOSSES - 1)
    assert breaker.failure is None


def test_the_back_off_grows_to_its_cap(breaker: Breaker, clock: Clock) -> None:
    lose(breaker, MOST_LOSSES)
    waited = []
    for _ in range(10):
        waits_s = breaker._retry_at - clock.now
        waited.append(waits_s)
        clock.now += waits_s - 0.01
        assert not admits(breaker)
        clock.now += 0.02
        assert admits(breaker)
        assert lose(breaker, 1), "it was the trial: who waits is refused now"
    assert waited[:3] == pytest.approx([FIRST_BACK_OFF_S, FIRST_BACK_OFF_S * 2, FIRST_BACK_OFF_S * 4])
    assert waited[-1] == pytest.approx(MOST_BACK_OFF_S)


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
    trial = Waiting()
    breaker.admit(trial, GOOD)
    with pytest.raises(PipelineBroken):
        breaker.admit(Waiting(), GOOD)
    trial.over = True
    breaker.admit(Waiting(), GOOD)


def test_an_input_that_ended_a_worker_has_to_wait_for_others(breaker: Breaker, clock: Clock) -> None:
    lose(breaker, MOST_LOSSES)
    clock.now += FIRST_BACK_OFF_S * 1.5
    with pytest.raises(PipelineBroken):
        breaker.admit(Waiting(), BAD)
    assert admits(breaker)
    lose(breaker, 1)
    clock.now += FIRST_BACK_OFF_S * 4
    trial = Waiting()
    breaker.admit(trial, BAD)
    assert not breaker.passes_over(trial, BAD)
    assert breaker.passes_over(Waiting(), BAD)
    assert not breaker.passes_over(Waiting(), GOOD)


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
