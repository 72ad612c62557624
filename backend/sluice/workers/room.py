"""Whether the machine has room for one more worker process: found out by trying, once one couldn't be started."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import shutil
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from sluice.workers.messages import Failure
from sluice.workers.shortage import failure_of, no_process
from sluice.workers.zygote import NotStarted

log = logging.getLogger(__name__)

_PAUSE_S = 1.0
# About what a worker takes: its sockets and shared files, and its pipeline's scripts.
_PAIRS = 4
_FILE_BYTES = 64 << 10


class Room:
    """Costs nothing until somebody doubts; then it tries once, and if that fails, each second until there is room.

    So what ails a single pipeline says nothing about the machine, and room is found again without anybody's call.

    Args:
        folder: where workers have their files.
        fork: forks a process, or raises NotStarted.
        found: called when there is room again.

    Attributes:
        lacking: why no process can be started, in a sentence; None as far as is known.
    """

    def __init__(self, folder: Path, fork: Callable[[], Awaitable[None]], found: Callable[[], None]) -> None:
        self._folder = folder
        self._fork = fork
        self._found = found
        self._trying: asyncio.Task[None] | None = None
        self._taking: asyncio.Task[None] | None = None
        self.lacking: str | None = None

    @property
    def trying(self) -> bool:
        """Whether it is being found out."""
        return self._trying is not None

    def doubt(self) -> None:
        """Find out whether any process can be started, for one couldn't."""
        if self._trying is None:
            self._trying = asyncio.create_task(self._try())

    async def close(self) -> None:
        """Try no longer."""
        if self._trying:
            self._trying.cancel()
            await asyncio.wait([self._trying])
        if self._taking:
            with contextlib.suppress(Exception):  # the attempt has seen it
                await self._taking

    async def _try(self) -> None:
        while failure := await self._attempt():
            if failure.message != self.lacking:
                log.error("not ready: %s", failure.message)
            self.lacking = failure.message
            await asyncio.sleep(_PAUSE_S)
        self._trying = None
        if self.lacking:
            self.lacking = None
            log.warning("worker processes can be started again")
            self._found()

    async def _attempt(self) -> Failure | None:
        try:
            self._taking = asyncio.create_task(asyncio.to_thread(_take, self._folder))
            await asyncio.shield(self._taking)  # a thread can't be cancelled, and `close` waits for it
            await self._fork()
        except NotStarted as not_started:
            return not_started.failure
        except Exception as error:
            if not (failure := failure_of(error)):
                log.exception("no trial whether worker processes can be started")
                failure = no_process("the server's log says why")
            return failure
        return None


def _take(folder: Path) -> None:
    """Take what a worker takes, and give it back."""
    made = folder / "room"
    with contextlib.ExitStack() as stack:
        for _ in range(_PAIRS):
            for end in socket.socketpair():
                stack.enter_context(end)
        made.mkdir(parents=True, exist_ok=True)
        stack.callback(shutil.rmtree, made)
        (made / "file").write_bytes(bytes(_FILE_BYTES))
