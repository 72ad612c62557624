"""New databases that the migrations made once for all tests, so that not every one waits for them.

Tests of the storage itself open databases that are empty.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tortoise.context import TortoiseContext

from sluice.storage import config
from sluice.storage.upgrade import upgrade


def lay_out(data_dir: Path) -> None:
    """Put a database that holds nothing into a data folder that never had one."""
    if not (data_dir / "folder-id").exists():
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        (data_dir / "sluice.db").write_bytes(_sqlite_file())


def migrate(settings: dict[str, Any]) -> None:
    """Bring the database of a configuration up to date, as a server's first start does."""
    with ThreadPoolExecutor(1) as beside:  # which has no event loop yet, and another database may be open here
        beside.submit(asyncio.run, _migrate(settings)).result()


async def _migrate(settings: dict[str, Any]) -> None:
    async with TortoiseContext() as context:
        await context.init(settings)
        await upgrade(context.db(), _nothing_to_copy)


async def _nothing_to_copy(migration: str) -> None:
    raise AssertionError(f"the database was in use before {migration}")


@cache
def _sqlite_file() -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "sluice.db")
        migrate(config.sqlite_config(file))
        return file.read_bytes()
