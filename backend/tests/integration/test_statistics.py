"""Statistics and failures over HTTP: what counts, how, and what outlives what."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, running, served
from problems import assert_problem

from sluice.entities import Role
from sluice.prediction.history import MOST_REFUSALS
from sluice.prediction.slot import SPANS_S
from sluice.storage.tables import FailureInputRow, FailureRow, StatisticsRow

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


PRINTS = """
def process(content):
    print(content)
    raise ValueError("no such thing")
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


async def change(client: httpx2.AsyncClient, **fields: Any) -> None:
    changed = await client.patch(f"{V1}/pipelines/p", json=fields, headers={"If-Match": "*"})
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
            assert failures[0]["durationMs"] >= 990  # a timer may be early by a tick


async def test_a_failure_is_told_as_its_caller_was(admin: httpx2.AsyncClient, reader: httpx2.AsyncClient) -> None:
    await add(admin)
    refused = await reader.post(f"{V1}/pipelines/p/predictions", content=b"raise", headers={"X-Request-Id": "my-own"})
    problem = assert_problem(refused, 422, "prediction-failed", step="pre-processing", line=7)
    assert problem["trace"]["frames"][0]["line"] == 7
    (failure,) = (await got(admin, "pipelines/p/failures"))["items"]
    assert failure["problem"] == problem
    assert (failure["requestId"], failure["revision"]) == ("my-own", 1)
    assert failure["durationMs"] > 0


