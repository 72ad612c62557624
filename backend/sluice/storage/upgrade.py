"""Brings the database to the state that this program needs, once, before anything is answered."""

from __future__ import annotations

import pkgutil
from collections.abc import Awaitable, Callable, Sequence
from importlib import import_module
from typing import Any

from tortoise.migrations.executor import MigrationExecutor, MigrationTarget
from tortoise.migrations.operations import CreateModel
from tortoise.transactions import in_transaction

from sluice.storage import config
from sluice.storage.config import APP, POSTGRES, SQLITE, app_config
from sluice.storage.folder import CannotOpen


async def upgrade(
    connection: Any, copy_first: Callable[[str], Awaitable[None]], upto: Sequence[str] | None = None
) -> list[str]:
    """Apply the migrations that are missing, all or none of them, and return their names.

    Args:
        connection: Tortoise's client.
        copy_first: called with the first migration's name before a database that is in use changes.
        upto: those that are applied, instead of all.

    Raises:
        CannotOpen: a newer program used this database, or the migrated rows contradict one another.
    """
    dialect = connection.capabilities.dialect
    # Altering a SQLite table rebuilds it, and dropping the old one would delete what refers to it. The switch works
    # outside a transaction only; the check inside makes up for it.
    if dialect == SQLITE:
        await connection.execute_query("PRAGMA foreign_keys = OFF")
    try:
        async with in_transaction() as transaction:
            if dialect == POSTGRES:
                from sluice.storage import postgres  # only here, as in `config`: it imports the driver

                await postgres.lock_upgrade(transaction)
            applied = await _apply(transaction, dialect, copy_first, upto)
            if dialect == SQLITE and applied:
                await _check_foreign_keys(transaction)
    finally:
        if dialect == SQLITE:
            await connection.execute_query("PRAGMA foreign_keys = ON")
    return applied


def known_tables() -> set[str]:
    """Return the names of all tables that any migration makes."""
    package = import_module(config.MIGRATIONS)
    modules = [import_module(f"{package.__name__}.{found.name}") for found in pkgutil.iter_modules(package.__path__)]
    operations = [operation for module in modules for operation in module.Migration.operations]
    made = [operation.options or {} for operation in operations if isinstance(operation, CreateModel)]
    return {str(options["table"]) for options in made}


async def _apply(
    transaction: Any, dialect: str, copy_first: Callable[[str], Awaitable[None]], upto: Sequence[str] | None
) -> list[str]:
    executor = MigrationExecutor(transaction, app_config(dialect))
    # Asked for before it exists, the table of migrations would be an error that ends PostgreSQL's transaction.
    await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
    recorded = {key.name for key in await executor.recorder.applied_migrations()}
    await executor.loader.build_graph()
    known = {key.name for key in executor.loader.graph.nodes}
    unknown = sorted((recorded | {*(upto or ())}) - known)
    if unknown:
        raise CannotOpen(
            f"The database was made by a newer version of Sluice (it has {', '.join(unknown)}). "
            "Install that version again, or restore a copy of the data from before the upgrade."
        )
    targets = [MigrationTarget(APP, name) for name in upto] if upto else None
    missing = [step.migration.name for step in await executor.plan(targets)]
    if missing and recorded:
        await copy_first(missing[0])
    await executor.migrate(targets)
    return missing


async def _check_foreign_keys(transaction: Any) -> None:
    broken = (await transaction.execute_query("PRAGMA foreign_key_check"))[1]
    if broken:
        tables = sorted({row["table"] for row in broken})
        raise CannotOpen(
            f"The upgrade would leave rows in {', '.join(tables)} without their parts; nothing was changed."
        )
