"""The server's side of inspectors: one for each file, forked by a zygote that is there while files come."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sluice.workers.child.sandbox import Stage1
from sluice.workers.launch import Process
from sluice.workers.zygote import NotStarted, Zygote

_START_TIMEOUT_S = 60.0
_IDLE_S = 20.0  # then its 40 MB are worth more than the 0.4 s that the next file will take longer


class Inspectors:
    """Forks them.

    Args:
        rules: what the zygote may reach: all files that are ever inspected.
        uid: user and group that they become; None stays the server's.
    """

    def __init__(self, rules: Stage1, uid: int | None = None) -> None:
        self._rules = rules
        self._uid = uid
        self._starting: asyncio.Task[Zygote] | None = None
        self._users = 0
        self._idle: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()

    async def close(self) -> None:
        """End all there is."""
        self._end()
        if self._ending:
            await asyncio.wait(self._ending)

    @asynccontextmanager
    async def forked(self, rules: Stage1, descriptor: int) -> AsyncIterator[Process]:
        """Lend a new inspector, which waits for its one request on this socket; at the end it is gone.

        Args:
            rules: what it may reach of what the zygote may.
            descriptor: of its end of the socket.

        Raises:
            NotStarted: there is no process to be had.
        """
        self._users += 1
        self._stay()
        try:
            process = await self._fork(rules, descriptor)
            try:
                yield process
            finally:
                process.kill()
                await asyncio.shield(process.ended)
        finally:
            self._users -= 1
            if not self._users:
                self._idle = asyncio.get_running_loop().call_later(_IDLE_S, self._end)

    async def _fork(self, rules: Stage1, descriptor: int) -> Process:
        zygote = await self._zygote()
        try:
            return await zygote.fork_inspector(rules, descriptor)
        except NotStarted:  # it is gone, for which this file can do nothing
            return await (await self._zygote()).fork_inspector(rules, descriptor)

    async def _zygote(self) -> Zygote:
        starting = self._starting
        if starting is None or _is_lost(starting):
            starting = asyncio.create_task(Zygote.base(self._rules, _START_TIMEOUT_S, role="inspectors", uid=self._uid))
            self._starting = starting
        return await asyncio.shield(starting)

    def _stay(self) -> None:
        if self._idle:
            self._idle.cancel()
            self._idle = None

    def _end(self) -> None:
        self._stay()
        if starting := self._starting:
            self._starting = None
            ending = asyncio.create_task(_close(starting))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)


def _is_lost(starting: asyncio.Task[Zygote]) -> bool:
    if not starting.done():
        return False
    return starting.cancelled() or starting.exception() is not None or not starting.result().alive


async def _close(starting: asyncio.Task[Zygote]) -> None:
    starting.cancel()  # harmless if it has started already
    with contextlib.suppress(NotStarted, asyncio.CancelledError):
        await (await starting).close()
