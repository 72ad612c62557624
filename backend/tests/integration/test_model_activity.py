"""Models are renamed, described, deactivated and activated: callers get right answers or a 409, never anything else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, Server, running, served
from catalogs import Catalog
from problems import assert_problem
from puppets import children_of

from sluice.access.secret import new_secret
from sluice.catalog.describing import ModelEdit
from sluice.catalog.parts import NewPipeline
from sluice.entities import Role

V1 = "/api/v1"
TOKEN = new_secret("slc_")
INPUT = {"x": [[1.0, 2.0, 3.0, 4.0]]}
ANSWER = {"y": [[2.0, 4.0, 6.0, 8.0]]}
PRE = b"import numpy as np\n\ndef process(content):\n    return {'x': np.ones((1, 4), np.float32)}\n"


async def patch(admin: httpx2.AsyncClient, path: str, /, **changes: Any) -> httpx2.Response:
    return await admin.patch(f"{V1}/{path}", json=changes, headers={"If-Match": "*"})


async def deactivate(admin: httpx2.AsyncClient, model: str = "double") -> None:
    answer = await patch(admin, f"models/{model}", active=False)
    assert (answer.status_code, answer.json()["active"]) == (200, False), answer.text


async def activate(admin: httpx2.AsyncClient, model: str = "double") -> None:
    answer = await patch(admin, f"models/{model}", active=True)
    assert (answer.status_code, answer.json()["active"]) == (200, True), answer.text


async def state(admin: httpx2.AsyncClient, pipeline: str = "p") -> str:
    found: str = (await admin.get(f"{V1}/pipelines/{pipeline}")).json()["state"]
    return found


async def until_state(admin: httpx2.AsyncClient, wanted: str, pipeline: str = "p") -> None:
    async with asyncio.timeout(30):
        while await state(admin, pipeline) != wanted:
            await asyncio.wait([asyncio.ensure_future(admin.get("/health/live"))])


async def fill(admin: httpx2.AsyncClient, **policy: Any) -> None:
    model = await admin.post(f"{V1}/models?fileName=double.onnx", content=onnx_models.double_it())
    assert model.status_code == 201, model.text
    made = await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "double", **policy})
    assert made.status_code == 201, made.text


async def test_an_inactive_model_answers_nothing_and_frees_its_workers(app: App, admin: httpx2.AsyncClient) -> None:
    await fill(admin)
    assert (await admin.post(f"{V1}/pipelines/p/predictions", json=INPUT)).json() == ANSWER
    assert (await admin.post(f"{V1}/models/double/predictions", json=INPUT)).json() == ANSWER
    await deactivate(admin)
    await app.services.changes.cleaned()
    assert list((app.services.settings.data_dir / "run").iterdir()) == []
    for path in ("pipelines/p", "models/double"):
        answer = await admin.post(f"{V1}/{path}/predictions", json=INPUT)
        problem = assert_problem(answer, 409, "model-inactive", model="double")
        assert 'PATCH models/double with {"active": true}' in problem["detail"]
    shown = (await admin.get(f"{V1}/pipelines/p")).json()
    assert (shown["state"], shown["revision"]) == ("inactive", 1)
    assert "'double' is inactive" in shown["reason"]
    assert [(step["ready"], step["reason"]) for step in shown["steps"]] == [(False, shown["reason"])]
    assert_problem(await admin.post(f"{V1}/pipelines/p/retry"), 409, "model-inactive")
    await activate(admin)
    assert await state(admin) == "idle"
    assert (await admin.post(f"{V1}/pipelines/p/predictions", json=INPUT)).json() == ANSWER


async def test_it_stays_inactive_over_a_restart_and_nothing_of_it_is_loaded(
    data_dir: Path, database_url: str | None
) -> None:
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        await fill(admin, pinned=True)
        other = await admin.post(f"{V1}/models?fileName=other.onnx", content=onnx_models.times(3))
        assert other.status_code == 201
        await admin.post(f"{V1}/pipelines", json={"name": "q", "model": "other", "pinned": True})
        await deactivate(admin)
        await patch(admin, "models/double", description="Doubles")
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        await until_state(admin, "ready", "q")  # 'p' would have come first
        model = (await admin.get(f"{V1}/models/double")).json()
        assert (model["active"], model["description"], model["revision"]) == (False, "Doubles", 3)
        assert await state(admin) == "inactive"
        assert len(list((data_dir / "run").iterdir())) == 1
        await activate(admin)
        await until_state(admin, "ready")


async def test_what_changes_about_an_inactive_model_is_loaded_once_and_not_kept(
    app: App, admin: httpx2.AsyncClient
) -> None:
    await fill(admin, pinned=True)
    await admin.post(f"{V1}/resources?fileName=pre.py", content=PRE)
    await deactivate(admin)
    made = await admin.post(f"{V1}/pipelines", json={"name": "new", "model": "double", "preProcessing": "pre.py"})
    assert (made.status_code, made.json()["state"]) == (201, "inactive")
    assert (await patch(admin, "pipelines/p", preProcessing="pre.py")).json()["state"] == "inactive"
    replaced = await admin.put(f"{V1}/models/double/content", content=onnx_models.times(5))
    assert (replaced.json()["active"], replaced.json()["pipelines"]) == (False, ["new", "p"])
    replaced = await admin.put(f"{V1}/resources/pre.py/content", content=PRE + b"# new\n")
    assert replaced.json()["pipelines"] == ["new", "p"]
    refused = await admin.put(f"{V1}/resources/pre.py/content", content=b"1 / 0\ndef process(content): ...\n")
    assert_problem(refused, 422, "invalid-pipeline")
    await app.services.changes.cleaned()
    assert list((app.services.settings.data_dir / "run").iterdir()) == []
    await activate(admin)
    await until_state(admin, "ready")
    assert (await admin.post(f"{V1}/pipelines/new/predictions")).json() == {"y": [[5.0] * 4]}


async def test_a_model_is_renamed_and_described(admin: httpx2.AsyncClient) -> None:
    await fill(admin)
    await admin.post(f"{V1}/models/double/predictions", json=INPUT)
    before = await admin.get(f"{V1}/models/double")
    answer = await admin.patch(
        f"{V1}/models/double",
        json={"name": "Twice", "description": " Two\r\ntimes "},
        headers={"If-Match": before.headers["etag"]},
    )
    model = answer.json()
    assert (model["name"], model["description"], model["revision"]) == ("Twice", "Two\ntimes", 2)
    assert (model["fileName"], model["usedBy"], model["active"]) == ("double.onnx", ["p"], True)
    assert answer.headers["etag"] == f'"{model["id"]}-2"' != before.headers["etag"]
    assert_problem(await admin.get(f"{V1}/models/double"), 404, "not-found")
    pipeline = (await admin.get(f"{V1}/pipelines/p")).json()
    assert (pipeline["model"], pipeline["revision"], pipeline["state"]) == ("Twice", 1, "ready")
    assert pipeline["steps"] == [{"step": "model", "name": "Twice", "revision": 2, "ready": True, "reason": None}]
    assert (await admin.post(f"{V1}/models/twice/predictions", json=INPUT)).json() == ANSWER
    assert (await patch(admin, "models/twice", name="TWICE", description=None)).json()["description"] == ""
    same = await patch(admin, "models/twice", name="TWICE", active=True)
    assert same.json()["revision"] == 3


async def test_a_description_comes_with_the_upload(admin: httpx2.AsyncClient) -> None:
    form = {"name": "m", "description": "Größer"}
    file = {"file": ("m.onnx", onnx_models.double_it())}
    made = await admin.post(f"{V1}/models", data=form, files=file)
    assert (made.status_code, made.json()["description"]) == (201, "Größer")
    raw = await admin.post(f"{V1}/models?fileName=n.onnx&description=short", content=onnx_models.double_it())
    assert raw.json()["description"] == "short"
    long = await admin.post(f"{V1}/models", data={"name": "o", "description": "x" * 1001}, files=file)
    assert_problem(long, 422, "unprocessable", fields=["description"])
    assert len((await admin.get(f"{V1}/models")).json()["items"]) == 2


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"name": None}, "unprocessable", "name"),
        ({"name": "a/b"}, "invalid-name", "name"),
        ({"name": "OTHER"}, "name-taken", "name"),
        ({"active": None}, "unprocessable", "active"),
        ({"active": 1}, "unprocessable", "active"),
        ({"description": "x" * 1001}, "unprocessable", "description"),
        ({"description": "\x00"}, "unprocessable", "description"),
        ({"revision": 7}, "unprocessable", "revision"),
    ],
)
async def test_a_patch_that_doesnt_fit(
    admin: httpx2.AsyncClient, changes: dict[str, Any], code: str, field: str
) -> None:
    await fill(admin)
    await admin.post(f"{V1}/models?fileName=other.onnx", content=onnx_models.double_it())
    before = (await admin.get(f"{V1}/models/double")).json()
    answer = await patch(admin, "models/double", **changes)
    assert_problem(answer, 409 if code == "name-taken" else 422, code, fields=[field])
    assert (await admin.get(f"{V1}/models/double")).json() == before


async def test_a_change_says_which_revision_it_is_made_to(
    admin: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    await fill(admin)
    path = f"{V1}/models/double"
    first = (await admin.get(path)).headers["etag"]
    assert_problem(await admin.patch(path, json={"active": False}), 428, "precondition-required")
    answers = [admin.patch(path, json={"active": False}, headers={"If-Match": first}) for _ in range(3)]
    assert sorted([(await answer).status_code for answer in answers]) == [200, 412, 412]
    current = (await admin.get(path)).headers["etag"]
    stale = await admin.patch(path, json={"active": True}, headers={"If-Match": first})
    assert_problem(stale, 412, "precondition-failed")
    assert stale.headers["etag"] == current
    assert_problem(await reader.patch(path, json={"active": True}, headers={"If-Match": "*"}), 403, "not-allowed")


@pytest.fixture
async def server(data_dir: Path) -> AsyncIterator[Server]:
    async with served(data_dir, SLUICE_ADMIN_TOKEN=TOKEN, SLUICE_WORKERS="2") as server:
        yield server


async def test_callers_get_an_answer_or_a_409_while_it_is_switched_all_the_time(server: Server) -> None:
    seen: dict[str, int] = {}
    wrong: list[str] = []
    stopped = asyncio.Event()

    async def call(path: str, **body: Any) -> None:
        while not stopped.is_set():
            answer = await admin.post(f"{V1}/{path}/predictions", **body)
            seen[f"{path} {answer.status_code}"] = seen.get(f"{path} {answer.status_code}", 0) + 1
            right = answer.status_code == 200 and answer.json() == ANSWER
            if not right and not (answer.status_code == 409 and answer.json()["code"] == "model-inactive"):
                wrong.append(answer.text)

    async def changed(path: str, content: bytes) -> None:
        """Replace something else of the pipeline meanwhile, which may find the model changed."""
        while not stopped.is_set():
            for comment in (b"# 1", b"# 2"):
                answer = await admin.put(f"{V1}/{path}/content", content=content + comment)
                if answer.status_code != 200:
                    wrong.append(answer.text)

    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers, timeout=60) as admin:
        await fill(admin, pinned=True)
        post = b"def process(content):\n    return {'y': content[0]}\n"
        await admin.post(f"{V1}/resources?fileName=post.py", content=post)
        new = {"name": "q", "model": "double", "postProcessing": "post.py"}
        assert (await admin.post(f"{V1}/pipelines", json=new)).status_code == 201
        form = {"file": ("x.json", b'{"x": [[1, 2, 3, 4]]}')}  # doesn't take the shortcut
        async with asyncio.TaskGroup() as callers:
            for path in ("pipelines/p", "pipelines/q", "models/double"):
                for body in ({"json": INPUT}, {"files": form}):
                    callers.create_task(call(path, **body))
            callers.create_task(changed("resources/post.py", post))
            try:
                for number in range(12):
                    await deactivate(admin)
                    refused = await admin.post(f"{V1}/pipelines/p/predictions", json=INPUT)
                    assert_problem(refused, 409, "model-inactive")
                    await activate(admin)
                    path = ("pipelines/p", "pipelines/q", "models/double")[number % 3]
                    assert (await admin.post(f"{V1}/{path}/predictions", json=INPUT)).json() == ANSWER
            finally:
                stopped.set()
        assert wrong == []
        assert len(seen) == 6  # each was answered and refused
        await deactivate(admin)
        base = children_of(server.process.pid)
        async with asyncio.timeout(30):
            while any(children_of(zygote) for zygote in base):
                await admin.get(f"{V1}/models")


async def test_a_pipeline_that_is_loaded_meanwhile_learns_of_it(catalog: Catalog) -> None:
    await catalog.parts()
    await catalog.pipelines.add(NewPipeline("p", "double", "pre.py", "post.py"))
    catalog.supervisor.loaded.clear()
    catalog.supervisor.go_on.clear()
    replacing = asyncio.create_task(catalog.replace("post.py", b"def process(content):\n    return 1\n"))
    await catalog.supervisor.loaded.wait()
    await catalog.models.edit("double", ModelEdit(active=False))
    catalog.supervisor.go_on.set()
    (pipeline,) = await replacing
    assert not pipeline.model.active
    assert await catalog.agrees()
    assert list((catalog.data_dir / "run").iterdir()) == []
