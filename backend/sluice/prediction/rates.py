"""How often each caller may predict."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from sluice.errors import RateExceeded

_MANY = 4096


class Rates:
    """Counts the calls of each caller: so many a second on average, and at most those of one second at once.

    What is kept of a caller is one moment: when his calls so far would be through, had they come evenly ("generic cell
    rate algorithm").

    Args:
        per_s: calls a second; 0 is no limit.
        clock: seconds.
    """

    def __init__(self, per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_s = per_s
        self._clock = clock
        # With fewer than one a second, one at once is what there must be.
        self._ahead_s = (max(per_s, 1.0) - 1.0) / per_s if per_s else math.inf
        self._through_at: dict[str, float] = {}

    def take(self, caller: str) -> None:
        """Count one call.

        Raises:
            RateExceeded: it is one too many, and doesn't count.
        """
        if self._per_s:
            self._through_at[caller] = self._next(caller) + 1.0 / self._per_s

    def check(self, caller: str) -> None:
        """Raise what `take` would now, and count nothing."""
        if self._per_s:
            self._next(caller)

    def _next(self, caller: str) -> float:
        now = self._clock()
        if len(self._through_at) > _MANY:
            self._through_at = {who: at for who, at in self._through_at.items() if at > now}
        through_at = max(self._through_at.get(caller, 0.0), now)
        wait_s = through_at - now - self._ahead_s
        if wait_s > 1e-6:  # what calls that come evenly differ by
            raise RateExceeded(
                f"One caller may make {self._per_s:g} predictions a second (SLUICE_RATE_LIMIT). Try again later.",
                math.ceil(wait_s),
            )
        return through_at
