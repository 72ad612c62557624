"""What a hostile caller, upload or script tries: the server answers it like any other mistake, and goes on."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, running
from postgres_cluster import running_cluster
from problems import assert_problem

from sluice.api import bodies
from sluice.entities import Role

V1 = "/api/v1"
MODEL = f"{V1}/models?fileName=m.onnx"


async def predict(admin: httpx2.AsyncClient, body: bytes | str, pre: str = "", post: str = "") -> httpx2.Response:
    """Make the pipeline `tried` where it isn't there yet, with scripts if any, and return its answer."""
    if (await admin.get(f"{V1}/pipelines/tried")).status_code == 404:
        await admin.post(MODEL, content=onnx_models.identity())
        parts: dict[str, Any] = {"name": "tried", "model": "m", "deadlineS": 2, "workers": 1}
        for step, source in (("pre", pre), ("post", post)):
            if source:
                uploaded = await admin.post(f"{V1}/resources?fileName={step}.py", content=source.encode())
                assert uploaded.status_code == 201, uploaded.text
                parts[f"{step}Processing"] = f"{step}.py"
        added = await admin.post(f"{V1}/pipelines", json=parts)
        assert added.status_code == 201, added.text
    return await admin.post(f"{V1}/pipelines/tried/predictions", content=body)


async def test_thousands_of_wrong_fields_are_answered_with_a_few(
    nobody: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    wrong = {f"field{number}": 1 for number in range(10_000)}
    problem = assert_problem(await admin.post(f"{V1}/pipelines", json=wrong), 422, "unprocessable")
    assert len(problem["errors"]) == bodies.MAX_TOLD
    # Whoever has no credentials yet gets less of the server's time.
    assert_problem(await nobody.post(f"{V1}/session", json=wrong), 413, "too-large", limitBytes=8 * 1024)


async def test_a_body_of_nobody_that_never_ends(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "JSON_WITHIN_S", 0.01)
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{V1}/session",
        "headers": [],
        "query_string": b"",
        "scheme": "http",
    }
    await app.asgi(scope, receive, send)
    assert sent[0]["status"] == 400
    assert json.loads(sent[1]["body"])["code"] == "upload-cut-off"


@pytest.mark.parametrize("name", ["a\0b", "a\nb", "\x1b[31m", "\u202ea", "a\u200b"])
async def test_a_token_s_name_that_cant_be_seen_or_kept(admin: httpx2.AsyncClient, name: str) -> None:
    refused = await admin.post(f"{V1}/tokens", json={"name": name, "role": "READ"})
    assert_problem(refused, 422, "unprocessable", fields=["name"])


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
async def test_a_time_at_the_calendar_s_end(admin: httpx2.AsyncClient, time: str) -> None:
    refused = await admin.post(f"{V1}/tokens", json={"name": "late", "role": "READ", "expiresAt": time})
    assert_problem(refused, 422, "unprocessable", fields=["expiresAt"])


async def test_what_couldnt_be_revoked_isnt_forgotten(data_dir: Path) -> None:
    with running_cluster() as cluster:
        url = cluster.new_database()
        async with running(data_dir, url) as app, app.browser() as page:
            token, secret = await app.access.tokens.create("robot", Role.ADMIN)
            async with app.client(secret) as robot:
                cluster.stop()
                for call in (
                    robot.delete(f"{V1}/tokens/{token.id}"),
                    page.delete(f"{V1}/session"),
                    page.post(f"{V1}/session", json={"token": secret}),
                ):
                    # A task of its own, as each request has: Tortoise leaves a broken transaction in the context.
                    assert_problem(await asyncio.create_task(call), 503, "not-available")
                cluster.start()
                assert (await page.delete(f"{V1}/session")).status_code == 204
                assert (await robot.delete(f"{V1}/tokens/{token.id}")).status_code == 204
        async with running(data_dir, url) as app, app.client(secret) as robot:
            assert_problem(await robot.get(f"{V1}/session"), 401, "not-signed-in")
            robot.headers.pop("authorization")
            robot.cookies = page.cookies
            assert_problem(await robot.get(f"{V1}/session"), 401, "not-signed-in")
