"""A deadline that is set anew at every turn, without a timer for each."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from sluice.alarm import EARLY_S, Alarm


class Patience:
    """Waits for one thing at a time, and calls back when it doesn't come."""

    __slots__ = ("_alarm", "_ends_at", "_loop", "_then")

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._alarm = Alarm(loop, self._ring)
        self._ends_at = math.inf
        self._then: Callable[[], None] | None = None

    def wait(self, delay_s: float, then: Callable[[], None]) -> None:
        """Call `then` after a delay, and not what was to be called before."""
        self._ends_at = ends_at = self._loop.time() + delay_s
        self._then = then
        self._alarm.set(ends_at)

    def rest(self) -> None:
        """Call nothing."""
        self._ends_at = math.inf

    def end(self) -> None:
        """Call nothing any more."""
        self._ends_at = math.inf
        self._alarm.cancel()

    def _ring(self) -> None:
        if self._ends_at == math.inf:
            return
        if self._loop.time() + EARLY_S < self._ends_at:
            self._alarm.set(self._ends_at)
        else:
            self._ends_at = math.inf
            assert self._then
            self._then()
