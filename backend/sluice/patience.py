"""A deadline that is set anew at every turn, without a timer for each."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

_EARLY_S = 0.001  # the event loop's clock counts milliseconds


class Patience:
    """Waits for one thing at a time, and calls back when it doesn't come.

    The timer isn't cancelled and set again each time: when it fires, it looks whether there is still time.
    """

    __slots__ = ("_ends_at", "_fires_at", "_loop", "_then", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._timer: asyncio.TimerHandle | None = None
        self._fires_at = math.inf
        self._ends_at = math.inf
        self._then: Callable[[], None] | None = None

    def wait(self, delay_s: float, then: Callable[[], None]) -> None:
        """Call `then` after a delay, and not what was to be called before."""
        self._ends_at = ends_at = self._loop.time() + delay_s
        self._then = then
        if ends_at < self._fires_at:
            self._set(ends_at)

    def rest(self) -> None:
        """Call nothing."""
        self._ends_at = math.inf

    def end(self) -> None:
        """Call nothing any more."""
        self._ends_at = math.inf
        if self._timer:
            self._timer.cancel()

    def _set(self, fires_at: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._fires_at = fires_at
        self._timer = self._loop.call_at(fires_at, self._fire)

    def _fire(self) -> None:
        self._timer, self._fires_at = None, math.inf
        if self._ends_at == math.inf:
            return
        if self._loop.time() + _EARLY_S < self._ends_at:
            self._set(self._ends_at)
        else:
            self._ends_at = math.inf
            assert self._then
            self._then()
