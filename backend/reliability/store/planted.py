"""Bugs as one could write them, put into the product's classes of this process only: the harness must find each."""

from __future__ import annotations

import hashlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

from sluice.catalog.changes import Changes
from sluice.errors import DiskFull
from sluice.storage import files, sqlite
from sluice.storage.files import FileStore, StagedFile


def _no_fsync() -> None:
    async def flush(self: FileStore, staged: StagedFile) -> None:
        """Trust the operating system."""

    FileStore.flush = flush  # type: ignore[method-assign]


def _no_fsync_of_the_folder() -> None:
    files._sync_folder = lambda folder: None


def _fsync_after_the_rename() -> None:
    async def flush(self: FileStore, staged: StagedFile) -> None:
        """Leave it to `keep`."""

    async def keep(self: FileStore, staged: StagedFile) -> None:
        os.replace(staged.path, self.path(staged.sha256))
        with self.path(staged.sha256).open("rb") as file:
            os.fsync(file.fileno())
        files._sync_folder(self.kept)

    FileStore.flush, FileStore.keep = flush, keep  # type: ignore[method-assign]


def _row_before_file() -> None:
    async def add(
        self: Changes, entity: Any, write: Callable[[], Awaitable[None]], file: StagedFile | None = None
    ) -> Any:
        await write()
        if file:
            await self._files.flush(file)
            await self._files.keep(file)
        self._current.value = self._current.value.adding(entity)
        return entity

    Changes.add = add  # type: ignore[method-assign]


def _file_goes_before_its_row() -> None:
    remove = Changes.remove

    async def eager(self: Changes, find: Any, write: Callable[[Any], Awaitable[None]], end: Any = None) -> None:
        async def write_late(entities: Any) -> None:
            for entity in entities:
                await self._files.remove(entity.sha256)
            await write(entities)

        await remove(self, find, write_late, end)

    Changes.remove = eager  # type: ignore[method-assign]


def _shared_files_go() -> None:
    async def remove(self: Changes, sha256: str) -> None:
        await self._files.remove(sha256)

    Changes._remove_unnamed = remove  # type: ignore[method-assign]


def _no_sweep() -> None:
    async def remove_unnamed(self: FileStore, named: set[str]) -> int:
        return 0

    FileStore.remove_unnamed = remove_unnamed  # type: ignore[method-assign]


def _errors_of_writing_are_swallowed() -> None:
    receive = FileStore.receive

    async def careless(self: FileStore, chunks: AsyncIterator[bytes], limit_bytes: int) -> StagedFile:
        whole = b"".join([chunk async for chunk in chunks])

        async def again() -> AsyncIterator[bytes]:
            yield whole

        try:
            return await receive(self, again(), limit_bytes)
        except DiskFull:
            path = self._new_path()
            path.write_bytes(whole[: len(whole) // 2])
            return StagedFile(path, hashlib.sha256(whole).hexdigest(), len(whole))

    FileStore.receive = careless  # type: ignore[method-assign]


def _database_without_sync() -> None:
    credentials = sqlite.credentials
    sqlite.credentials = lambda file: credentials(file) | {"synchronous": "OFF"}


PLANTED: dict[str, Callable[[], None]] = {
    plant.__name__.strip("_").replace("_", " "): plant
    for plant in (
        _no_fsync,
        _no_fsync_of_the_folder,
        _fsync_after_the_rename,
        _row_before_file,
        _file_goes_before_its_row,
        _shared_files_go,
        _no_sweep,
        _errors_of_writing_are_swallowed,
        _database_without_sync,
    )
}
