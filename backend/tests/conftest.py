"""Databases for every test that wants one.

postgres_cluster    a PostgreSQL server of our own, for the whole run (started on first use)
database_url        None for SQLite, else the URL of a new PostgreSQL database: the test runs once on each
data_dir            a new data folder
database            the two together, opened: repositories work
small_disk          a file system of 4 MB, for root only
catalog             the use cases on top of it, with real workers (see `catalogs.py`)
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pytest
from catalogs import Catalog, opened_catalog

from sluice.storage.database import Database, opened


@dataclass(frozen=True)
class PostgresCluster:
    """A running PostgreSQL server that listens on a socket in its own folder only."""

    binaries: Path
    folder: Path
    user: str | None

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs as the server's user."""
        command = [str(self.binaries / program), *arguments]
        done = subprocess.run(
            command,
            user=self.user,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            pytest.fail(f"{program} failed: {done.stderr or done.stdout}")

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"test_{uuid4().hex}"
        self.run("createdb", "--host", str(self.folder), "--username", "sluice", name)
        return f"postgresql://sluice@/{name}?host={quote(str(self.folder), safe='')}"


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresCluster]:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parent.parent.name))
    initdb = found[-1] if found else shutil.which("initdb")
    if not initdb:
        pytest.fail("PostgreSQL isn't installed. On Debian: apt-get install postgresql")
    # A folder of its own: PostgreSQL refuses to run as root, and its user may not enter pytest's.
    folder = Path(tempfile.mkdtemp(prefix="sluice-postgres-"))
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    cluster = PostgresCluster(Path(initdb).parent, folder, user)
    data = str(folder / "data")
    try:
        cluster.run(
            "initdb", "--pgdata", data, "--auth", "trust", "--username", "sluice", "--no-sync", "--encoding", "UTF8"
        )
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off -c synchronous_commit=off"
        log = str(folder / "log")
        cluster.run("pg_ctl", "start", "--wait", "--pgdata", data, "--log", log, "--options", options)
        yield cluster
        cluster.run("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", data)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param == "sqlite":
        yield None
        return
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    url = cluster.new_database()
    yield url
    name = url.split("/")[3].split("?")[0]
    cluster.run("dropdb", "--force", "--host", str(cluster.folder), "--username", "sluice", name)


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
async def database(data_dir: Path, database_url: str | None) -> AsyncIterator[Database]:
    async with opened(data_dir, database_url) as database:
        yield database


@pytest.fixture
async def catalog(database: Database) -> AsyncIterator[Catalog]:
    async with opened_catalog(database.folder) as catalog:
        yield catalog


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
