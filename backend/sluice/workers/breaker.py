"""Whether a pipeline is tried at all: for a while not, once it doesn't load or its workers were lost time and again."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

from sluice.errors import PipelineBroken
from sluice.workers.body import Body
from sluice.workers.call import Reply
from sluice.workers.messages import Failure

MOST_LOSSES = 5
FIRST_BACK_OFF_S = 0.5
MOST_BACK_OFF_S = 60.0
_LOST = "workers-lost"
_MOST_SUSPECTS = 64


class Breaker:
    """Refuses calls while there is no hope, and lets a single one try now and then.

    ```
              MOST_LOSSES workers lost in a row · no worker loads
      whole ─────────────────────────────────────────────────────▶ broken ──┐ back-off over: one call is let through
        ▲                                                            │  ▲   │
        └──── a trial comes through · somebody mends or retries ─────┘  └───┘ it ends its worker: a longer back-off
    ```

    So an input that kills workers can't close a pipeline for everybody: the first other one opens it again. One that
    ended a worker before has to wait for twice as long, so that others have their turn first. A call that missed its
    deadline, or whose client left, tells neither way.

    Args:
        label: of the pipeline, for messages.
        clock: seconds, as the event loop counts them.
    """

    def __init__(self, label: str, clock: Callable[[], float]) -> None:
        self._label = label
        self._clock = clock
        self._back_off_s = FIRST_BACK_OFF_S
        self._retry_at = 0.0
        self._waits_s = 0.0
        self._trial: Reply | None = None
        self._suspects: deque[int] = deque(maxlen=_MOST_SUSPECTS)
        self.failure: Failure | None = None
        self.losses = 0

    def check(self) -> None:
        """Return if a call could be the trial; not to be asked while all is well.

        Raises:
            PipelineBroken: it couldn't.
        """
        if self._clock() < self._retry_at or (self._trial and not self._trial.done()):
            raise self.refusal()

    def admit(self, call: Reply, body: Body) -> None:
        """Let a call be the trial, as `check`; one that ended a worker before is refused for longer."""
        self.check()
        if self._is_suspect(body) and self._clock() < self._retry_at + self._waits_s:
            raise self.refusal()
        self._trial = call

    def passes_over(self, call: Reply, body: Body) -> bool:
        """Tell whether a call that waited when it broke isn't to be tried: its very input ended a worker before."""
        return self.failure is not None and call is not self._trial and self._is_suspect(body)

    def refusal(self) -> PipelineBroken:
        """Return the error that says why it is broken and when trying again makes sense."""
        assert self.failure
        details = {key: value for key, value in self.failure.to_json().items() if key != "message"}
        wait_s = max(1, math.ceil(self._retry_at - self._clock()))
        return PipelineBroken(f"The {self._label} can't run: {self.failure.message}", wait_s, **details)

    def note_loss(self, step: str, place: str, how: str, body: Body) -> bool:
        """Count a worker that ended while it ran a call; tell whether no further call should be tried now.

        The loss that breaks it leaves the calls that wait already: the first of them is the trial.
        """
        was_broken = self.failure is not None
        self.losses += 1
        if isinstance(body, bytes):
            self._suspects.append(hash(body))
        if not was_broken and self.losses < MOST_LOSSES:
            return False
        message = f"Its workers ended {self.losses} times in a row, the last in {place}: {how}."
        self._break(Failure(step, _LOST, message))
        return was_broken

    def note_failed_load(self, failure: Failure) -> None:
        """Take notice that no worker loads."""
        self._break(failure)

    def note_load(self) -> None:
        """Take notice that a worker loaded: it is whole if that was what ailed it."""
        if self.failure and self.failure.kind != _LOST:
            self.failure = None
            if not self.losses:
                self.heal()

    def heal(self) -> None:
        """Be whole: it works, or somebody says so."""
        self.failure, self.losses, self._trial = None, 0, None
        self._back_off_s = FIRST_BACK_OFF_S

    def _is_suspect(self, body: Body) -> bool:
        return isinstance(body, bytes) and hash(body) in self._suspects

    def _break(self, failure: Failure) -> None:
        self.failure, self._trial = failure, None
        self._waits_s = self._back_off_s
        self._retry_at = self._clock() + self._waits_s
        self._back_off_s = min(self._back_off_s * 2, MOST_BACK_OFF_S)
