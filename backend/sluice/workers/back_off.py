"""How long those have to wait whose calls ended workers."""

from __future__ import annotations

from sluice.workers.call import Reply

FIRST_BACK_OFF_S = 0.5
MOST_BACK_OFF_S = 60.0


class BackOff:
    """A time to wait that doubles with each loss, and after it one call at a time, the trial.

    Attributes:
        retry_at: when the next trial may come, as the event loop counts.
        waits_s: how long that was from the last loss; 0.0 while nobody has to wait.
        trial: the last call that was tried.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Let everybody in."""
        self.retry_at = self.waits_s = 0.0
        self.trial: Reply | None = None

    def lengthen(self, now: float) -> None:
        """Have them wait anew, and twice as long as the last time."""
        self.waits_s = min(self.waits_s * 2, MOST_BACK_OFF_S) or FIRST_BACK_OFF_S
        self.retry_at = now + self.waits_s
        self.trial = None

    @property
    def closed(self) -> bool:
        """Whether there was a loss: until it is reset they wait, and are tried one at a time."""
        return self.waits_s > 0.0

    @property
    def busy(self) -> bool:
        """Whether a trial is under way whose end others have to wait for."""
        return self.closed and self.trial is not None and not self.trial.done()
