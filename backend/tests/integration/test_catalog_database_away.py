"""A database that goes away: changes are refused, reads go on, and it is used again once it is back."""

import sqlite3
from pathlib import Path

import pytest
from catalogs import opened_catalog
from postgres_cluster import running_cluster

from sluice.errors import NotAvailable
from sluice.storage.database import opened


async def test_postgres_that_is_restarted_meanwhile(data_dir: Path) -> None:
    with running_cluster() as cluster:
        async with opened(data_dir, cluster.new_database()), opened_catalog(data_dir) as catalog:
            await catalog.resource("before.txt", b"before")
            cluster.stop()
            for _ in range(2):
                with pytest.raises(NotAvailable, match="can't be reached") as refused:
                    await catalog.resource("meanwhile.txt", b"meanwhile")
                assert refused.value.retry_after_s == 5
            with pytest.raises(NotAvailable):
                await catalog.resources.delete("before.txt")
            assert await catalog.resources.read_text("before.txt") == "before"
            cluster.start()
            await catalog.resource("meanwhile.txt", b"meanwhile")
            await catalog.resources.delete("before.txt")
            assert await catalog.agrees()


async def test_sqlite_that_another_process_holds(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sluice.storage.sqlite.BUSY_TIMEOUT_MS", 1)
    async with opened(data_dir), opened_catalog(data_dir) as catalog:
        other = sqlite3.connect(data_dir / "sluice.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(NotAvailable, match="Another process holds the database"):
            await catalog.resource("meanwhile.txt", b"meanwhile")
        assert catalog.blobs() == set()
        other.execute("ROLLBACK")
        other.close()
        await catalog.resource("meanwhile.txt", b"meanwhile")
        assert await catalog.agrees()
