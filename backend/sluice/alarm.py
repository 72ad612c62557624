"""A timer that costs nothing to be told of one more deadline."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

EARLY_S = 0.001
"""By how much it may ring early: the event loop's clock counts milliseconds."""


class Alarm:
    """Rings once, at the earliest time that it was told since it rang last.

    It is never set to a later time or cancelled because something came in time, which would cost more than all else in
    handing on a small call: who is rung looks whether anything is late, and tells the next time if not.

    Args:
        loop: whose clock counts.
        ring: called when it is time.
    """

    __slots__ = ("_loop", "_ring", "_rings_at", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> None:
        self._loop = loop
        self._ring = ring
        self._rings_at = math.inf
        self._timer: asyncio.TimerHandle | None = None

    def set(self, at: float) -> None:
        """Ring at this event loop time, or earlier."""
        if at < self._rings_at:
            self.cancel()
            self._rings_at = at
            self._timer = self._loop.call_at(at, self._fire)

    def cancel(self) -> None:
        """Don't ring; what it was told is forgotten."""
        if self._timer:
            self._timer.cancel()
        self._timer, self._rings_at = None, math.inf

    def _fire(self) -> None:
        self._timer, self._rings_at = None, math.inf
        self._ring()
