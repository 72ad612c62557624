"""Databases for every test that wants one.

postgres_cluster    a PostgreSQL server of our own, for the whole run (started on first use)
database_url        None for SQLite, else the URL of a new PostgreSQL database: the test runs once on each
ground              what applications of a module stand on: a data folder and the processes that start slowly
data_dir            a new data folder; that of the ground, where there is one
database            the two together, opened: repositories work
small_disk          a file system of 4 MB, for root only
core_wheels         a folder with the wheels of what a worker imports, packed from what is installed here
environment         a folder with an environment, in which a package `made_up` is
inspector           judges uploads, for all tests of a module
catalog             the use cases on top of it, with real workers (see `catalogs.py`)
"""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

import migrated
import pytest
from apps import opened_ground
from catalogs import Catalog, opened_catalog
from postgres_cluster import PostgresCluster, running_cluster
from wheels import CORE, installed_wheels, made_up_wheel

from sluice.ground import Ground
from sluice.storage.database import Database, opened
from sluice.workers.inspection import Inspector


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run on SQLite only what says that any database would do."""
    items[:] = [item for item in items if not (item.get_closest_marker("any_database") and _on_postgres(item))]


def _on_postgres(item: pytest.Item) -> bool:
    chosen = getattr(item, "callspec", None)  # only tests with parameters have one
    return chosen is not None and chosen.params.get("database_url") == "postgres"


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[PostgresCluster]:
    with running_cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str | None]:
    if request.param == "sqlite":
        yield None
        return
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    own = request.node.get_closest_marker("empty_database")
    url = cluster.empty_database() if own else cluster.new_database()
    yield url
    cluster.drop_database(url)


@pytest.fixture(scope="module")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Ground]:
    async with opened_ground(tmp_path_factory.mktemp("ground") / "data") as ground:
        yield ground


@pytest.fixture
def data_dir(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if "ground" not in request.fixturenames:
        return tmp_path / "data"
    ground: Ground = request.getfixturevalue("ground")
    return ground.folder.path


@pytest.fixture
async def database(data_dir: Path, database_url: str | None) -> AsyncIterator[Database]:
    if database_url is None:
        migrated.lay_out(data_dir)
    async with opened(data_dir, database_url) as database:
        yield database


@pytest.fixture(scope="module")
async def inspector(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Inspector]:
    inspector = Inspector(timeout_s=60, memory_mb=4096, folders=[tmp_path_factory.getbasetemp()])
    yield inspector
    await inspector.close()


@pytest.fixture
async def catalog(database: Database, inspector: Inspector) -> AsyncIterator[Catalog]:
    async with opened_catalog(database.folder, inspector) as catalog:
        yield catalog


@pytest.fixture(scope="session")
def core_wheels() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        installed_wheels(Path(folder), CORE)
        yield Path(folder)


@pytest.fixture(scope="session")
def environment(core_wheels: Path) -> Iterator[Path]:
    with TemporaryDirectory() as made:
        for wheel in core_wheels.iterdir():
            ZipFile(wheel).extractall(Path(made, "core"))
        ZipFile(made_up_wheel(Path(made))).extractall(Path(made, "packages"))
        yield Path(made)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
