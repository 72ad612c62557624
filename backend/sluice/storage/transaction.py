"""One transaction, what is recorded of it, and what a database that can't write is told as."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from tortoise.exceptions import OperationalError, TransactionManagementError
from tortoise.transactions import in_transaction

from sluice.errors import DiskFull, NotAvailable
from sluice.storage.audit import Entry, write
from sluice.storage.drivers import raised

_FULL = ("DiskFullError",)
_AWAY = ("PostgresConnectionError", "InterfaceError", "OperatorInterventionError")


@asynccontextmanager
async def transaction(entries: Iterable[Entry] | None) -> AsyncIterator[None]:
    """Commit what happens inside together with what the audit log tells of it, or nothing of it.

    Args:
        entries: to be recorded; None where nobody's change is written: what the server notes by itself.

    Raises:
        DiskFull: the database has no room.
        NotAvailable: the database is away, or another process holds it.
    """
    try:
        async with in_transaction():
            yield
            if entries is not None:
                await write(entries)
    except raised(OperationalError, sqlite3.OperationalError, postgres=_FULL) as error:
        if isinstance(error, raised(postgres=_FULL)) or "disk is full" in str(error):
            raise DiskFull("The disk is full. Nothing was stored; what is there stays readable.") from error
        raise
    except TransactionManagementError as error:
        raise NotAvailable("Another process holds the database. Try again.", retry_after_s=5) from error
    except raised(OSError, postgres=_AWAY) as error:
        raise NotAvailable("The database can't be reached. Nothing was changed; try again.", retry_after_s=5) from error


async def note(entry: Entry) -> None:
    """Record what changes nothing in the database, before it is done; raises as `transaction`."""
    async with transaction([entry]):
        pass
