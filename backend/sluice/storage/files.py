"""Keeps uploaded files under the hash of their content; names live in the database only.

    incoming/<random>   being received or looked at; worth nothing after a crash
    blobs/<sha256>      kept; never written again

A file is safe once its row is committed: receive -> flush -> keep -> commit the row. Whatever no row names is swept
away at the next start.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import aiofiles

from sluice.errors import DiskFull, EmptyUpload, TooLarge

WRITE_BYTES = 1024 * 1024

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

T = TypeVar("T")


@dataclass(frozen=True)
class StagedFile:
    """A file that arrived whole but isn't kept yet: `keep` or `discard` it."""

    path: Path
    sha256: str
    size_bytes: int


class FileStore:
    """The files of one data folder.

    Attributes:
        environments: folder beside them of what scripts import.
    """

    def __init__(self, folder: Path) -> None:
        self._blobs = folder / "blobs"
        self._incoming = folder / "incoming"
        self.environments = folder / "environments"

    async def prepare(self) -> None:
        """Make the folders where they are missing."""

        def make() -> None:
            self._blobs.mkdir(parents=True, exist_ok=True)
            self._incoming.mkdir(exist_ok=True)

        await _in_thread(make)

    @property
    def kept(self) -> Path:
        """The folder with every kept file."""
        return self._blobs

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folders of all files, kept or not."""
        return self._incoming, self._blobs

    def path(self, sha256: str) -> Path:
        """Return where the kept file of this content lies."""
        return self._blobs / sha256

    @asynccontextmanager
    async def reserved(self) -> AsyncIterator[Path]:
        """Lend a path where a file can be made and `adopt`ed; what lies there at the end is removed."""
        path = self._new_path()
        try:
            yield path
        finally:
            await self._unlink(path)

    async def receive(self, chunks: AsyncIterator[bytes], limit_bytes: int) -> StagedFile:
        """Write what streams in to a staged file, hashing and counting on the way.

        Whatever goes wrong, cancelling included, leaves nothing behind.

        Raises:
            EmptyUpload: not one byte came.
            TooLarge: more than `limit_bytes` came.
            DiskFull: no space, or a quota, is left.
        """
        path = self._new_path()
        digest = hashlib.sha256()
        size_bytes = 0
        try:
            with _disk_full():
                async with aiofiles.open(path, "xb") as file, aclosing(_coalesced(chunks)) as blocks:
                    async for block in blocks:
                        size_bytes += len(block)
                        if size_bytes > limit_bytes:
                            raise TooLarge(f"The file is above the limit of {limit_bytes} bytes.", limit_bytes)
                        await asyncio.gather(file.write(block), asyncio.to_thread(digest.update, block))
            if not size_bytes:
                raise EmptyUpload("The file is empty.")
        except BaseException:
            await self._unlink(path)
            raise
        return StagedFile(path, digest.hexdigest(), size_bytes)

    async def adopt(self, path: Path) -> StagedFile:
        """Turn a file that was made at a `reserved` path into a staged one."""

        def measured() -> StagedFile:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256")
                return StagedFile(path, digest.hexdigest(), file.tell())

        return await _in_thread(measured)

    async def discard(self, staged: StagedFile) -> None:
        """Remove a staged file; one that was kept or discarded already is no error."""
        await self._unlink(staged.path)

    async def flush(self, staged: StagedFile) -> None:
        """Bring a staged file's bytes to the disk, which may take a second for a large one.

        Raises:
            DiskFull: the file system found only now that it has no room.
        """

        def sync() -> None:
            with staged.path.open("rb") as file:
                os.fsync(file.fileno())

        await _in_thread(sync)

    async def keep(self, staged: StagedFile) -> None:
        """Move a flushed file to its place; it survives a power cut from here on."""

        def move() -> None:
            # Not a hard link: onnxruntime must never see a file that has a second name.
            os.replace(staged.path, self.path(staged.sha256))
            _sync_folder(self._blobs)

        await _in_thread(move)

    async def remove(self, sha256: str) -> None:
        """Remove a kept file; the caller made sure that no row names it."""
        await self._unlink(self.path(sha256))

    async def remove_unnamed(self, named: set[str]) -> int:
        """Remove every file that isn't in `named`, and all that is staged; return how many there were.

        Only for the start, when nothing is on its way.
        """

        def sweep() -> int:
            leftover = [f for f in self._blobs.iterdir() if f.name not in named] + list(self._incoming.iterdir())
            for file in leftover:
                file.unlink()
            return len(leftover)

        return await _in_thread(sweep)

    async def missing(self, named: set[str]) -> set[str]:
        """Return which of `named` have no file."""
        return named - await _in_thread(lambda: {f.name for f in self._blobs.iterdir()})

    def _new_path(self) -> Path:
        return self._incoming / uuid4().hex

    async def _unlink(self, path: Path) -> None:
        # Shielded: a caller that is cancelled a second time must not leave the file behind.
        await asyncio.shield(asyncio.to_thread(path.unlink, missing_ok=True))


async def _coalesced(chunks: AsyncIterator[bytes]) -> AsyncGenerator[bytes, None]:
    """Join what arrives in network-sized pieces into large ones: each write is a hop to a thread."""
    pending: list[bytes] = []
    pending_bytes = 0
    async for chunk in chunks:
        pending.append(chunk)
        pending_bytes += len(chunk)
        if pending_bytes >= WRITE_BYTES:
            yield b"".join(pending)
            pending, pending_bytes = [], 0
    if pending_bytes:
        yield b"".join(pending)


@contextmanager
def _disk_full() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise DiskFull("The disk is full. Nothing was stored; what is there stays readable.") from error
        raise


async def _in_thread(work: Callable[[], T]) -> T:
    with _disk_full():
        return await asyncio.to_thread(work)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
