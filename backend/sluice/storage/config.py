"""What Tortoise must know: where the tables and the migrations are, and how to reach the database.

A change of `tables.py` becomes a migration by
`tortoise --config sluice.storage.config.MAKE_MIGRATIONS makemigrations`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sluice.storage import sqlite

SQLITE = "sqlite"
POSTGRES = "postgres"
APP = "sluice"
MIGRATIONS = "sluice.storage.migrations"


def app_config(connection: str) -> dict[str, Any]:
    """Return the one app, reached by this connection."""
    return {
        APP: {
            "models": ["sluice.storage.tables"],
            "default_connection": connection,
            "migrations": MIGRATIONS,
        }
    }


def sqlite_config(file: Path) -> dict[str, Any]:
    """Return the configuration for a SQLite file."""
    return _config(SQLITE, sqlite.__name__, sqlite.credentials(file))


def postgres_config(url: str) -> dict[str, Any]:
    """Return the configuration for a PostgreSQL database."""
    from sluice.storage import postgres  # only here, as in `upgrade`: it imports the driver

    return _config(POSTGRES, postgres.__name__, postgres.credentials(url))


def _config(connection: str, engine: str, credentials: dict[str, Any]) -> dict[str, Any]:
    # The connection is named by its dialect: Tortoise keeps the SQL it made under that name.
    return {
        "connections": {connection: {"engine": engine, "credentials": credentials}},
        "apps": app_config(connection),
        "use_tz": True,
        "timezone": "UTC",
    }


MAKE_MIGRATIONS = sqlite_config(Path("unused.db"))
