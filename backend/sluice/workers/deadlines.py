"""One timer for the deadlines of many calls: one for each would cost more than all else in handing a call on."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

from sluice.alarm import EARLY_S, Alarm
from sluice.workers.call import Call


class Deadlines:
    """Watches the unfinished calls of one pool.

    Args:
        unfinished: returns the calls that may still be late.
        expire: told each call that is.
    """

    def __init__(self, unfinished: Callable[[], Iterable[Call]], expire: Callable[[Call], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._unfinished = unfinished
        self._expire = expire
        self._alarm = Alarm(self._loop, self._look)

    def watch(self, deadline_at: float) -> None:
        """Take notice of one more deadline."""
        self._alarm.set(deadline_at)

    def close(self) -> None:
        """Forget the timer, which would keep a closed pool in memory until it rings."""
        self._alarm.cancel()

    def _look(self) -> None:
        now = self._loop.time() + EARLY_S
        for call in list(self._unfinished()):
            if call.answer.done():
                continue
            if call.deadline_at <= now:
                self._expire(call)
            else:
                self._alarm.set(call.deadline_at)
