"""Each answer has the id that the request came with, whatever is asked for, by whom, and in which API."""

from __future__ import annotations

import re
from pathlib import Path

import httpx2
import pytest
from apps import App, running

from sluice.api.routing import RoleRoute
from sluice.app import create_app
from sluice.settings import Settings

NEW = re.compile(r"[0-9a-f]{32}")
ENDLESS = "/api/v1/events"
PATHS = [
    re.sub(r"\{[^}]*\}", "nothing", route.path)
    for route in create_app(Settings()).routes
    if isinstance(route, RoleRoute) and route.path != ENDLESS
]


@pytest.fixture
def database_url() -> None:
    """One database is enough."""


async def test_every_answer_has_the_id_that_the_client_chose(
    nobody: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    for number, path in enumerate([*PATHS, "/api/v1/none", "/v2/none", "/none", "/assets/none.js"]):
        for client in (nobody, admin):
            for method in ("GET", "POST", "TRACE"):
                given = f"my-own_{number}.{method}"
                answer = await client.request(method, path, headers={"X-Request-Id": given})
                assert answer.headers.get_list("x-request-id") == [given], (method, path)


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "ü".encode().decode("latin-1"), "a\tb", '"'])
async def test_an_id_that_cant_stand_in_a_log_is_replaced(nobody: httpx2.AsyncClient, given: str) -> None:
    answer = await nobody.get("/health/live", headers={"X-Request-Id": given.encode("latin-1")})  # type: ignore[dict-item]
    assert NEW.fullmatch(answer.headers["x-request-id"])


async def test_under_a_path_prefix_too(data_dir: Path) -> None:
    async with running(data_dir, root_path="/ml") as app:
        assert isinstance(app, App)
        async with app.client() as nobody:
            for path in ("/ml/api/v1/models", "/api/v1/models", "/ml", "/ml/", "/mlx"):
                answer = await nobody.get(path, headers={"X-Request-Id": "mine"})
                assert answer.headers["x-request-id"] == "mine", path
