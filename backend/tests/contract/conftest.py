"""The application and who calls it, as in `integration/conftest.py`, but on SQLite only: databases are tested there."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest
from apps import App, standing

from sluice.entities import Role
from sluice.lifespan import Ground


@pytest.fixture
async def app(ground: Ground) -> AsyncIterator[App]:
    async with standing(ground, None) as app:
        yield app


@pytest.fixture
async def admin(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with await app.caller(Role.ADMIN) as client:
        yield client
