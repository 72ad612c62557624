"""The application and who calls it.

app         in this process, with real workers on demand: the test runs once on SQLite and once on PostgreSQL
admin       a program that may do everything
reader      a program that may look and predict
nobody      a caller without credentials
server      a real `sluice serve`
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from apps import App, Server, running, served

from sluice.entities import Role


@pytest.fixture
async def app(data_dir: Path, database_url: str | None) -> AsyncIterator[App]:
    async with running(data_dir, database_url) as app:
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
