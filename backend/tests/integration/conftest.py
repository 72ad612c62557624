"""The application and who calls it.

app         in this process, with real workers on demand: the test runs once on SQLite and once on PostgreSQL
admin       a program that may do everything
reader      a program that may look and predict
nobody      a caller without credentials
server      a real `sluice serve`
targets     makes what workers are started with
supervisor  workers without an application; no process may be left when the test ends
workers     makes pipelines of models and scripts and calls them; the supervisor is the same for all tests of a module
confined    starts scripts as confined as any worker's, without a server
wheels      a folder of wheels that environments are built of: made-up 1.0 and 2.0, another, only-source, the core
opened      opens environments of those wheels
puppet      a pipeline that does to its worker whatever the body says (see `puppets.py`)
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path

import httpx2
import onnx_models
import pytest
from apps import App, Server, served, standing
from building import Opened, fill_with_wheels, opened_environments
from locked import Zygote, zygote
from puppets import PUPPET, SUM, supervised
from targets import Targets
from workers import Workers, opened_workers

from sluice.entities import Role
from sluice.lifespan import Ground
from sluice.workers.inspection import Inspector
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target


@pytest.fixture
async def app(ground: Ground, database_url: str | None) -> AsyncIterator[App]:
    async with standing(ground, database_url) as app:
        yield app


@pytest.fixture
async def admin(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with await app.caller(Role.ADMIN) as client:
        yield client


@pytest.fixture
async def reader(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with await app.caller(Role.READ) as client:
        yield client


@pytest.fixture
async def nobody(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with app.client() as client:
        yield client


@pytest.fixture
async def server(data_dir: Path) -> AsyncIterator[Server]:
    async with served(data_dir) as server:
        yield server


@pytest.fixture
def targets(tmp_path: Path, inspector: Inspector) -> Targets:
    return Targets(tmp_path, inspector)


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    async with supervised(tmp_path) as supervisor:
        yield supervisor


@pytest.fixture(scope="module")
async def shared_workers(tmp_path_factory: pytest.TempPathFactory, inspector: Inspector) -> AsyncIterator[Workers]:
    async with opened_workers(tmp_path_factory.mktemp("workers"), inspector) as workers:
        yield workers


@pytest.fixture
async def workers(shared_workers: Workers) -> AsyncIterator[Workers]:
    yield shared_workers
    await shared_workers.retire_all()


@pytest.fixture
async def puppet(targets: Targets) -> Target:
    return await targets.make(onnx_models.identity(), PUPPET, SUM)


@pytest.fixture
def wheels(core_wheels: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    shutil.copytree(core_wheels, folder, copy_function=os.link)
    fill_with_wheels(folder, trap=tmp_path / "was-here")
    return folder


@pytest.fixture
def opened(wheels: Path, tmp_path: Path) -> Opened:
    return partial(opened_environments, tmp_path / "environments", wheels)


@pytest.fixture(scope="module")
def confined(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    with zygote(tmp_path_factory.mktemp("locked")) as running:
        yield running
