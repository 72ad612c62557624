"""Models, scripts and pipelines are replaced over HTTP: all that needs them follows, or nothing changes."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, running
from problems import assert_problem

from sluice.entities import Role
from sluice.storage.blobs import named_blobs
from sluice.storage.pipelines import PipelineStore

V1 = "/api/v1"
DOUBLE = onnx_models.double_it()
PRE = "import numpy as np\n\ndef process(content):\n    return {{'x': np.full((1, 4), {}, np.float32)}}\n"
ONES = "{'x': __import__('numpy').ones((1, 4), 'float32')}"
FIRST = b"def process(content):\n    return content[0][0, 0]\n"
BROKEN = b"\n1 / 0\n\ndef process(content):\n    return content\n"


async def add(admin: httpx2.AsyncClient, collection: str, file_name: str, content: bytes | str) -> dict[str, Any]:
    answer = await admin.post(f"{V1}/{collection}", params={"fileName": file_name}, content=content)
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


async def put(admin: httpx2.AsyncClient, path: str, content: bytes | str, **headers: str) -> httpx2.Response:
    return await admin.put(f"{V1}/{path}/content", content=content, headers=headers)


async def predict(admin: httpx2.AsyncClient, pipeline: str = "p") -> Any:
    answer = await admin.post(f"{V1}/pipelines/{pipeline}/predictions", content=b"")
    assert answer.status_code == 200, answer.text
    return answer.json()


async def change(admin: httpx2.AsyncClient, /, **patch: Any) -> httpx2.Response:
    """Change the pipeline `p` as it is now."""
    etag = (await admin.get(f"{V1}/pipelines/p")).headers["etag"]
    return await admin.patch(f"{V1}/pipelines/p", json=patch, headers={"If-Match": etag})


def parts_and_policy(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in ("steps", "environment", "notes")}


async def nothing_is_left(app: App) -> None:
    """Check that files, rows and folders are those of the current revisions."""
    await app.services.changes.cleaned()
    settings, snapshot = app.services.settings, app.services.current.value
    named = {part.sha256 for part in (*snapshot.models, *snapshot.resources)}
    assert set(os.listdir(settings.data_dir / "blobs")) == named == await named_blobs()
    assert os.listdir(settings.data_dir / "incoming") == []
    keys = {entity.revision_id for entity in (*snapshot.models, *snapshot.pipelines)}
    assert {folder.partition("-")[0] for folder in os.listdir(settings.data_dir / "run")} <= keys


@pytest.fixture
async def pipeline(admin: httpx2.AsyncClient) -> dict[str, Any]:
    """A pipeline that answers with twice the number in its script."""
    await add(admin, "models", "double.onnx", DOUBLE)
    await add(admin, "resources", "pre.py", PRE.format(1))
    await add(admin, "resources", "first.py", FIRST)
    await add(admin, "resources", "words.txt", "words")
    new = {"name": "p", "model": "double", "preProcessing": "pre.py", "postProcessing": "first.py"}
    created = await admin.post(f"{V1}/pipelines", json={**new, "dataFiles": ["words.txt"]})
    assert created.status_code == 201, created.text
    body: dict[str, Any] = created.json()
    return body


async def test_a_script_is_replaced(app: App, admin: httpx2.AsyncClient, pipeline: dict[str, Any]) -> None:
    await admin.post(f"{V1}/pipelines", json={"name": "q", "model": "double", "preProcessing": "pre.py"})
    await admin.post(f"{V1}/pipelines", json={"name": "other", "model": "double"})
    assert await predict(admin) == 2
    answer = await put(admin, "resources/pre.py", PRE.format(5))
    assert answer.status_code == 200, answer.text
    replaced = answer.json()
    assert (replaced["revision"], replaced["kind"], replaced["pipelines"]) == (2, "script", ["p", "q"])
    shown = await admin.get(f"{V1}/resources/pre.py")
    assert shown.json()["text"] == PRE.format(5)
    assert shown.headers["etag"] == answer.headers["etag"] == f'"{replaced["id"]}-2"'
    assert await predict(admin) == 10
    now = (await admin.get(f"{V1}/pipelines/p")).json()
    assert (now["id"], now["revision"], now["state"]) == (pipeline["id"], 2, "ready")
    assert [(step["name"], step["revision"]) for step in now["steps"]] == [
        ("pre.py", 2),
        ("double", 1),
        ("first.py", 1),
    ]
    assert (await admin.get(f"{V1}/pipelines/other")).json()["revision"] == 1
    await nothing_is_left(app)


async def test_a_model_is_replaced_with_its_bare_predictions(app: App, admin: httpx2.AsyncClient) -> None:
    await add(admin, "models", "m.onnx", onnx_models.identity())
    body = b'{"x": [1, 2]}'
    assert (await admin.post(f"{V1}/models/m/predictions", content=body)).json() == {"y": [1, 2]}
    narrow = onnx_models.double_it(2)
    answer = await admin.put(f"{V1}/models/m/content?fileName=narrow.onnx", content=narrow)
    assert answer.json()["pipelines"] == []
    assert (answer.json()["fileName"], answer.json()["inputs"][0]["shape"]) == ("narrow.onnx", [-1, 2])
    assert (await admin.post(f"{V1}/models/m/predictions", content=b'{"x": [[1, 2]]}')).json() == {"y": [[2, 4]]}
    download = await admin.get(f"{V1}/models/m/content")
    assert (download.content, download.headers["etag"]) == (narrow, answer.headers["etag"])
    await nothing_is_left(app)


async def test_a_model_with_external_data_replaces_one(app: App, admin: httpx2.AsyncClient) -> None:
    await add(admin, "models", "m.onnx", DOUBLE)
    file, data = onnx_models.external_data("weights.data")
    form = [("file", ("added.onnx", file)), ("file", ("weights.data", data))]
    answer = await admin.put(f"{V1}/models/m/content", files=form)
    assert (answer.status_code, answer.json()["revision"], answer.json()["fileName"]) == (200, 2, "added.onnx")
    assert (await admin.post(f"{V1}/models/m/predictions", content=b'{"x": [[0, 0, 0, 0]]}')).status_code == 200
    await nothing_is_left(app)


async def test_the_same_content_is_no_new_revision(app: App, admin: httpx2.AsyncClient, pipeline: Any) -> None:
    for path, content in (("models/double", DOUBLE), ("resources/pre.py", PRE.format(1))):
        answer = await put(admin, path, content)
        assert (answer.status_code, answer.json()["revision"], answer.json()["pipelines"]) == (200, 1, [])
    unchanged = await change(admin, deadlineS=None, dataFiles=["words.txt"])
    assert (unchanged.status_code, unchanged.json()["revision"]) == (200, 1)
    await nothing_is_left(app)


async def test_what_doesnt_load_changes_nothing(app: App, admin: httpx2.AsyncClient, pipeline: Any) -> None:
    await admin.post(f"{V1}/pipelines", json={"name": "q", "model": "double", "postProcessing": "pre.py"})
    problem = assert_problem(await put(admin, "resources/pre.py", BROKEN), 422, "invalid-pipeline")
    assert [(each["pipeline"], each["step"], each["script"], each["line"]) for each in problem["pipelines"]] == [
        ("p", "pre-processing", "pre.py", 2),
        ("q", "post-processing", "pre.py", 2),
    ]
    assert "'p'" in problem["detail"] and "'q'" in problem["detail"]
    refused = assert_problem(await put(admin, "resources/pre.py", b"def process("), 422, "invalid-script")
    assert refused["line"] == 1
    assert_problem(await put(admin, "models/double", b"no model"), 422, "invalid-model")
    assert_problem(await change(admin, postProcessing="pre.py", preProcessing="none"), 422, "invalid-pipeline")
    await add(admin, "resources", "broken.py", BROKEN)
    refused = assert_problem(
        await change(admin, preProcessing="broken.py"), 422, "invalid-pipeline", fields=["preProcessing"]
    )
    assert (refused["step"], refused["line"]) == ("pre-processing", 2)
    assert (await admin.get(f"{V1}/pipelines/p")).json() == {**pipeline, "state": "ready"}
    assert (await admin.get(f"{V1}/resources/pre.py")).json()["revision"] == 1
    assert await predict(admin) == 2
    await nothing_is_left(app)


async def test_each_field_of_a_pipeline_can_be_changed(
    data_dir: Path, database_url: str | None, app: App, admin: httpx2.AsyncClient, pipeline: dict[str, Any]
) -> None:
    await add(admin, "models", "other.onnx", onnx_models.double_it())
    await add(admin, "resources", "two.py", PRE.format(2))
    expected = dict(pipeline)
    for number, (field, value) in enumerate(
        {
            "model": "other",
            "preProcessing": "two.py",
            "postProcessing": None,
            "dataFiles": ["first.py"],
            "name": "P",
            "deadlineS": 3,
            "workers": 2,
            "intraOpThreads": 2,
            "memoryMb": 300,
            "scratchMb": 0,
            "threads": 70,
            "network": [443, 5432],
            "maxAnswerBytes": 5000,
            "pinned": True,
            "sample": "words.txt",
        }.items()
    ):
        if field == "dataFiles":
            await admin.delete(f"{V1}/resources/first.py")
            await admin.post(f"{V1}/resources?fileName=first.py&kind=module", content=FIRST)
            value = ["words.txt", "first.py"]
        answer = await change(admin, **{field: value})
        assert answer.status_code == 200, answer.text
        expected |= {field: value, "revision": number + 2, "state": "ready"}
        got = answer.json()
        assert parts_and_policy(got) == parts_and_policy(expected)
    nulls = (
        "preProcessing",
        "deadlineS",
        "workers",
        "intraOpThreads",
        "memoryMb",
        "scratchMb",
        "threads",
        "network",
        "maxAnswerBytes",
        "sample",
        "pinned",
    )
    answer = await change(admin, **dict.fromkeys((*nulls, "dataFiles")))
    expected |= {**dict.fromkeys(nulls), "pinned": False, "dataFiles": [], "revision": 17}
    got = answer.json()
    assert parts_and_policy(got) == parts_and_policy(expected)
    assert [(step["name"]) for step in got["steps"]] == ["other"]
    assert (await admin.get(f"{V1}/models/double")).json()["usedBy"] == []
    await nothing_is_left(app)
    (kept,) = app.services.current.value.pipelines
    assert await PipelineStore().all() == [kept]


async def test_a_change_comes_back_after_a_restart(data_dir: Path, database_url: str | None) -> None:
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        await add(admin, "models", "double.onnx", DOUBLE)
        await add(admin, "resources", "pre.py", PRE.format(1))
        await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "double", "preProcessing": "pre.py"})
        await put(admin, "resources/pre.py", PRE.format(3))
        changed = await change(admin, name="renamed", memoryMb=500)
        assert changed.json()["revision"] == 3
        assert_problem(await admin.get(f"{V1}/pipelines/p"), 404, "not-found")
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        (listed,) = (await admin.get(f"{V1}/pipelines")).json()["items"]
        assert listed == {**changed.json(), "state": "idle"}
        assert await predict(admin, "renamed") == {"y": [[6, 6, 6, 6]]}
        await nothing_is_left(app)


async def test_a_pinned_pipeline_is_up_after_a_restart(data_dir: Path, database_url: str | None) -> None:
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        await add(admin, "models", "double.onnx", DOUBLE)
        await admin.post(f"{V1}/pipelines", json={"name": "cold", "model": "double"})
        await admin.post(f"{V1}/pipelines", json={"name": "hot", "model": "double", "pinned": True})
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        async with asyncio.timeout(30):
            while (await admin.get(f"{V1}/pipelines/hot")).json()["state"] != "ready":
                await asyncio.wait([asyncio.ensure_future(admin.get("/health/live"))])
        assert (await admin.get(f"{V1}/pipelines/cold")).json()["state"] == "idle"


async def test_a_name_can_change_its_case_but_not_be_anothers(admin: httpx2.AsyncClient, pipeline: Any) -> None:
    await admin.post(f"{V1}/pipelines", json={"name": "q", "model": "double"})
    assert (await change(admin, name="P")).json()["name"] == "P"
    assert_problem(await change(admin, name="Q"), 409, "name-taken", fields=["name"])
    assert_problem(await change(admin, name="a/b"), 422, "invalid-name", fields=["name"])


@pytest.mark.parametrize(
    ("patch", "field"),
    [
        ({"name": None}, "name"),
        ({"model": None}, "model"),
        ({"workers": 0}, "workers"),
        ({"memoryMb": 15}, "memoryMb"),
        ({"revision": 1}, "revision"),
        ({"pre_processing": None}, "pre_processing"),
        ({"sample": "pre.py"}, "sample"),
    ],
)
async def test_a_patch_that_doesnt_fit(
    admin: httpx2.AsyncClient, pipeline: Any, patch: dict[str, Any], field: str
) -> None:
    answer = await change(admin, **patch)
    assert_problem(answer, 422, answer.json()["code"], fields=[field])


async def test_a_change_says_which_revision_it_is_made_to(admin: httpx2.AsyncClient, pipeline: Any) -> None:
    path = f"{V1}/pipelines/p"
    first = (await admin.get(path)).headers["etag"]
    assert first == f'"{pipeline["id"]}-1"'
    assert_problem(await admin.patch(path, json={"workers": 2}), 428, "precondition-required")
    for tag in (first, f'"other", {first}', "*"):
        await admin.patch(path, json={"workers": None}, headers={"If-Match": "*"})
        current = (await admin.get(path)).headers["etag"]
        answer = await admin.patch(path, json={"workers": 2}, headers={"If-Match": tag.replace(first, current)})
        assert answer.status_code == 200, answer.text
        assert answer.headers["etag"] == f'"{pipeline["id"]}-{answer.json()["revision"]}"'
    current = (await admin.get(path)).headers["etag"]
    for tag in (first, f"W/{current}", '"other"'):
        stale = await admin.patch(path, json={"workers": 3}, headers={"If-Match": tag})
        assert_problem(stale, 412, "precondition-failed")
        assert stale.headers["etag"] == current
    assert_problem(await admin.patch(path, json={}, headers={"If-Match": current[:-1]}), 400, "bad-request")
    for part in ("models/double", "resources/pre.py"):
        stale = await put(admin, part, "anything", **{"If-Match": '"other"'})
        assert_problem(stale, 412, "precondition-failed")


async def test_new_content_keeps_to_the_rules_of_uploads(data_dir: Path, database_url: str | None) -> None:
    limits = {"max_script_bytes": 200, "max_upload_bytes": 1000}
    async with running(data_dir, database_url, **limits) as app, await app.caller(Role.ADMIN) as admin:
        await add(admin, "models", "double.onnx", DOUBLE)
        await add(admin, "resources", "pre.py", FIRST)
        await add(admin, "resources", "words.txt", "words")
        large = await put(admin, "resources/pre.py", b"#" * 201)
        assert_problem(large, 413, "too-large", limitBytes=200)
        assert "SLUICE_MAX_SCRIPT_BYTES" in large.json()["detail"]
        assert_problem(await put(admin, "models/double", b"#" * 1001), 413, "too-large", limitBytes=1000)
        assert_problem(await put(admin, "resources/words.txt", b""), 400, "empty-upload")
        assert (await put(admin, "resources/words.txt", b"#" * 201)).json()["revision"] == 2
        form = {"file": ("other.py", FIRST + b"# new\n")}
        assert_problem(
            await admin.put(f"{V1}/resources/pre.py/content", files=form, data={"kind": "data"}),
            422,
            "unprocessable",
            fields=["kind"],
        )
        replaced = (await admin.put(f"{V1}/resources/pre.py/content", files=form)).json()
        assert (replaced["name"], replaced["kind"], replaced["revision"]) == ("pre.py", "script", 2)
        await nothing_is_left(app)


async def test_only_administrators_change(app: App, reader: httpx2.AsyncClient) -> None:
    calls = [("PUT", "models/m/content"), ("PUT", "resources/r/content")]
    calls += [("PATCH", "pipelines/p"), ("POST", "pipelines/p/retry")]
    for method, path in calls:
        assert_problem(await reader.request(method, f"{V1}/{path}"), 403, "not-allowed")


async def test_what_isnt_there_cant_be_changed(admin: httpx2.AsyncClient) -> None:
    for method, path in [("PUT", "models/m/content"), ("PUT", "resources/r/content"), ("POST", "pipelines/p/retry")]:
        assert_problem(await admin.request(method, f"{V1}/{path}", content=b"x"), 404, "not-found")
    answer = await admin.patch(f"{V1}/pipelines/p", json={}, headers={"If-Match": "*"})
    assert_problem(answer, 404, "not-found")


async def broken(admin: httpx2.AsyncClient) -> dict[str, Any]:
    """Make the pipeline's script end its worker until it is refused, and return the pipeline."""
    fatal = "import os\n\ndef process(content):\n    return os._exit(3) if content == b'end' else " + ONES
    await put(admin, "resources/pre.py", fatal)
    async with asyncio.timeout(30):
        while (await admin.post(f"{V1}/pipelines/p/predictions", content=b"end")).status_code != 503:
            pass
    body: dict[str, Any] = (await admin.get(f"{V1}/pipelines/p")).json()
    assert body["state"] == "broken"
    assert "pre-processing" in body["reason"]
    return body


