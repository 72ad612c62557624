"""Tortoise's asyncpg engine, opened by the whole URL: asyncpg then reads every part of it, `sslmode` included."""

from __future__ import annotations

from typing import Any

import asyncpg  # type: ignore[import-untyped]
from tortoise.backends.asyncpg.client import AsyncpgDBClient

# Any number that no other program is likely to lock in the same database.
_UPGRADE_LOCK = 0x51_01_CE


def credentials(url: str) -> dict[str, Any]:
    """Return how the engine opens this database."""
    return {"dsn": url, "host": None, "user": None, "database": None}


class UrlClient(AsyncpgDBClient):
    """The engine."""

    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:
        """Open the pool by the URL alone; asyncpg lets single arguments overrule it."""
        return await asyncpg.create_pool(
            kwargs["dsn"],
            min_size=kwargs["min_size"],
            max_size=kwargs["max_size"],
            server_settings={"application_name": "sluice", "timezone": "UTC"},
        )


client_class = UrlClient


async def lock_upgrade(connection: Any) -> None:
    """Wait until nobody else upgrades this database; the lock ends with the transaction."""
    await connection.execute_query(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")
