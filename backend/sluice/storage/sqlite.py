"""Tortoise's SQLite engine with transactions that can't fail half-way.

Tortoise finds the engine by this module's name, and its schema editor by the word `sqlite` in it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any, cast

from tortoise.backends.base.client import TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import TransactionManagementError

BUSY_TIMEOUT_MS = 10_000


def credentials(file: Path) -> dict[str, Any]:
    """Return how the engine opens this file."""
    return {
        "file_path": str(file),
        "busy_timeout": BUSY_TIMEOUT_MS,  # first, so that the others wait too
        "journal_mode": "WAL",
        "synchronous": "FULL",  # a commit survives a power cut
        "foreign_keys": "ON",
    }


class ImmediateTransaction(SqliteTransactionWrapper):
    """Takes the write lock at BEGIN: one that is taken later can't wait for its turn."""

    async def begin(self) -> None:
        """Begin, waiting for other processes as long as `busy_timeout` says."""
        try:
            await self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            raise TransactionManagementError(error) from error

    async def commit(self) -> None:
        """Commit; where that fails, nothing of it may be committed together with the next transaction."""
        try:
            await super().commit()
        except BaseException:
            await self._connection.rollback()
            raise

    async def execute_script(self, query: str) -> None:
        """Run several statements without the commit that `executescript` does first."""
        for statement in filter(str.strip, query.split(";")):
            await self.execute_query(statement)


class ImmediateContext(SqliteTransactionContext):
    """Gives the connection back when a transaction can't begin, or everybody would wait for ever."""

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.ensure_connection()
            await self.connection.begin()
        except BaseException:
            self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return cast(TransactionalDBClient, self.connection)


class ImmediateClient(SqliteClient):
    """The engine."""

    def _in_transaction(self) -> TransactionContext:
        return ImmediateContext(ImmediateTransaction(self), self._lock)


client_class = ImmediateClient


async def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it is now to `target`, also while it is open."""

    def copy() -> None:
        draft = target.with_suffix(".part")
        draft.unlink(missing_ok=True)
        with sqlite3.connect(source) as old, sqlite3.connect(draft) as new:
            old.backup(new)
        old.close()
        new.close()
        draft.replace(target)

    await asyncio.to_thread(copy)
