"""How the catalog changes: one change at a time, each to its end, so that files, rows and snapshot always agree.

Adding: file kept -> row committed -> snapshot swapped. Deleting: row gone -> snapshot swapped -> workers ended -> file
removed. Replacing is both: the new file first, the old one last.
A crash in between leaves at worst a file that no row names, which the next start removes.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sluice.catalog.snapshot import Current, Entity, Snapshot
from sluice.entities import Model, Pipeline, Resource
from sluice.storage.blobs import is_named
from sluice.storage.files import FileStore, StagedFile

log = logging.getLogger(__name__)

T = TypeVar("T")
E = TypeVar("E", Model, Resource, Pipeline)


class Changes:
    """Makes the changes of one catalog. Whatever is slow (uploads, inspections, loading) belongs before them."""

    def __init__(self, files: FileStore, current: Current) -> None:
        self._files = files
        self._current = current
        self._turn = asyncio.Lock()
        self._running: set[asyncio.Task[Any]] = set()
        self._cleaning: set[asyncio.Task[Any]] = set()
        self._held: Counter[str] = Counter()

    async def add(self, entity: E, write: Callable[[], Awaitable[None]], file: StagedFile | None = None) -> E:
        """Commit what `write` writes, show the entity to everybody and return it.

        Args:
            entity: what is new.
            write: commits its rows, or raises.
            file: kept before the row; it goes again when there is no row.
        """
        if file:
            await self._files.flush(file)  # takes long for a large file, so before its turn

        async def change() -> E:
            if file:
                await self._files.keep(file)
            try:
                await write()
            except BaseException:
                if file:
                    await self._take_back(file.sha256)
                raise
            self._current.value = self._current.value.adding(entity)
            return entity

        return await self._make(change)

    async def remove(
        self,
        find: Callable[[Snapshot], Sequence[E]],
        write: Callable[[Sequence[E]], Awaitable[None]],
        end: Callable[[Sequence[E]], Awaitable[None]] | None = None,
    ) -> None:
        """Delete what `find` finds when its turn comes, all of it or nothing.

        Args:
            find: returns it, or raises.
            write: removes the rows, or raises and removes none.
            end: ends what works with it, before the files go; nobody waits for it.
        """

        async def change() -> None:
            entities = find(self._current.value)
            await write(entities)
            for entity in entities:
                self._current.value = self._current.value.removing(entity)
            if end:
                _start(self._clean_up(lambda: end(entities), _files_of(entities)), self._cleaning)
            else:
                for sha256 in _files_of(entities):
                    await self._remove_unnamed(sha256)

        await self._make(change)

    @asynccontextmanager
    async def holding(self, file: StagedFile) -> AsyncIterator[None]:
        """Keep a file while the block runs, so that workers can load it; without a row it goes at the end."""
        await self._files.flush(file)
        self._held[file.sha256] += 1

        async def keep() -> None:
            await self._files.keep(file)

        async def let_go() -> None:
            self._held[file.sha256] -= 1
            if not self._held[file.sha256]:
                del self._held[file.sha256]
            await self._take_back(file.sha256)

        try:
            await self._make(keep)
            yield
        finally:
            await self._make(let_go)

    async def replace(
        self,
        choose: Callable[[Snapshot], Sequence[Entity]],
        write: Callable[[], Awaitable[None]],
        end_old: Callable[[], Awaitable[None]],
    ) -> None:
        """Put new revisions in the place of the current ones.

        Args:
            choose: returns them when their turn comes, or raises because something changed meanwhile.
            write: commits their rows, or raises.
            end_old: ends what works with the old revisions, whose files go afterwards; nobody waits for it.
        """

        async def change() -> None:
            before = self._current.value
            entities = choose(before)
            await write()
            self._current.value = before.replacing(entities)
            old = [before.find(entity.id) for entity in entities]
            _start(self._clean_up(end_old, _files_of(old)), self._cleaning)

        await self._make(change)

    async def renew(self, file: StagedFile) -> None:
        """Put a file in the place of the kept one with the same content, which may be missing or damaged by now."""
        await self._files.flush(file)

        async def change() -> None:
            if await is_named(file.sha256):
                await self._files.keep(file)

        await self._make(change)

    async def settle(self) -> None:
        """Return once every change that was begun has ended."""
        while self._running:
            await asyncio.wait(self._running)

    async def cleaned(self) -> None:
        """Return once nothing of what was replaced is left."""
        while self._cleaning:
            await asyncio.wait(self._cleaning)

    async def _clean_up(self, end_old: Callable[[], Awaitable[None]], files: Sequence[str]) -> None:
        await end_old()
        async with self._turn:
            for sha256 in files:
                await self._take_back(sha256)

    async def _make(self, change: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a change in its turn; a caller that is cancelled doesn't stop it, for half a change is worse."""

        async def in_turn() -> T:
            async with self._turn:
                return await change()

        return await asyncio.shield(_start(in_turn(), self._running))

    async def _take_back(self, sha256: str) -> None:
        try:
            await self._remove_unnamed(sha256)
        except Exception:  # whatever kept the row from being written; that is what the caller must hear of
            log.warning("The file %s stays until the next start: nobody can tell whether a row names it", sha256)

    async def _remove_unnamed(self, sha256: str) -> None:
        if sha256 not in self._held and not await is_named(sha256):
            await self._files.remove(sha256)


def _files_of(entities: Iterable[Entity | None]) -> list[str]:
    return [entity.sha256 for entity in entities if isinstance(entity, Model | Resource)]


def _start(work: Coroutine[Any, Any, T], tasks: set[asyncio.Task[Any]]) -> asyncio.Task[T]:
    """Run it as one of these tasks, until it ends."""

    def forget(task: asyncio.Task[Any]) -> None:
        tasks.discard(task)
        if not task.cancelled():
            task.exception()  # seen, also where the caller has left

    task = asyncio.create_task(work)
    tasks.add(task)
    task.add_done_callback(forget)
    return task
