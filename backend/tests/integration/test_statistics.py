"""Statistics and failures over HTTP: what counts, how, and what outlives what."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, served
from problems import assert_problem

V1 = "/api/v1"
TOKEN = "slc_" + "0" * 40
PUPPET = """
import os, time
import numpy as np

def process(content):
    if content == b"raise":
        raise ValueError("no such thing")
    if content == b"die":
        os._exit(3)
    if content == b"loop":
        while True: pass
    return {"x": np.zeros((1, 4), np.float32)}
"""


async def add(client: httpx2.AsyncClient, name: str = "p", **fields: Any) -> None:
    """Make a pipeline that does what the body says."""
    await client.post(f"{V1}/models", params={"fileName": "m.onnx"}, content=onnx_models.double_it(4))
    await client.post(f"{V1}/resources", params={"fileName": "pre.py"}, content=PUPPET.encode())
    made = {"name": name, "model": "m", "preProcessing": "pre.py", **fields}
    created = await client.post(f"{V1}/pipelines", json=made)
    assert created.status_code == 201, created.text


async def ask(client: httpx2.AsyncClient, content: bytes = b"x", path: str = "pipelines/p", **headers: str) -> int:
    return (await client.post(f"{V1}/{path}/predictions", content=content, headers=headers)).status_code


async def got(client: httpx2.AsyncClient, path: str, **params: str) -> Any:
    answer = await client.get(f"{V1}/{path}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def totals(client: httpx2.AsyncClient, path: str = "pipelines/p") -> Any:
    return (await got(client, f"{path}/statistics"))["totals"]


async def change(client: httpx2.AsyncClient, name: str = "p", **fields: Any) -> None:
    changed = await client.patch(f"{V1}/pipelines/{name}", json=fields, headers={"If-Match": "*"})
    assert changed.status_code == 200, changed.text


async def test_every_call_is_counted_with_how_long_it_took(
    admin: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    await add(admin)
    for _ in range(3):
        assert await ask(reader) == 200
    assert await ask(reader, b'{"x": [[1, 2, 3, 4]]}', "models/m") == 200
    for period, spans, step_s in (("hour", 60, 60), ("day", 96, 900), ("week", 168, 3600)):
        found = await got(reader, "pipelines/p/statistics", period=period)
        assert (found["period"], found["stepS"], len(found["points"])) == (period, step_s, spans)
        assert sum(point["calls"] for point in found["points"]) == found["totals"]["calls"] == 3
        assert found["totals"]["failures"] == 0
        assert found["totals"]["steps"].keys() == {"queue", "pre-processing", "model", "output"}
        assert 0 < found["totals"]["steps"]["model"]["p50Ms"] < found["totals"]["p50Ms"] <= found["totals"]["p99Ms"]
        empty = found["points"][0]
        assert (empty["calls"], empty["p50Ms"], empty["steps"]) == (0, None, {})
    overview = await got(reader, "statistics")
    assert [(one["kind"], one["name"], one["calls"]) for one in overview["items"]] == [
        ("pipeline", "p", 3),
        ("model", "m", 1),
    ]
    one = overview["items"][0]
    assert len(one["callsPerMinute"]) == len(one["failuresPerMinute"]) == 60
    assert sum(one["callsPerMinute"][-2:]) == 3  # a minute may have ended meanwhile
    assert one["lastAt"] < overview["endsAt"]
    assert one["lastFailedAt"] is None


@pytest.mark.parametrize("as_form", [False, True])
async def test_both_ways_count_alike(data_dir: Path, as_form: bool) -> None:
    async with served(data_dir, SLUICE_ADMIN_TOKEN=TOKEN, SLUICE_WORKERS="1") as server:
        headers = {"Authorization": f"Bearer {TOKEN}"}
        async with httpx2.AsyncClient(base_url=server.url, headers=headers) as client:
            await add(client, deadlineS=1.0)
            if as_form:
                # A form goes the ordinary way, plain bytes take the shortcut.
                async def send(content: bytes) -> int:
                    form = {"file": ("input", content)}
                    return (await client.post(f"{V1}/pipelines/p/predictions", files=form)).status_code
            else:

                async def send(content: bytes) -> int:
                    return await ask(client, content)

            statuses = [await send(content) for content in (b"x", b"raise", b"die", b"loop", b"x")]
            assert statuses == [200, 422, 500, 504, 200]
            found = await totals(client)
            assert (found["calls"], found["failures"]) == (5, 3)
            assert found["outcomes"] == {"failed": 1, "crashed": 1, "deadline": 1}
            assert found["failedSteps"] == {"pre-processing": 3}
            failures = (await got(client, "pipelines/p/failures"))["items"]
            assert [one["problem"]["code"] for one in failures] == [
                "deadline-exceeded",
                "worker-died",
                "prediction-failed",
            ]
            assert [one["input"] for one in failures] == [{"sizeBytes": size, "kept": False} for size in (4, 3, 5)]
            assert failures[0]["durationMs"] >= 1000


async def test_a_failure_is_told_as_its_caller_was(admin: httpx2.AsyncClient, reader: httpx2.AsyncClient) -> None:
    await add(admin)
    refused = await reader.post(f"{V1}/pipelines/p/predictions", content=b"raise", headers={"X-Request-Id": "my-own"})
    problem = assert_problem(refused, 422, "prediction-failed", step="pre-processing", line=7)
    assert problem["trace"]["frames"][0]["line"] == 7
    (failure,) = (await got(reader, "pipelines/p/failures"))["items"]
    assert failure["problem"] == problem
    assert (failure["requestId"], failure["revision"]) == ("my-own", 1)
    assert failure["durationMs"] > 0


async def test_what_the_caller_alone_did_wrong_does_not_count(app: App, admin: httpx2.AsyncClient) -> None:
    await add(admin)
    url = f"{V1}/pipelines/p/predictions"
    nobody = app.client()
    assert (await nobody.post(url, content=b"x")).status_code == 401
    assert await ask(admin, path="pipelines/none") == 404
    assert await ask(admin, **{"Sluice-Deadline": "never"}) == 400
    assert (await admin.post(url, files={"other": b"x"})).status_code == 422
    assert await ask(admin, bytes(20), **{"Content-Length": str(1 << 40)}) == 413
    assert (await got(admin, "statistics"))["items"] == []
    assert (await totals(admin))["calls"] == 0
    assert (await got(admin, "pipelines/p/failures"))["items"] == []
