"""One timer for the deadlines of many calls: one for each would cost more than all else in handing a call on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from sluice.workers.call import Call

_EARLY_S = 0.001  # the event loop's clock counts milliseconds


class Deadlines:
    """Watches the unfinished calls of one pool.

    The timer is set to the earliest deadline that was ever told. When it fires, usually long after that call was
    answered, it is set to the earliest that is left.

    Args:
        unfinished: returns the calls that may still be late.
        expire: told each call that is.
    """

    def __init__(self, unfinished: Callable[[], Iterable[Call]], expire: Callable[[Call], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._unfinished = unfinished
        self._expire = expire
        self._timer: asyncio.TimerHandle | None = None
        self._fires_at = float("inf")

    def watch(self, deadline_at: float) -> None:
        """Take notice of one more deadline."""
        if deadline_at < self._fires_at:
            self._set(deadline_at)

    def close(self) -> None:
        """Forget the timer, which would keep a closed pool in memory until it fires."""
        if self._timer:
            self._timer.cancel()

    def _set(self, fires_at: float) -> None:
        if self._timer:
            self._timer.cancel()
        self._fires_at = fires_at
        self._timer = self._loop.call_at(fires_at, self._fire)

    def _fire(self) -> None:
        self._timer, self._fires_at = None, float("inf")
        now = self._loop.time() + _EARLY_S
        for call in list(self._unfinished()):
            if call.answer.done():
                continue
            if call.deadline_at <= now:
                self._expire(call)
            else:
                self.watch(call.deadline_at)
