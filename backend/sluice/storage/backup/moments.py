"""Reads a database as it was at one moment, whoever writes meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, closing
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, Protocol

import asyncpg  # type: ignore[import-untyped]

from sluice.storage.config import POSTGRES, SQLITE
from sluice.storage.folder import CannotOpen
from sluice.storage.upgrade import known_tables

_BATCH = 100
_NAMED = "SELECT sha256 FROM model_revision UNION SELECT sha256 FROM resource_revision"
_USERS = (
    "SELECT 'model', head.name FROM model_revision AS revision JOIN model AS head ON head.id = revision.head_id "
    "WHERE revision.sha256 = {0} UNION ALL "
    "SELECT 'resource', head.name FROM resource_revision AS revision JOIN resource AS head "
    "ON head.id = revision.head_id WHERE revision.sha256 = {0}"
)
_FOLDER_ID = "SELECT value FROM meta WHERE key = 'folder-id'"
_MIGRATIONS = "SELECT name FROM tortoise_migrations WHERE app = 'sluice' ORDER BY name"
_TABLES = {
    SQLITE: "SELECT name FROM sqlite_master WHERE type = 'table'",
    POSTGRES: "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()",
}
_REFERENCES = """
    SELECT own.relname, other.relname FROM pg_constraint
    JOIN pg_class own ON own.oid = conrelid JOIN pg_class other ON other.oid = confrelid WHERE contype = 'f'
"""


class Moment(Protocol):
    """A database at one moment."""

    dialect: str

    async def ask(self, question: str, *values: Any) -> Sequence[Sequence[Any]]:
        """Return the rows that a query finds."""
        ...

    async def references(self, tables: Sequence[str]) -> list[tuple[str, str]]:
        """Return which table refers to which."""
        ...

    def rows(self, table: str) -> AsyncIterator[Mapping[str, Any]]:
        """Yield every row of a table."""
        ...


async def named_at(moment: Moment) -> set[str]:
    """Return the hash of every file that a row names."""
    return {row[0] for row in await moment.ask(_NAMED)}


async def users_at(moment: Moment, sha256: str) -> list[str]:
    """Return what needs a file, such as `model 'digits'`."""
    rows = await moment.ask(_USERS.format(f"'{sha256}'"))
    return [f"{kind} '{name}'" for kind, name in rows]


async def folder_id_at(moment: Moment) -> str | None:
    """Return the id of the data folder that the database belongs to."""
    rows = await moment.ask(_FOLDER_ID)
    return str(rows[0][0]) if rows else None


async def migrations_at(moment: Moment) -> list[str]:
    """Return what brought the database to where it is."""
    return [str(row[0]) for row in await moment.ask(_MIGRATIONS)]


async def tables_at(moment: Moment) -> list[str]:
    """Return the tables of Sluice, in the order in which they can be filled."""
    there = {row[0] for row in await moment.ask(_TABLES[moment.dialect])}
    tables = sorted(there & known_tables())
    sorter: TopologicalSorter[str] = TopologicalSorter({table: () for table in tables})
    for table, needed in await moment.references(tables):
        if table in tables and table != needed:
            sorter.add(table, needed)
    return list(sorter.static_order())


@asynccontextmanager
async def moment_of(file: Path, url: str | None) -> AsyncIterator[Moment]:
    """Give the database of an URL, or else the SQLite file, as it is now.

    Raises:
        CannotOpen: it can't be reached or read, or is damaged.
    """
    try:
        if url is None:
            with closing(sqlite3.connect(f"{file.as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
                connection.execute("BEGIN")
                (told,) = connection.execute("PRAGMA quick_check(1)").fetchone()
                if told != "ok":
                    raise sqlite3.DatabaseError(told)
                yield _Sqlite(connection)
        else:
            async with _connected(url) as postgres, postgres.transaction(isolation="repeatable_read", readonly=True):
                yield _Postgres(postgres)
    except (sqlite3.Error, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        place = "The database in SLUICE_DATABASE_URL" if url else f"The database '{file}'"
        raise CannotOpen(f"{place} can't be read: {error}.") from error


@asynccontextmanager
async def _connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    settings = {"application_name": "sluice backup", "timezone": "UTC"}
    try:
        connection = await asyncpg.connect(url, server_settings=settings)
    except OSError as error:
        raise CannotOpen(f"The database in SLUICE_DATABASE_URL can't be reached: {error.strerror or error}.") from error
    try:
        yield connection
    finally:
        await connection.close()


class _Sqlite:
    dialect = SQLITE

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def ask(self, question: str, *values: Any) -> Sequence[Sequence[Any]]:
        return self._connection.execute(question, values).fetchall()

    async def references(self, tables: Sequence[str]) -> list[tuple[str, str]]:
        found = []
        for table in tables:
            found += [(table, row[2]) for row in self._connection.execute(f"PRAGMA foreign_key_list({table})")]
        return found

    async def rows(self, table: str) -> AsyncIterator[Mapping[str, Any]]:
        cursor = self._connection.execute(f"SELECT * FROM {table}")
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, row, strict=True))


class _Postgres:
    dialect = POSTGRES

    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def ask(self, question: str, *values: Any) -> Sequence[Sequence[Any]]:
        return list(await self._connection.fetch(question, *values))

    async def references(self, tables: Sequence[str]) -> list[tuple[str, str]]:
        return [(own, other) for own, other in await self._connection.fetch(_REFERENCES)]

    async def rows(self, table: str) -> AsyncIterator[Mapping[str, Any]]:
        async for row in self._connection.cursor(f"SELECT * FROM {table}", prefetch=_BATCH):
            yield dict(row)