async def test_what_a_failure_tells_of_an_input_is_for_administrators(
    admin: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    await add(admin)
    await admin.post(f"{V1}/resources", params={"fileName": "prints.py"}, content=PRINTS.encode())
    await change(admin, preProcessing="prints.py")
    assert await ask(admin, b"secret") == 422
    (whole,) = (await got(admin, "pipelines/p/failures"))["items"]
    assert "secret" in whole["problem"]["printed"]
    assert "secret" in str(whole["problem"]["trace"]["steps"])
    (told,) = (await got(reader, "pipelines/p/failures"))["items"]
    assert "secret" not in str(told)
    assert whole["problem"] == {**told["problem"], **{key: whole["problem"][key] for key in ("printed", "trace")}}


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


async def test_refusals_count_but_leave_room_for_other_failures(data_dir: Path) -> None:
    async with running(data_dir, queue_calls=1) as app, await app.caller(Role.ADMIN) as admin:
        await add(admin, deadlineS=2.0)
        assert await ask(admin, b"raise") == 422
        statuses = Counter(await asyncio.gather(*(ask(admin, b"loop") for _ in range(30))))
        assert statuses.keys() == {503, 504}
        assert statuses[503] > MOST_REFUSALS
        found = await totals(admin)
        assert found["outcomes"] == {"failed": 1, "refused": statuses[503], "deadline": statuses[504]}
        assert sum(found["failedSteps"].values()) == found["failures"] == found["calls"] == 31
        assert found["failedSteps"]["queue"] >= statuses[503]
        told = Counter(one["problem"]["code"] for one in (await got(admin, "pipelines/p/failures"))["items"])
        assert 0 < told["queue-full"] <= MOST_REFUSALS


async def test_a_body_that_is_refused_before_it_is_read_counts_once(data_dir: Path) -> None:
    # Above 64 KiB the shortcut asks first whether there is room, and leaves a refusal to the ordinary way.
    settings = {"SLUICE_ADMIN_TOKEN": TOKEN, "SLUICE_WORKERS": "1", "SLUICE_QUEUE_CALLS": "1"}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with (
        served(data_dir, **settings) as server,
        httpx2.AsyncClient(base_url=server.url, headers=headers) as client,
    ):
        await add(client, deadlineS=3.0)
        contents = [b"loop"] * 30 + [bytes(100_000)] * 10
        statuses = await asyncio.gather(*(ask(client, content) for content in contents))
        assert 503 in statuses[30:]
        found = await totals(client)
        assert found["outcomes"]["refused"] == statuses.count(503)
        assert found["calls"] == len(statuses)
        sizes = [one["input"]["sizeBytes"] for one in (await got(client, "pipelines/p/failures"))["items"]]
        assert 100_000 in sizes


async def test_only_the_last_failures_are_told(admin: httpx2.AsyncClient, app: App) -> None:
    await add(admin)
    for number in range(25):
        assert await ask(admin, b"raise", **{"X-Request-Id": f"call-{number}"}) == 422
        if number in (7, 15):
            await app.services.records.store()
    for _ in range(2):
        failures = (await got(admin, "pipelines/p/failures"))["items"]
        assert [one["requestId"] for one in failures] == [f"call-{number}" for number in range(24, 4, -1)]
        await app.services.records.store()
    assert (await totals(admin))["failures"] == 25


async def test_all_of_it_outlives_a_restart_a_new_name_and_new_revisions(
    data_dir: Path, database_url: str | None
) -> None:
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        await add(admin, keepInputs=True)
        for content in (b"x", b"x", b"raise"):
            await ask(admin, content)
        before = await got(admin, "pipelines/p/failures")
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        assert await got(admin, "pipelines/p/failures") == before
        await ask(admin)
        await change(admin, name="q")
        await ask(admin, b"raise", "pipelines/q")
        for period in ("hour", "day", "week"):
            found = (await got(admin, "pipelines/q/statistics", period=period))["totals"]
            assert (found["calls"], found["failures"], found["outcomes"]) == (5, 2, {"failed": 2})
            assert found["p50Ms"] > 0
        (one,) = (await got(admin, "statistics"))["items"]
        assert (one["name"], one["calls"], one["failures"], sum(one["callsPerMinute"])) == ("q", 5, 2, 5)
        failures = (await got(admin, "pipelines/q/failures"))["items"]
        assert [one["revision"] for one in failures] == [2, 1]
        assert failures[1:] == before["items"]
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        (again,) = (await got(admin, "statistics"))["items"]
        assert {**again, "callsPerMinute": [], "failuresPerMinute": []} == {
            **one,
            "lastAt": again["lastAt"],
            "lastFailedAt": again["lastFailedAt"],
            "p50Ms": again["p50Ms"],
            "p99Ms": again["p99Ms"],
            "callsPerMinute": [],
            "failuresPerMinute": [],
        }
        assert again["lastFailedAt"] == again["lastAt"]


async def test_deleting_a_pipeline_or_model_removes_all_of_it(app: App, admin: httpx2.AsyncClient) -> None:
    await add(admin, keepInputs=True)
    for path in ("pipelines/p", "models/m"):
        assert await ask(admin, b"raise", path) == 422
    await app.services.records.store()
    assert await rows() == (2 * len(SPANS_S), 2, 1)
    assert await ask(admin, b"raise") == 422  # not stored yet
    assert (await admin.delete(f"{V1}/pipelines/p")).status_code == 204
    assert await rows() == (len(SPANS_S), 1, 0)
    assert_problem(await admin.get(f"{V1}/pipelines/p/statistics"), 404, "not-found")
    assert (await admin.delete(f"{V1}/models/m")).status_code == 204
    await app.services.records.store()
    assert await rows() == (0, 0, 0)
    assert (await got(admin, "statistics"))["items"] == []
    await add(admin)  # another one of that name begins anew
    assert (await totals(admin))["calls"] == 0


async def rows() -> tuple[int, int, int]:
    return await StatisticsRow.all().count(), await FailureRow.all().count(), await FailureInputRow.all().count()


async def test_failures_can_be_cleared(app: App, admin: httpx2.AsyncClient, reader: httpx2.AsyncClient) -> None:
    await add(admin, keepInputs=True)
    assert await ask(admin, b"raise") == 422
    await app.services.records.store()
    assert await ask(admin, b"raise") == 422
    assert_problem(await reader.delete(f"{V1}/pipelines/p/failures"), 403, "not-allowed")
    assert len((await got(reader, "pipelines/p/failures"))["items"]) == 2
    assert (await admin.delete(f"{V1}/pipelines/p/failures")).status_code == 204
    assert (await got(reader, "pipelines/p/failures"))["items"] == []
    assert (await rows())[1:] == (0, 0)
    assert (await totals(reader))["failures"] == 2


async def test_inputs_are_kept_where_the_pipeline_says_so(
    app: App, admin: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    await add(admin)
    assert await ask(admin, b"raise") == 422
    await change(admin, keepInputs=True)
    assert (await got(admin, "pipelines/p"))["keepInputs"] is True
    assert await ask(admin, b"raise") == 422
    for _ in range(2):
        new, old = (await got(reader, "pipelines/p/failures"))["items"]
        assert (new["input"]["kept"], old["input"]["kept"]) == (True, False)
        url = f"{V1}/pipelines/p/failures/{new['id']}/input"
        answer = await admin.get(url)
        assert (answer.status_code, answer.content) == (200, b"raise")
        assert answer.headers["content-type"] == "application/octet-stream"
        assert "attachment" in answer.headers["content-disposition"]
        assert_problem(await reader.get(url), 403, "not-allowed")
        assert_problem(await admin.get(f"{V1}/pipelines/p/failures/{old['id']}/input"), 404, "not-found")
        await app.services.records.store()
    await add(admin, "other", keepInputs=True)
    assert_problem(await admin.get(url.replace("/p/", "/other/")), 404, "not-found")
    await change(admin, keepInputs=None)
    assert_problem(await admin.get(url), 404, "not-found")
    assert not any(one["input"]["kept"] for one in (await got(reader, "pipelines/p/failures"))["items"])


async def test_kept_inputs_have_caps(data_dir: Path) -> None:
    async with running(data_dir, kept_input_bytes=2_000_000, kept_inputs_bytes=5_000_000) as app:
        async with await app.caller(Role.ADMIN) as admin:
            await add(admin, keepInputs=True, preProcessing=None)
            small, large, too_large = (b"[" * size for size in (100, 1_900_000, 2_000_001))
            for content in (small, large, large, too_large, large):
                assert await ask(admin, content) == 422
            await app.services.records.store()
            failures = (await got(admin, "pipelines/p/failures"))["items"]
            assert [one["input"]["kept"] for one in failures] == [True, False, True, False, False]
            answer = await admin.get(f"{V1}/pipelines/p/failures/{failures[0]['id']}/input")
            assert answer.content == large
            assert (await rows())[2] == 2
