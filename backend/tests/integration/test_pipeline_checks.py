"""Drafts of pipelines are tried with scripts that aren't saved: what is wrong is told, and nothing of it stays."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import Server, running, served
from catalogs import Catalog
from problems import assert_problem
from puppets import children_of

from sluice.access.secret import new_secret
from sluice.catalog.checking import AT_ONCE, MOST_WAITING, Checking
from sluice.catalog.parts import NewPipeline
from sluice.entities import Role
from sluice.storage.vault import vault_of

pytestmark = pytest.mark.any_database

V1 = "/api/v1"
CHECK = f"{V1}/pipelines/check"
TOKEN = new_secret("slc_")
PRE = "import numpy as np\n\ndef process(content):\n    return {'x': np.full((1, 4), len(content), np.float32)}\n"
POST = "def process(outputs):\n    return outputs[0][0, 0]\n"
HANGS = "import time\n\ndef process(content):\n    print('here', flush=True)\n    time.sleep(600)\n"
BOTH = {"model": "double", "preProcessing": "pre.py", "postProcessing": "post.py"}


def form(draft: dict[str, Any], sources: dict[str, str] | None = None, given: bytes | None = None) -> dict[str, Any]:
    files = {"pipeline": (None, json.dumps(draft))}
    files |= {f"source:{name}": (None, text) for name, text in (sources or {}).items()}
    if given is not None:
        files["input"] = ("input.bin", given)  # type: ignore[assignment]
    return {"files": files}


async def check(
    admin: httpx2.AsyncClient,
    draft: dict[str, Any],
    sources: dict[str, str] | None = None,
    given: bytes | None = None,
) -> dict[str, Any]:
    answer = await admin.post(CHECK, **form(draft, sources, given))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    assert found.keys() == {"ok", "loaded", "ran", "sample", "problem", "output", "trace"}
    assert found["ok"] == (found["problem"] is None)
    return found


async def fill(admin: httpx2.AsyncClient) -> None:
    await admin.post(f"{V1}/models?fileName=double.onnx", content=onnx_models.double_it())
    for name, text in [("pre.py", PRE), ("post.py", POST), ("sample.txt", "abc")]:
        assert (await admin.post(f"{V1}/resources?fileName={name}", content=text)).status_code == 201


def left_in(data_dir: Path) -> dict[str, list[str]]:
    return {name: sorted(os.listdir(data_dir / name)) for name in NOTHING}


NOTHING = {"incoming": [], "run": []}


@pytest.fixture
async def filled(admin: httpx2.AsyncClient) -> httpx2.AsyncClient:
    await fill(admin)
    return admin


async def everything(admin: httpx2.AsyncClient, data_dir: Path) -> Any:
    lists = [(await admin.get(f"{V1}/{name}")).json() for name in ("models", "resources", "pipelines", "environments")]
    return lists, sorted(os.listdir(data_dir / "blobs")), left_in(data_dir)


async def test_a_draft_runs_with_its_input_and_shows_the_trace(filled: httpx2.AsyncClient, data_dir: Path) -> None:
    before = await everything(filled, data_dir)
    found = await check(filled, BOTH, given=b"12345")
    assert (found["ok"], found["loaded"], found["ran"], found["sample"]) == (True, True, True, "input")
    assert found["output"] == 10
    assert [step["step"] for step in found["trace"]["steps"]] == [
        "pre-processing",
        "model",
        "post-processing",
        "output",
    ]
    assert found["trace"]["steps"][0]["returned"][0]["name"] == "x"
    assert await everything(filled, data_dir) == before


async def test_unsaved_texts_take_the_place_of_saved_ones_and_of_none(
    filled: httpx2.AsyncClient, data_dir: Path
) -> None:
    before = await everything(filled, data_dir)
    sources = {
        "PRE.py": "import helper\n" + PRE.replace("len(content)", "helper.FACTOR"),
        "new.py": "def process(outputs):\n    return ['new', outputs[0]]\n",
        "helper.py": "FACTOR = 7\n",
    }
    draft = {**BOTH, "postProcessing": "new.py", "dataFiles": ["helper.py"], "name": "any", "pinned": True}
    assert (await check(filled, draft, sources, b""))["output"] == ["new", [[14.0] * 4]]
    assert (await check(filled, BOTH, given=b"abc"))["output"] == 6
    assert await everything(filled, data_dir) == before


async def test_the_sample_of_the_draft_or_one_that_is_made(filled: httpx2.AsyncClient) -> None:
    stored = await check(filled, {**BOTH, "dataFiles": ["sample.txt"], "sample": "sample.txt"})
    assert (stored["ok"], stored["sample"], stored["output"]) == (True, "stored", 6)
    made = await check(filled, {"model": "double", "postProcessing": "post.py"})
    assert (made["ok"], made["sample"], made["output"]) == (True, "made", 0)
    none = await check(filled, BOTH)
    assert (none["ok"], none["loaded"], none["ran"], none["sample"]) == (True, True, False, None)
    assert (none["output"], none["trace"]) == (None, None)
    await filled.post(f"{V1}/models?fileName=maps.onnx", content=onnx_models.map_input())
    cant = await check(filled, {"model": "maps"})
    assert (cant["ok"], cant["loaded"], cant["ran"]) == (True, True, False)


@pytest.mark.parametrize(
    "model",
    [
        onnx_models.identity("string", (None, 2)),
        onnx_models.identity("bool", (3,)),
        onnx_models.identity("bfloat16", ("N", "M")),
        onnx_models.identity("uint64", ()),
        onnx_models.sum_and_difference(),
        onnx_models.optional(),
    ],
)
async def test_a_sample_is_made_for_tensors_of_any_kind(admin: httpx2.AsyncClient, model: bytes) -> None:
    await admin.post(f"{V1}/models?fileName=m.onnx", content=model)
    found = await check(admin, {"model": "m"})
    assert (found["ok"], found["ran"], found["sample"]) == (True, True, "made"), found


async def test_integers_and_no_numbers_come_as_they_are(admin: httpx2.AsyncClient) -> None:
    await admin.post(f"{V1}/models?fileName=m.onnx", content=onnx_models.identity("int64"))
    answer = await admin.post(CHECK, **form({"model": "m"}, given=b'{"x": [9223372036854775807]}'))
    assert '"output":{"y":[9223372036854775807]}' in answer.text


async def test_a_failing_script_is_told_with_line_and_trace(filled: httpx2.AsyncClient, data_dir: Path) -> None:
    found = await check(filled, BOTH, {"post.py": "def process(outputs):\n    print('hm')\n    return 1 / 0\n"}, b"1")
    problem = found["problem"]
    assert (found["loaded"], found["ran"], found["output"]) == (True, False, None)
    assert (problem["code"], problem["status"], problem["step"]) == ("prediction-failed", 422, "post-processing")
    assert (problem["script"], problem["line"], problem["printed"]) == ("post.py", 3, "hm\n")
    assert found["trace"] == problem["trace"]
    assert found["trace"]["frames"][0]["line"] == 3
    assert found["trace"]["steps"][1]["returned"][0]["name"] == "y"
    assert left_in(data_dir) == NOTHING


BAD_DRAFTS: list[tuple[dict[str, Any], dict[str, str], dict[str, Any]]] = [
    (BOTH, {"pre.py": "def process(:\n"}, {"code": "invalid-script", "line": 1, "step": "pre-processing"}),
    (BOTH, {"pre.py": "x = 1\n"}, {"code": "invalid-script", "script": "pre.py"}),
    (BOTH, {"pre.py": "1 / 0\n" + PRE}, {"code": "invalid-pipeline", "line": 1, "script": "pre.py"}),
    ({**BOTH, "model": "none"}, {}, {"code": "invalid-pipeline"}),
    ({**BOTH, "preProcessing": "sample.txt"}, {}, {"code": "invalid-pipeline"}),
    ({**BOTH, "name": "a/b"}, {}, {"code": "invalid-name"}),
    ({**BOTH, "preProcessing": "a/b.py"}, {"a/b.py": PRE}, {"code": "invalid-name"}),
]


@pytest.mark.parametrize(("draft", "sources", "told"), BAD_DRAFTS)
async def test_what_wouldnt_be_saved_is_told_as_it_would_be(
    filled: httpx2.AsyncClient, data_dir: Path, draft: dict[str, Any], sources: dict[str, str], told: dict[str, Any]
) -> None:
    before = await everything(filled, data_dir)
    found = await check(filled, draft, sources, b"")
    assert (found["loaded"], found["ran"]) == (False, False)
    assert {key: found["problem"].get(key) for key in told} == told
    assert await everything(filled, data_dir) == before


@pytest.mark.parametrize(
    ("kwargs", "status", "code", "fields"),
    [
        ({"json": BOTH}, 400, "bad-request", None),
        ({"files": {"pipeline": (None, "{")}}, 400, "bad-request", None),
        ({"files": {"input": ("i", b"x")}}, 422, "unprocessable", ["pipeline"]),
        ({"files": {"pipeline": (None, '{"model": 1}')}}, 422, "unprocessable", ["model"]),
        ({"files": {"pipeline": (None, '{"model": "m"}'), "other": (None, "x")}}, 422, "unprocessable", ["other"]),
        (form(BOTH, {"sample.txt": "x"}), 422, "unprocessable", ["source:sample.txt"]),
        (form(BOTH, {"unused.py": PRE}), 422, "unprocessable", ["source:unused.py"]),
        (form(BOTH, {"pre.py": ""}), 400, "empty-upload", None),
        (form(BOTH, {"pre.py": "#" * 2_000_000}), 413, "too-large", None),
    ],
)
async def test_a_request_that_cant_be_understood(
    filled: httpx2.AsyncClient, data_dir: Path, kwargs: dict[str, Any], status: int, code: str, fields: Any
) -> None:
    assert_problem(await filled.post(CHECK, **kwargs), status, code, fields=fields)
    assert left_in(data_dir) == NOTHING


async def test_readers_dont_check_and_a_pipeline_may_have_that_name(
    filled: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    assert_problem(await reader.post(CHECK, **form(BOTH)), 403, "not-allowed")
    assert (await filled.post(f"{V1}/pipelines", json={"name": "check", "model": "double"})).status_code == 201
    assert (await reader.get(CHECK)).json()["name"] == "check"
    assert (await filled.delete(CHECK)).status_code == 204


async def test_an_inactive_models_draft_is_checked_too(filled: httpx2.AsyncClient, data_dir: Path) -> None:
    await filled.patch(f"{V1}/models/double", json={"active": False}, headers={"If-Match": "*"})
    assert (await check(filled, BOTH, given=b"1"))["output"] == 2
    assert left_in(data_dir) == NOTHING


async def test_a_draft_that_hangs_or_ends_its_worker(data_dir: Path, database_url: str | None) -> None:
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        await fill(admin)
        found = await check(admin, {**BOTH, "deadlineS": 0.3}, {"pre.py": HANGS}, b"")
        assert (found["problem"]["code"], found["problem"]["script"]) == ("deadline-exceeded", "pre.py")
        assert (found["loaded"], found["ran"], found["trace"]["printed"]) == (True, False, "here\n")
        died = "import os\n\ndef process(content):\n    os._exit(3)\n"
        assert (await check(admin, BOTH, {"pre.py": died}, b""))["problem"]["code"] == "worker-died"
        assert left_in(data_dir) == NOTHING


@pytest.fixture
async def server(data_dir: Path) -> AsyncIterator[Server]:
    async with served(data_dir, SLUICE_ADMIN_TOKEN=TOKEN, SLUICE_WORKERS="1") as server:
        yield server


@pytest.fixture
async def remote(server: Server) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers, timeout=60) as client:
        await fill(client)
        yield client


def workers_of(server: Server) -> list[int]:
    return [w for base in children_of(server.process.pid) for model in children_of(base) for w in children_of(model)]


async def until(condition: Any, client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.wait([asyncio.ensure_future(client.get("/health/live"))])


async def test_a_client_that_leaves_takes_its_workers_along(
    server: Server, remote: httpx2.AsyncClient, data_dir: Path
) -> None:
    loads_for_ever = "import time\ntime.sleep(600)\n" + PRE
    for text in (HANGS, loads_for_ever):
        call = asyncio.create_task(remote.post(CHECK, **form(BOTH, {"pre.py": text}, b"")))
        await until(lambda: workers_of(server), remote)
        call.cancel()
        await until(lambda: not workers_of(server) and left_in(data_dir) == NOTHING, remote)


async def test_no_more_run_or_wait_than_may(server: Server, remote: httpx2.AsyncClient, data_dir: Path) -> None:
    most = AT_ONCE + MOST_WAITING
    limits = httpx2.Limits(max_connections=50)
    async with httpx2.AsyncClient(base_url=server.url, headers=remote.headers, timeout=60, limits=limits) as other:
        calls = [asyncio.create_task(other.post(CHECK, **form(BOTH, {"pre.py": HANGS}, b""))) for _ in range(most + 3)]
        done: set[asyncio.Task[httpx2.Response]] = set()
        while len(done) < 3:
            done, _ = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        for call in done:
            assert_problem(call.result(), 503, "not-available")
        await until(lambda: len(workers_of(server)) == AT_ONCE, remote)
        for call in calls:
            call.cancel()
        await asyncio.wait(calls)
    await until(lambda: not workers_of(server) and left_in(data_dir) == NOTHING, remote)
    assert (await check(remote, BOTH, given=b"1"))["ok"]


async def test_nothing_stays_after_kill_9(data_dir: Path) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with pytest.raises(AssertionError):  # it doesn't end well
        async with served(data_dir, SLUICE_ADMIN_TOKEN=TOKEN) as server:
            async with httpx2.AsyncClient(base_url=server.url, headers=headers) as admin:
                await fill(admin)
                before = sorted(os.listdir(data_dir / "blobs"))
                call = asyncio.create_task(admin.post(CHECK, **form(BOTH, {"pre.py": HANGS}, b""), timeout=60))
                await until(lambda: workers_of(server), admin)
                assert left_in(data_dir) != NOTHING
                await server.stop(signal.SIGKILL)
                await asyncio.wait([call])
                assert call.exception()
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
        assert left_in(data_dir) == NOTHING
        assert sorted(os.listdir(data_dir / "blobs")) == before
        assert (await admin.get(f"{V1}/pipelines")).json()["items"] == []


async def test_a_part_that_is_replaced_meanwhile_is_told(catalog: Catalog) -> None:
    await catalog.parts()
    await catalog.resource("fails.py", b"def process(content):\n    return 1 / 0\n")
    checking = Checking(
        catalog.current, catalog.files, catalog.resources, catalog.supervisor, vault_of(catalog.data_dir, ())
    )
    catalog.supervisor.go_on.clear()
    call = asyncio.create_task(checking.check(NewPipeline("", "double", "fails.py", "post.py"), [], b""))
    await catalog.supervisor.loaded.wait()
    await catalog.replace("post.py", b"def process(content):\n    return 1\n")
    catalog.supervisor.go_on.set()
    problem = (await call).problem
    assert problem
    assert "was changed while it was checked" in problem.message
    assert await catalog.agrees()