async def test_a_broken_pipeline_is_tried_again(app: App, admin: httpx2.AsyncClient, pipeline: Any) -> None:
    body = await broken(admin)
    answer = await admin.post(f"{V1}/pipelines/p/retry")
    assert (answer.status_code, answer.json()["state"], answer.json()["revision"]) == (200, "ready", body["revision"])
    assert await predict(admin) == 2


async def test_a_part_that_changes_mends_a_broken_pipeline(admin: httpx2.AsyncClient, pipeline: Any) -> None:
    body = await broken(admin)
    await put(admin, "resources/pre.py", PRE.format(7))
    mended = (await admin.get(f"{V1}/pipelines/p")).json()
    assert (mended["state"], mended["reason"], mended["revision"]) == ("ready", None, body["revision"] + 1)
    assert await predict(admin) == 14
    await broken(admin)
    assert (await change(admin, preProcessing=None, postProcessing=None)).json()["state"] == "ready"


async def test_trying_again_tells_why_it_is_still_broken(data_dir: Path, database_url: str | None) -> None:
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        model = await add(admin, "models", "double.onnx", DOUBLE)
        await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "double"})
    (data_dir / "blobs" / model["sha256"]).write_bytes(b"damaged")
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        assert (await admin.get(f"{V1}/pipelines/p")).json()["state"] == "broken"
        answer = await admin.post(f"{V1}/pipelines/p/retry")
        assert (answer.status_code, answer.json()["state"]) == (200, "broken")
        assert answer.json()["reason"].startswith("The file of the model 'double' is damaged")
