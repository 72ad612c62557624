"""Opens the database of a data folder: owned, upgraded and checked before the first row is read.

Tortoise finds the connection through a context. Requests run in other tasks than the start, so the context is the
process's fallback: one database is open in a process at a time.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException

from sluice.storage import config
from sluice.storage.drivers import raised
from sluice.storage.folder import CannotOpen, DataFolder, owned
from sluice.storage.sqlite import copy_database
from sluice.storage.tables import MetaRow
from sluice.storage.upgrade import upgrade

log = logging.getLogger(__name__)

_FOLDER_ID = "folder-id"
_UNUSABLE = (BaseORMException, sqlite3.Error, OSError, ValueError)
_RESTORE = "Move the data folder away and restore a backup ('sluice restore'); backend/docs/backup.md tells more."


@dataclass(frozen=True)
class Database:
    """An open database. The repositories need no handle: they find its connection by themselves.

    Attributes:
        folder: the data folder, owned by this process.
        dialect: `sqlite` or `postgres`.
    """

    folder: Path
    dialect: str


@asynccontextmanager
async def opened(folder: Path | DataFolder, url: str | None = None) -> AsyncIterator[Database]:
    """Own a data folder and open its database, upgraded; both are given back at the end.

    Args:
        folder: owned already, or made where it is missing and owned until the end.
        url: of a PostgreSQL database; without it the database is the file `sluice.db` in the folder.

    Raises:
        CannotOpen: another process owns the folder, the database can't be reached, is newer than this program or
            belongs to another folder.
    """
    with ExitStack() as owning:
        data_folder = folder if isinstance(folder, DataFolder) else owning.enter_context(owned(folder))
        path = data_folder.path
        if url is None:
            await asyncio.to_thread(_check_file, data_folder)
        async with connected(path, url) as connection:
            with usable(path, url):
                await _prepare(connection, data_folder)
            yield Database(path, connection.capabilities.dialect)


@asynccontextmanager
async def connected(folder: Path, url: str | None) -> AsyncIterator[Any]:
    """Give Tortoise's client of a database as it is, which everything in this process finds meanwhile."""
    context = TortoiseContext()
    try:
        await _connect(context, folder, url)
        yield context.db()
    finally:
        await context.close_connections()


@contextmanager
def usable(folder: Path, url: str | None) -> Iterator[None]:
    """Tell whatever keeps a database from being used as `CannotOpen`."""
    try:
        yield
    except raised(*_UNUSABLE, postgres=("PostgresError", "InterfaceError")) as error:
        raise CannotOpen(f"{_place(folder, url)} can't be used: {error or type(error).__name__}.") from error


async def ask() -> None:
    """Return once the open database has answered a question; raises whatever its driver does."""
    await MetaRow.get_or_none(key=_FOLDER_ID)


def _check_file(folder: DataFolder) -> None:
    """Refuse a SQLite file that is gone or damaged: a new one in its place would look as if all had been deleted."""
    file = folder.path / "sluice.db"
    known = folder.read_id() is not None
    if known and not (file.exists() and file.stat().st_size):
        raise CannotOpen(
            f"The database '{file}' is {'empty' if file.exists() else 'missing'}, while the data folder had one. "
            f"Set SLUICE_DATABASE_URL if it is in PostgreSQL. {_RESTORE}"
        )
    if known:
        try:
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True)) as database:
                (told,) = database.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            told = str(error)
        if told != "ok":
            raise CannotOpen(f"The database '{file}' is damaged: {' '.join(told.split())}. {_RESTORE}")


async def _connect(context: TortoiseContext, folder: Path, url: str | None) -> None:
    if url and not url.startswith(("postgresql://", "postgres://")):
        raise CannotOpen("SLUICE_DATABASE_URL must begin with postgresql://. Without it the database is a SQLite file.")
    settings = config.postgres_config(url) if url else config.sqlite_config(folder / "sluice.db")
    with context:
        await context.init(settings, _enable_global_fallback=True)


async def _prepare(connection: Any, folder: DataFolder) -> None:
    async def copy_first(migration: str) -> None:
        if connection.capabilities.dialect == config.SQLITE:
            copy = folder.path / f"sluice-before-{migration}.db"
            await copy_database(folder.path / "sluice.db", copy)
            log.info("Copied the database to %s before its upgrade", copy)

    for migration in await upgrade(connection, copy_first):
        log.info("Brought the database up to %s", migration)
    await _check_folder(folder)


async def _check_folder(folder: DataFolder) -> None:
    """Refuse a database and a folder that don't belong together: the sweep would delete the folder's files."""
    row = await MetaRow.get_or_none(key=_FOLDER_ID)
    folder_id = folder.read_id()
    if row is None and folder_id is not None and folder.has_files():
        raise CannotOpen(
            f"The data folder '{folder.path}' holds files of another database; this one is new. "
            "Open it with its own database, or choose an empty folder with SLUICE_DATA_DIR."
        )
    if row is None:
        await MetaRow.create(key=_FOLDER_ID, value=folder_id or folder.make_id())
    elif row.value != folder_id:
        raise CannotOpen(
            f"The database belongs to another data folder than '{folder.path}'. "
            "Set SLUICE_DATA_DIR and SLUICE_DATABASE_URL to a pair that belongs together."
        )


def _place(folder: Path, url: str | None) -> str:
    return "The database in SLUICE_DATABASE_URL" if url else f"The database '{folder / 'sluice.db'}'"
