"""Restores a backup into an empty data folder and, where there is one, an empty PostgreSQL database.

Everything is read, compared with the manifest and filled in a folder `restoring` first. Only then is it moved to its
place, and that folder goes last: as long as it is there no server starts, and the restore can be begun again.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from tortoise.transactions import in_transaction

from sluice.storage.backup import archive
from sluice.storage.backup.archive import ROWS, Manifest, NotWhole
from sluice.storage.backup.making import MIB, Bar
from sluice.storage.backup.rows import fitted, from_line
from sluice.storage.config import POSTGRES
from sluice.storage.database import connected, usable
from sluice.storage.folder import DataFolder, owned
from sluice.storage.upgrade import known_tables, upgrade

_BATCH = 200
_FILLED = ("blobs", "environments", "sluice.db", "folder-id")
"""What a restore puts into a data folder."""
_NOTHING = frozenset({"lock", "lost+found"})
"""What may lie in an empty one."""
_POSTGRES_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
_POSTGRES_COLUMNS = (
    "SELECT column_name AS name, data_type AS type FROM information_schema.columns "
    "WHERE table_schema = current_schema() AND table_name = '{0}' ORDER BY ordinal_position"
)
_POSTGRES_COUNTED = (
    "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = current_schema() "
    "AND table_name = '{0}' AND (column_default LIKE 'nextval(%' OR is_identity = 'YES')"
)
_POSTGRES_COUNT_ON = "SELECT setval(pg_get_serial_sequence('{0}', '{1}'), max({1})) FROM {0}"


class CannotRestore(Exception):
    """The backup can't be restored; the message says why and what to do. Nothing was changed."""


async def restore(source: Path, folder: Path, url: str | None, bar: Bar) -> Manifest:
    """Fill a data folder, made where it is missing, and its database with what a backup holds; return its manifest.

    Args:
        source: the backup, of whichever database.
        folder: the data folder.
        url: of a PostgreSQL database; without it the database is made in the folder.
        bar: shows how far it is.

    Raises:
        CannotRestore: the backup isn't whole, or there is something in the folder or the database.
        CannotOpen: the folder or the database can't be used.
    """
    with owned(folder, restoring=True) as data_folder, _emptied_by_failure(data_folder):
        drafts = data_folder.restoring
        (drafts / "blobs").mkdir(parents=True, mode=0o700)
        manifest = await _read(source, drafts, bar)
        with usable(drafts, url):
            async with _filled(drafts, url, manifest) as folder_id:
                await asyncio.to_thread(_settle, data_folder, folder_id)
        await asyncio.to_thread(shutil.rmtree, drafts)
        _sync(data_folder.path)
    return manifest


async def check(source: Path, bar: Bar) -> Manifest:
    """Read a backup to its end and return its manifest, but restore nothing.

    Raises:
        CannotRestore: it isn't whole.
    """
    return await _read(source, None, bar)


