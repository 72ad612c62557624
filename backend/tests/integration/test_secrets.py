"""Secrets and variables of a pipeline reach its own workers and nothing else."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import running
from problems import assert_problem

from benchmarks.processes import tree
from sluice.entities import Role

pytestmark = pytest.mark.any_database

V1 = "/api/v1"
SECRET = "correct-horse-battery"
OTHER = "staple-of-another-kind"
POST = """
import os

print("imported with", os.environ.get("KEY"))

def process(outputs):
    what = int(outputs[0][0])
    if what == 1:
        raise ValueError("no luck with " + os.environ["KEY"])
    if what == 2:
        print("it is", os.environ["KEY"])
        os._exit(3)
    return {name: os.environ.get(name) for name in ("KEY", "LANGUAGE", "OTHER")}
"""
NEEDY = """
import os
KEY = os.environ["KEY"]
if KEY == "wrong":
    raise ValueError(f"{KEY} is refused, {os.environ.get('OTHER')}")

def process(outputs):
    return len(KEY)
"""


@pytest.fixture
async def caller(admin: httpx2.AsyncClient) -> httpx2.AsyncClient:
    await lay_out(admin)
    return admin


async def lay_out(admin: httpx2.AsyncClient) -> None:
    await admin.post(f"{V1}/models?fileName=m.onnx", content=onnx_models.identity())
    for name, source in (("post.py", POST), ("needy.py", NEEDY)):
        await admin.post(f"{V1}/resources?fileName={name}", content=source)
    for name, variables in (("p", {"LANGUAGE": "en"}), ("q", {})):
        body = {"name": name, "model": "m", "postProcessing": "post.py", "variables": variables}
        added = await admin.post(f"{V1}/pipelines", json=body)
        assert added.status_code == 201, added.text


async def put(caller: httpx2.AsyncClient, name: str = "KEY", value: Any = SECRET, pipeline: str = "p") -> Any:
    return await caller.put(f"{V1}/pipelines/{pipeline}/secrets/{name}", json={"value": value})


async def call(caller: httpx2.AsyncClient, pipeline: str = "p", what: int = 0, query: str = "") -> httpx2.Response:
    return await caller.post(f"{V1}/pipelines/{pipeline}/predictions{query}", json={"x": [what]})


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def holding(text: str, files: list[Path]) -> list[Path]:
    """Return those files that hold a text; one may be of a process that ends just now."""
    found = []
    for path in files:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            if text.encode() in path.read_bytes():
                found.append(path)
    return found


async def test_only_its_own_workers_get_them(caller: httpx2.AsyncClient) -> None:
    assert (await call(caller)).json() == {"KEY": None, "LANGUAGE": "en", "OTHER": None}
    told = await put(caller)
    assert told.status_code == 200, told.text
    assert set(told.json()) == {"name", "setAt"}
    assert (await call(caller)).json() == {"KEY": SECRET, "LANGUAGE": "en", "OTHER": None}
    assert (await call(caller, "q")).json() == {"KEY": None, "LANGUAGE": None, "OTHER": None}
    (listed,) = (await caller.get(f"{V1}/pipelines/p/secrets")).json()["items"]
    assert listed == told.json()
    assert (await put(caller, value=OTHER)).status_code == 200
    assert (await call(caller)).json()["KEY"] == OTHER
    assert (await caller.delete(f"{V1}/pipelines/p/secrets/KEY")).status_code == 204
    assert (await call(caller)).json()["KEY"] is None
    assert_problem(await caller.delete(f"{V1}/pipelines/p/secrets/KEY"), 404, "not-found")


async def test_no_call_fails_while_one_is_set(caller: httpx2.AsyncClient) -> None:
    done = False

    async def go_on() -> set[str | None]:
        seen = set()
        while not done:
            answer = await call(caller)
            assert answer.status_code == 200, answer.text
            seen.add(answer.json()["KEY"])
        return seen

    calls = asyncio.create_task(go_on())
    await put(caller)
    await put(caller, value=OTHER)
    await caller.delete(f"{V1}/pipelines/p/secrets/KEY")
    done = True
    assert await calls <= {None, SECRET, OTHER}


async def test_nothing_tells_them(caller: httpx2.AsyncClient, data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    await put(caller)
    assert (await call(caller)).json()["KEY"] == SECRET
    children = tree(os.getpid())[1:]
    assert len(children) >= 3  # a base zygote, the model's, a worker
    assert not holding(SECRET, [Path(f"/proc/{pid}/{file}") for pid in children for file in ("environ", "cmdline")])
    failed = assert_problem(await call(caller, what=1), 422, "prediction-failed", step="post-processing")
    assert "no luck with ***" in failed["detail"]
    traced = await call(caller, what=1, query="?trace=true")
    died = assert_problem(await call(caller, what=2), 500, "worker-died")
    assert died["printed"] == "it is ***\n"
    failures = await caller.get(f"{V1}/pipelines/p/failures")
    (entry,) = (await caller.get(f"{V1}/audit?q=p&action=pipeline.change")).json()["items"]
    assert entry["detail"]["changes"] == {"secrets": {"names": ["KEY"]}}
    shown = [await caller.get(f"{V1}/{path}") for path in ("pipelines/p", "pipelines", "pipelines/p/secrets", "health")]
    for answer in (traced, failures, *shown):
        assert SECRET not in answer.text
    assert len(failures.json()["items"]) == 3
    assert SECRET not in caplog.text
    assert not holding(SECRET, files_in(data_dir))


async def test_a_pipeline_can_be_made_with_those_that_it_needs(caller: httpx2.AsyncClient) -> None:
    body = {"name": "needy", "model": "m", "postProcessing": "needy.py"}
    assert_problem(await caller.post(f"{V1}/pipelines", json=body), 422, "invalid-pipeline", step="post-processing")
    added = await caller.post(f"{V1}/pipelines", json={**body, "secrets": {"KEY": SECRET}})
    assert added.status_code == 201, added.text
    assert SECRET not in added.text
    assert (await call(caller, "needy")).json() == len(SECRET)
    # What doesn't load isn't saved, and says so without any value.
    await put(caller, "OTHER", OTHER, "needy")
    refused = assert_problem(await put(caller, value="wrong", pipeline="needy"), 422, "invalid-pipeline")
    assert "*** is refused, ***" in refused["detail"]
    assert (await call(caller, "needy")).json() == len(SECRET)
    without = await caller.delete(f"{V1}/pipelines/needy/secrets/KEY")
    assert_problem(without, 422, "invalid-pipeline", step="post-processing")


async def test_a_draft_gets_those_of_the_pipeline_whose_name_it_has(caller: httpx2.AsyncClient) -> None:
    await put(caller)

    async def checked(**body: Any) -> Any:
        draft = {"model": "m", "postProcessing": "post.py", **body}
        form = {"pipeline": (None, json.dumps(draft)), "input": (None, '{"x": [0]}')}
        return (await caller.post(f"{V1}/pipelines/check", files=form)).json()["output"]["KEY"]

    assert await checked(name="p") == SECRET
    assert await checked(name="p", secrets={"KEY": OTHER}) == OTHER
    assert await checked(name="r") is None
    assert (await call(caller)).json()["KEY"] == SECRET


async def test_names_that_cant_be(caller: httpx2.AsyncClient) -> None:
    for name in ("LD_PRELOAD", "ld_preload", "PYTHONPATH", "SLUICE_TOKEN", "PATH", "1X", "A-B", "A" * 101):
        assert_problem(await put(caller, name), 422, "invalid-pipeline", fields=["secrets"])
        body = {"name": "r", "model": "m", "variables": {name: "1"}}
        assert_problem(await caller.post(f"{V1}/pipelines", json=body), 422, "invalid-pipeline", fields=["variables"])


async def test_values_that_cant_be(caller: httpx2.AsyncClient) -> None:
    for value in ("", "a\0b", "x" * 32_769, 1, None):
        refused = assert_problem(await put(caller, value=value), 422, "unprocessable", fields=["value"])
        assert "x" * 10 not in str(refused)


async def test_a_name_is_a_secret_or_a_variable(caller: httpx2.AsyncClient) -> None:
    assert_problem(await put(caller, "LANGUAGE"), 422, "invalid-pipeline", fields=["variables"])
    await put(caller)

    async def change(variables: dict[str, str] | None) -> httpx2.Response:
        return await caller.patch(f"{V1}/pipelines/p", json={"variables": variables}, headers={"If-Match": "*"})

    assert_problem(await change({"KEY": "1"}), 422, "invalid-pipeline", fields=["variables"])
    assert (await change({"OTHER": "1"})).json()["variables"] == {"OTHER": "1"}
    assert (await call(caller)).json() == {"KEY": SECRET, "LANGUAGE": None, "OTHER": "1"}
    assert (await change(None)).json()["variables"] == {}


async def test_a_key_that_is_away_breaks_the_pipeline_and_not_the_server(
    data_dir: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, third = ("k" * 40 + digit for digit in "123")
    async with running(data_dir, secret_key=first) as app, await app.caller(Role.ADMIN) as admin:
        await lay_out(admin)
        await put(admin)
    assert not (data_dir / "secret.key").exists()
    async with running(data_dir, secret_key=second) as app, await app.caller(Role.ADMIN) as admin:
        assert "The pipeline 'p' is broken: The secrets 'KEY' can't be read" in caplog.text
        broken = assert_problem(await call(admin), 503, "pipeline-broken", kind="secrets-unreadable")
        assert "SLUICE_SECRET_KEY" in broken["detail"]
        assert (await call(admin, "q")).json()["KEY"] is None
    # The first of several seals what another one opens: from then on it is enough.
    async with running(data_dir, secret_key=f"{third},{first}") as app, await app.caller(Role.ADMIN) as admin:
        assert (await call(admin)).json()["KEY"] == SECRET
    async with running(data_dir, secret_key=third) as app, await app.caller(Role.ADMIN) as admin:
        assert (await call(admin)).json()["KEY"] == SECRET
        await put(admin, "OTHER")
    async with running(data_dir, secret_key=second) as app, await app.caller(Role.ADMIN) as admin:
        assert_problem(await call(admin), 503, "pipeline-broken")
        for name in ("KEY", "OTHER"):  # set anew, one by one
            assert (await put(admin, name, OTHER)).status_code == 200
        assert (await call(admin)).json() == {"KEY": OTHER, "LANGUAGE": "en", "OTHER": OTHER}


async def test_rows_that_were_swapped_give_nobody_anothers_secret(data_dir: Path) -> None:
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
        await lay_out(admin)
        await put(admin)
    with sqlite3.connect(data_dir / "sluice.db") as base:
        base.execute(
            "update pipeline_revision set secrets = (select secrets from pipeline_revision where secrets is not null) "
            "where secrets is null"
        )
    base.close()
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
        assert (await call(admin)).json()["KEY"] == SECRET
        assert_problem(await call(admin, "q"), 503, "pipeline-broken", kind="secrets-unreadable")
