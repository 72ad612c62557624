"""Which calls are tried: for a while none, or none of one caller, once workers were lost time and again."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from sluice.errors import PipelineBroken
from sluice.workers.back_off import BackOff
from sluice.workers.body import Body
from sluice.workers.call import Call
from sluice.workers.messages import Failure
from sluice.workers.suspects import Suspect, Suspects

MOST_LOSSES = 5
_LOST = "workers-lost"
_CHANCES = 2  # one loss can befall anybody
_NOTES_EVERY_S = 60.0  # there are few notes, and others mustn't be displaced


class Breaker:
    """Refuses calls while there is no hope, and lets a single one try now and then.

    ```
              MOST_LOSSES workers lost in a row · no worker loads
      whole ─────────────────────────────────────────────────────▶ broken ──┐ back-off over: one call is let through
        ▲                                                            │  ▲   │
        └──── a trial comes through · somebody mends or retries ─────┘  └───┘ it ends its worker: a longer back-off
    ```

    Losses are counted by caller, too. One who lost MOST_LOSSES workers without an answer in between, or two of those
    that broke it, has a back-off of his own, and no answer to others ends it. All others are let in even while it is
    broken, and an answer to one of them makes it whole for all but those who wait. Only once two of them have lost a
    worker, too, or if nobody lost two, they have a back-off in common.

    So inputs that kill workers cost their caller the pipeline, and nobody else. Where all calls are one caller's, the
    first other input opens it again: one that ended a worker before waits for twice as long, whoever sends it, so that
    others have their turn first. A call that missed its deadline, or whose client left, tells neither way.

    Args:
        label: of the pipeline, for messages.
        clock: seconds, as the event loop counts them.
        note: takes a sentence that people should know.

    Attributes:
        failure: why it is broken.
        losses: in a row, without an answer to anybody.
        wary: whether calls have to be asked about; while all is well none is.
        minds_answers: whether answers have to be told.
    """

    def __init__(self, label: str, clock: Callable[[], float], note: Callable[[str], None]) -> None:
        self._label = label
        self._clock = clock
        self._note = note
        self._notes_at = 0.0
        self._row = 0
        self._first_losses = 0  # of callers, while it was broken
        self._others = BackOff()
        self._suspects = Suspects()
        self.failure: Failure | None = None
        self.losses = 0
        self.wary = self.minds_answers = False

    def check(self, caller: str) -> None:
        """Return if a call could be the trial, or needn't be.

        Raises:
            PipelineBroken: it couldn't.
        """
        back_off = self._back_off(caller)
        if back_off and (self._clock() < back_off.retry_at or back_off.busy):
            raise self.refusal(caller)

    def admit(self, call: Call) -> None:
        """Let a call be the trial, as `check`; a body that ended a worker before is refused for longer."""
        self._suspects.forget(self._clock())
        self._settle()
        self.check(call.caller)
        back_off = self._back_off(call.caller, call.body)
        if back_off is None:
            return
        if self._suspects.knows(call.body) and self._clock() < back_off.retry_at + back_off.waits_s:
            raise self.refusal(call.caller, call.body)
        if not back_off.busy:
            back_off.trial = call.answer

    def may_go(self, call: Call) -> bool:
        """Tell whether a call that waits needn't wait for the end of a trial."""
        back_off = self._back_off(call.caller, call.body)
        return back_off is None or not back_off.busy or back_off.trial is call.answer

    def passes_over(self, call: Call) -> bool:
        """Tell whether a call that may go isn't to be tried: its very body ended a worker before; else it's a trial."""
        back_off = self._back_off(call.caller, call.body)
        if back_off is None or back_off.trial is call.answer:
            return False
        if back_off.closed and self._suspects.knows(call.body):
            return True
        back_off.trial = call.answer
        return False

    def refusal(self, caller: str = "", body: Body | None = None) -> PipelineBroken:
        """Return the error that says why a call isn't tried and when trying again makes sense."""
        back_off = self._back_off(caller, body) or self._others
        wait_s = max(1, math.ceil(back_off.retry_at - self._clock()))
        if self.failure:
            details = {key: value for key, value in self.failure.to_json().items() if key != "message"}
            return PipelineBroken(f"The {self._label} can't run: {self.failure.message}", wait_s, **details)
        assert isinstance(back_off, Suspect)
        whose = "calls of yours," if self._suspects.waiting(caller) else "another's, with this body,"
        why = (
            f"The {self._label} doesn't run this now: its workers ended {back_off.losses} times in a row "
            f"while they ran {whose} the last in {back_off.last}."
        )
        return PipelineBroken(why, wait_s, step=back_off.step, kind=_LOST)

    def note_loss(self, step: str, place: str, how: str, call: Call, waiting: Iterable[Call]) -> list[Call]:
        """Count a worker that ended while it ran a call; return which of the waiting calls have no hope any more.

        A first loss too many leaves the calls that wait already: the first of them is the trial.
        """
        now = self._clock()
        back_off, hopeless = self._back_off(call.caller, call.body), []
        if back_off and back_off.closed:
            hopeless = [other for other in waiting if self._back_off(other.caller, other.body) is back_off]
            back_off.lengthen(now)
        suspect = self._suspects.add(call.caller, call.body, now, self._row)
        suspect.step, suspect.last = step, f"{place}: {how}"
        if self.failure or not suspect.closed:  # else it tells nothing new, and nothing about others
            self.losses += 1
        if self.failure or self.losses >= MOST_LOSSES:
            self._break(suspect, now)
        elif suspect.losses >= MOST_LOSSES and not suspect.closed:
            suspect.lengthen(now)
        self._settle()
        return hopeless

    def _break(self, last: Suspect, now: float) -> None:
        if self.failure and not last.closed and last.in_row == 1:
            self._first_losses += 1
        message = f"Its workers ended {self.losses} times in a row, the last in {last.last}."
        self.failure = Failure(last.step, _LOST, message)
        involved = [suspect for suspect in self._suspects if suspect.row == self._row]
        for suspect in involved:
            if suspect.in_row >= _CHANCES and not suspect.closed:
                suspect.lengthen(now)
        nobody_stands_out = not any(suspect.closed for suspect in involved)
        if (nobody_stands_out or self._first_losses >= _CHANCES) and not self._others.closed:
            self._others.lengthen(now)

    def note_answer(self, call: Call, well: bool) -> None:
        """Take notice of an answer: it works, for this caller and for those who lost nothing.

        An error of a script tells that only where it is a trial's.
        """
        if not well and not self._back_off(call.caller):
            return
        if self.failure and self._suspects.waiting(call.caller):
            self._suspects.clear_all()  # what ailed it is over
        self._suspects.clear(call.caller, call.body)
        for other in self._suspects:
            if other.losses < MOST_LOSSES:
                other.reset()
        self._be_whole()

    def note_failed_load(self, failure: Failure) -> None:
        """Take notice that no worker loads."""
        self.failure = failure
        self._others.lengthen(self._clock())
        self._settle()

    def note_load(self) -> None:
        """Take notice that a worker loaded: it is whole if that was what ailed it."""
        if self.failure and self.failure.kind != _LOST:
            self.failure = None
            if not self.losses:
                self._others.reset()
            self._settle()

    def heal(self) -> None:
        """Be whole: somebody says so."""
        self._suspects.clear_all()
        self._be_whole()

    def _be_whole(self) -> None:
        self.failure, self.losses, self._first_losses = None, 0, 0
        self._row += 1
        self._others.reset()
        self._suspects.forget(self._clock())
        self._settle()

    def _back_off(self, caller: str, body: Body | None = None) -> BackOff | None:
        """Return what such a call has to wait out."""
        if self.failure and self.failure.kind != _LOST:
            return self._others  # whoever calls, nothing loads
        return self._suspects.waiting(caller, body) or (self._others if self.failure else None)

    def _settle(self) -> None:
        now = self._clock()
        waiting = [suspect for suspect in self._suspects if suspect.closed]
        self.wary = bool(self.failure or self.losses or waiting)
        self.minds_answers = len(self._suspects) > 0
        for suspect in waiting:
            if not self.failure and not suspect.noted and now >= self._notes_at:
                suspect.noted, self._notes_at = True, now + _NOTES_EVERY_S
                self._note(
                    f"Calls of one caller ended workers {suspect.losses} times in a row, the last in {suspect.last}. "
                    "They have to wait; those of others go on."
                )