async def _read(source: Path, drafts: Path | None, bar: Bar) -> Manifest:
    def take(name: str) -> Path | None:
        if drafts:
            (drafts / name).parent.mkdir(parents=True, exist_ok=True)
        return drafts and drafts / name

    size_bytes = (await asyncio.to_thread(source.stat)).st_size
    with bar(size_bytes // MIB + 1) as done:
        try:
            manifest = await asyncio.to_thread(archive.read, source, take, lambda count: done(count // MIB))
        except NotWhole as error:
            raise CannotRestore(f"The backup '{source}' can't be used. {error} Nothing was restored.") from error
    if drafts:
        await asyncio.to_thread(_remove_gone, drafts / "blobs", manifest.blobs)
    return manifest


def _remove_gone(blobs: Path, named: set[str]) -> None:
    """Remove what was deleted while the backup was made."""
    for file in blobs.iterdir():
        if file.name not in named:
            file.unlink()


@contextmanager
def _emptied_by_failure(folder: DataFolder) -> Iterator[None]:
    """Begin with an empty folder, and leave one behind when the block fails."""
    there = {entry.name for entry in folder.path.iterdir()} - _NOTHING
    if folder.restoring.exists():
        there -= {folder.restoring.name, *_FILLED}
    if there:
        raise CannotRestore(
            f"The data folder '{folder.path}' isn't empty ({', '.join(sorted(there)[:5])}), and nothing in it is "
            "overwritten. Name an empty one by SLUICE_DATA_DIR (--data-dir), or move this one away."
        )
    _empty(folder)
    try:
        yield
    except BaseException:
        _empty(folder)
        raise


def _empty(folder: DataFolder) -> None:
    # What tells that the rest is worth nothing goes last.
    for path in (*(folder.path / name for name in _FILLED), folder.restoring):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


@asynccontextmanager
async def _filled(drafts: Path, url: str | None, manifest: Manifest) -> AsyncIterator[str]:
    """Give the folder's id once the database is filled and up to date; PostgreSQL commits when the block has ended."""
    if url is None:
        async with connected(drafts, None) as connection:
            folder_id = await _fill(connection, drafts, manifest)
        yield folder_id
        return
    async with connected(drafts, url), in_transaction() as transaction:
        there = {row["table_name"] for row in await transaction.execute_query_dict(_POSTGRES_TABLES)}
        if filled := there & {*known_tables(), "tortoise_migrations"}:
            raise CannotRestore(
                f"The database in SLUICE_DATABASE_URL isn't empty (it has {', '.join(sorted(filled)[:5])}), and "
                "nothing in it is overwritten. Make a new one."
            )
        yield await _fill(transaction, drafts, manifest)


async def _fill(connection: Any, drafts: Path, manifest: Manifest) -> str:
    """Bring a new database to where the backup's was, write its rows, bring it up to date; return the folder's id."""

    async def never_copied(_: str) -> None:
        """It is the copy."""

    await upgrade(connection, never_copied, manifest.migrations)
    counts = dict.fromkeys(manifest.tables, 0)
    with (drafts / ROWS).open("rb") as lines:
        for table, group in groupby(map(from_line, lines), key=lambda line: line[0]):
            counts[table] = await _insert(connection, table, (row for _, row in group))
    if counts != manifest.tables:
        raise CannotRestore("The backup's rows aren't those that its manifest counts. Nothing was restored.")
    await upgrade(connection, never_copied)
    [found] = await connection.execute_query_dict("SELECT value FROM meta WHERE key = 'folder-id'")
    return str(found["value"])


async def _insert(connection: Any, table: str, found: Iterator[dict[str, Any]]) -> int:
    """Write the rows of one table, and return how many they were."""
    types = await _types(connection, table)
    marks = [f"${number}" for number in range(1, len(types) + 1)] if _is_postgres(connection) else "?" * len(types)
    columns = ", ".join(f'"{name}"' for name in types)
    query = f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join(marks)})'
    count = 0
    while batch := [fitted(row, types) for row in islice(found, _BATCH)]:
        await connection.execute_many(query, batch)
        count += len(batch)
    if _is_postgres(connection):
        for row in await connection.execute_query_dict(_POSTGRES_COUNTED.format(table)):
            await connection.execute_query(_POSTGRES_COUNT_ON.format(table, row["name"]))
    return count


async def _types(connection: Any, table: str) -> dict[str, str]:
    """Return the type of each column of a table."""
    question = _POSTGRES_COLUMNS if _is_postgres(connection) else "PRAGMA table_info('{0}')"
    return {row["name"]: row["type"] for row in await connection.execute_query_dict(question.format(table))}


def _is_postgres(connection: Any) -> bool:
    return bool(connection.capabilities.dialect == POSTGRES)


def _settle(folder: DataFolder, folder_id: str) -> None:
    """Move what was restored to its place."""
    for name in ("blobs", "environments", "sluice.db"):
        if (folder.restoring / name).exists():
            _sync(folder.restoring / name)
            os.rename(folder.restoring / name, folder.path / name)
    with suppress(FileNotFoundError):
        (folder.path / "sluice.db").chmod(0o600)
    folder.write_id(folder_id)
    _sync(folder.path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
