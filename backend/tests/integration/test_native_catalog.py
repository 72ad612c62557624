"""Models, resources and pipelines over HTTP, as the page and programs use them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, running
from problems import assert_problem

from sluice.entities import Role

V1 = "/api/v1"
DOUBLE = onnx_models.double_it()
PRE = b"import numpy as np\n\ndef process(content):\n    return {'x': np.full((1, 4), len(content), np.float32)}\n"
POST = b"""from pathlib import Path

def process(content):
    return Path('words.txt').read_text() + str(content[0][0, 0])
"""


async def add(
    client: httpx2.AsyncClient, collection: str, file_name: str, content: bytes, **query: str
) -> dict[str, Any]:
    answer = await client.post(f"{V1}/{collection}", params={"fileName": file_name, **query}, content=content)
    assert answer.status_code == 201, answer.text
    created: dict[str, Any] = answer.json()
    return created


async def add_parts(client: httpx2.AsyncClient) -> None:
    await add(client, "models", "double.onnx", DOUBLE)
    await add(client, "resources", "pre.py", PRE)
    await add(client, "resources", "post.py", POST)
    await add(client, "resources", "words.txt", b"twice ")


async def test_the_whole_way(data_dir: Path, database_url: str | None) -> None:
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        await add_parts(admin)
        new = {"name": "twice", "model": "double", "preProcessing": "pre.py", "postProcessing": "post.py"}
        policy = {"deadlineS": 20, "memoryMb": 512, "maxAnswerBytes": 10_000, "pinned": False, "sample": "words.txt"}
        created = await admin.post(f"{V1}/pipelines", json={**new, **policy, "dataFiles": ["words.txt"]})
        assert created.status_code == 201, created.text
        pipeline = created.json()
        assert {key: pipeline[key] for key in new} == new
        assert (pipeline["revision"], pipeline["state"], pipeline["reason"]) == (1, "ready", None)
        assert {key: pipeline[key] for key in policy} == policy
        assert (pipeline["dataFiles"], pipeline["workers"], pipeline["intraOpThreads"]) == (["words.txt"], None, None)
        assert pipeline["steps"] == [
            {"step": "pre-processing", "name": "pre.py", "revision": 1, "ready": True, "reason": None},
            {"step": "model", "name": "double", "revision": 1, "ready": True, "reason": None},
            {"step": "post-processing", "name": "post.py", "revision": 1, "ready": True, "reason": None},
        ]
        answer = await admin.post(f"{V1}/pipelines/twice/predictions", content=b"12345")
        assert answer.json() == "twice 10.0"
        assert (await admin.get(f"{V1}/models/double")).json()["usedBy"] == ["twice"]
        for kind, name in [("models", "double"), ("resources", "pre.py"), ("resources", "words.txt")]:
            refused = await admin.delete(f"{V1}/{kind}/{name}")
            assert "twice" in assert_problem(refused, 409, "in-use", pipelines=["twice"])["detail"]
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        (listed,) = (await admin.get(f"{V1}/pipelines")).json()["items"]
        assert listed == {**pipeline, "state": "idle"}
        assert (await admin.post(f"{V1}/pipelines/twice/predictions", content=b"1")).json() == "twice 2.0"
        assert (await admin.delete(f"{V1}/pipelines/twice")).status_code == 204
        assert_problem(await admin.get(f"{V1}/pipelines/twice"), 404, "not-found")
        assert (await admin.delete(f"{V1}/models/double")).status_code == 204
        assert (await admin.get(f"{V1}/models")).json() == {"items": [], "nextCursor": None}


async def test_what_a_model_tells(admin: httpx2.AsyncClient) -> None:
    created = await add(admin, "models", "Doubles Everything.v2.onnx", DOUBLE)
    assert created.pop("id") and created.pop("createdAt").endswith("Z")
    assert created == {
        "name": "Doubles Everything.v2",
        "revision": 1,
        "fileName": "Doubles Everything.v2.onnx",
        "sizeBytes": len(DOUBLE),
        "sha256": hashlib.sha256(DOUBLE).hexdigest(),
        "irVersion": 8,
        "opsets": [{"domain": "ai.onnx", "version": 17}],
        "producerName": "",
        "producerVersion": "",
        "graphName": "test",
        "modelVersion": 0,
        "inputs": [
            {"name": "x", "type": "tensor(float)", "datatype": "FP32", "shape": [-1, 4], "symbols": ["N", None]}
        ],
        "outputs": [
            {"name": "y", "type": "tensor(float)", "datatype": "FP32", "shape": [-1, 4], "symbols": ["N", None]}
        ],
        "description": "",
        "active": True,
        "usedBy": [],
    }


async def test_what_isnt_a_tensor_has_no_datatype_and_no_shape(admin: httpx2.AsyncClient) -> None:
    created = await add(admin, "models", "labels.onnx", onnx_models.map_output())
    (output,) = created["outputs"]
    assert output["type"] == "seq(map(int64,tensor(float)))"
    assert (output["datatype"], output["shape"], output["symbols"]) == (None, None, None)


async def test_names_are_kept_as_typed_and_found_without_case(admin: httpx2.AsyncClient) -> None:
    await add(admin, "models", "m.onnx", DOUBLE, name="Größe 1%?#")
    for spelling in ("Gr%C3%B6%C3%9Fe%201%25%3F%23", "GR%C3%96SSE%201%25%3F%23", "Gro%CC%88%C3%9Fe%201%25%3F%23"):
        found = await admin.get(f"{V1}/models/{spelling}")
        assert found.json()["name"] == "Größe 1%?#"
    listed = (await admin.get(f"{V1}/models")).json()["items"]
    assert [model["name"] for model in listed] == ["Größe 1%?#"]


async def test_resources_by_kind_with_their_text(admin: httpx2.AsyncClient, reader: httpx2.AsyncClient) -> None:
    script = await add(admin, "resources", "pre.py", b"import nowhere_to_be_found\n" + PRE)
    helper = await add(admin, "resources", "helper.py", b"x = 1\n", kind="module")
    labels = await add(admin, "resources", "labels.bin", b"\xff\xfe")
    assert [each["kind"] for each in (script, helper, labels)] == ["script", "module", "data"]
    (warning,) = script["warnings"]
    assert (warning["line"], warning["module"]) == (1, "nowhere_to_be_found") and warning["message"]
    listed = (await reader.get(f"{V1}/resources")).json()
    assert [each["name"] for each in listed["items"]] == ["helper.py", "labels.bin", "pre.py"]
    assert [each["name"] for each in (await reader.get(f"{V1}/resources?kind=data")).json()["items"]] == ["labels.bin"]
    assert_problem(await reader.get(f"{V1}/resources?kind=sound"), 422, "unprocessable", fields=["kind"])
    assert (await reader.get(f"{V1}/resources/helper.py")).json() == {**helper, "text": "x = 1\n"}
    assert (await reader.get(f"{V1}/resources/labels.bin")).json()["text"] is None
    assert (await admin.delete(f"{V1}/resources/helper.py")).status_code == 204


async def test_downloads(admin: httpx2.AsyncClient) -> None:
    await add(admin, "models", "m.onnx", DOUBLE, name='a "tricky" näme')
    download = await admin.get(f"{V1}/models/a%20%22tricky%22%20n%C3%A4me/content")
    assert download.content == DOUBLE
    assert download.headers["content-length"] == str(len(DOUBLE))
    assert download.headers["content-type"] == "application/octet-stream"
    assert download.headers["content-disposition"] == (
        "attachment; filename=\"a _tricky_ n_me.onnx\"; filename*=UTF-8''a%20%22tricky%22%20n%C3%A4me.onnx"
    )
    head = await admin.head(f"{V1}/models/a%20%22tricky%22%20n%C3%A4me/content")
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(DOUBLE)))
    page = b"<script>alert(1)</script>"
    await add(admin, "resources", "page.html", page)
    served = await admin.get(f"{V1}/resources/page.html/content")
    assert served.content == page
    assert served.headers["content-type"] == "application/octet-stream"
    assert served.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"


async def test_a_file_that_vanished_is_a_404(app: App, admin: httpx2.AsyncClient) -> None:
    model = await add(admin, "models", "m.onnx", DOUBLE)
    app.services.files.path(model["sha256"]).unlink()
    assert_problem(await admin.get(f"{V1}/models/m/content"), 404, "not-found")


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["name", "model"]),
        ({"name": "p", "model": None}, ["model"]),
        ({"name": "p", "model": "double", "workers": 0}, ["workers"]),
        ({"name": "p", "model": "double", "workers": 1.5}, ["workers"]),
        ({"name": "p", "model": "double", "workers": "1"}, ["workers"]),
        ({"name": "p", "model": "double", "deadlineS": -1}, ["deadlineS"]),
        ({"name": "p", "model": "double", "intraOpThreads": 0}, ["intraOpThreads"]),
        ({"name": "p", "model": "double", "memoryMb": 15}, ["memoryMb"]),
        ({"name": "p", "model": "double", "maxAnswerBytes": 0}, ["maxAnswerBytes"]),
        ({"name": "p", "model": "double", "scratchMb": -1}, ["scratchMb"]),
        ({"name": "p", "model": "double", "threads": 0}, ["threads"]),
        ({"name": "p", "model": "double", "network": []}, ["network"]),
        ({"name": "p", "model": "double", "network": "on"}, ["network"]),
        ({"name": "p", "model": "double", "network": [0]}, ["network"]),
        ({"name": "p", "model": "double", "pinned": None}, ["pinned"]),
        ({"name": "p", "model": "double", "dataFiles": "words.txt"}, ["dataFiles"]),
        ({"name": "p", "model": "double", "dataFiles": [1]}, ["dataFiles.0"]),
        ({"name": "p", "model": "double", "preprocessing": "pre.py"}, ["preprocessing"]),
        ({"name": "p", "model": "double", "pre_processing": "pre.py"}, ["pre_processing"]),
    ],
)
async def test_a_body_that_doesnt_fit(admin: httpx2.AsyncClient, body: dict[str, Any], fields: list[str]) -> None:
    assert_problem(await admin.post(f"{V1}/pipelines", json=body), 422, "unprocessable", fields=fields)


@pytest.mark.parametrize("body", [b"", b"{", b'{"name": "p",}', b"\xff", b"name=p"])
async def test_a_body_that_isnt_json(admin: httpx2.AsyncClient, body: bytes) -> None:
    assert_problem(await admin.post(f"{V1}/pipelines", content=body), 400, "bad-request")


async def test_a_body_beyond_reason(admin: httpx2.AsyncClient) -> None:
    body = b'{"name": "' + b"p" * 2_000_000 + b'"}'
    assert_problem(await admin.post(f"{V1}/pipelines", content=body), 413, "too-large", limitBytes=256 * 1024)


async def test_a_pipeline_that_cant_be(admin: httpx2.AsyncClient) -> None:
    await add_parts(admin)

    async def refused(status: int, code: str, fields: list[str] | None = None, **body: Any) -> dict[str, Any]:
        answer = await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "double", **body})
        return assert_problem(answer, status, code, fields=fields)

    await refused(422, "invalid-name", ["name"], name="a/b")
    await refused(422, "invalid-pipeline", ["model"], model="none")
    await refused(422, "invalid-pipeline", ["preProcessing"], preProcessing="none.py")
    await refused(422, "invalid-pipeline", ["postProcessing"], postProcessing="words.txt")
    await refused(422, "invalid-pipeline", ["dataFiles"], dataFiles=["none.txt"])
    await refused(422, "invalid-pipeline", ["sample"], sample="words.txt")
    await add(admin, "resources", "broken.py", b"1 / 0\n\ndef process(content):\n    return content\n")
    problem = await refused(422, "invalid-pipeline", ["preProcessing"], preProcessing="broken.py")
    assert (problem["step"], problem["script"], problem["line"]) == ("pre-processing", "broken.py", 1)
    assert problem["lineText"] == "1 / 0"
    assert (await admin.get(f"{V1}/pipelines")).json()["items"] == []
    assert (await admin.post(f"{V1}/pipelines", json={"name": "P", "model": "double"})).status_code == 201
    await refused(409, "name-taken")
