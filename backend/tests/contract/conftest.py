"""The application and who calls it, as in `integration/conftest.py`, but on SQLite only: databases are tested there."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from apps import App, running

from sluice.entities import Role


@pytest.fixture
async def app(data_dir: Path) -> AsyncIterator[App]:
    async with running(data_dir) as app:
        yield app


@pytest.fixture
async def admin(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with await app.caller(Role.ADMIN) as client:
        yield client
