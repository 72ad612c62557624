"""One transaction, and what a database that can't write is told as."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg  # type: ignore[import-untyped]
from tortoise.exceptions import OperationalError, TransactionManagementError
from tortoise.transactions import in_transaction

from sluice.errors import DiskFull, NotAvailable

_AWAY = (asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.OperatorInterventionError, OSError)


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Commit what happens inside, or nothing of it.

    Raises:
        DiskFull: the database has no room.
        NotAvailable: the database is away, or another process holds it.
    """
    try:
        async with in_transaction():
            yield
    except (OperationalError, sqlite3.OperationalError, asyncpg.DiskFullError) as error:
        if isinstance(error, asyncpg.DiskFullError) or "disk is full" in str(error):
            raise DiskFull("The disk is full. Nothing was stored; what is there stays readable.") from error
        raise
    except TransactionManagementError as error:
        raise NotAvailable("Another process holds the database. Try again.", retry_after_s=5) from error
    except _AWAY as error:
        raise NotAvailable("The database can't be reached. Nothing was changed; try again.", retry_after_s=5) from error
