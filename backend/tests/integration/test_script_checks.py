"""Scripts are checked as they are typed, and begun from a template; nothing of it is kept."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, running
from problems import assert_problem

from sluice.entities import Role

pytestmark = pytest.mark.any_database

V1 = "/api/v1"
CHECK = f"{V1}/resources/check"
GOOD = "def process(content):\n    return content\n"
STEPS = ("pre-processing", "post-processing")


async def check(admin: httpx2.AsyncClient, text: str | bytes, name: str = "pre.py", **query: str) -> dict[str, Any]:
    answer = await admin.post(CHECK, params={"name": name, **query}, content=text)
    assert answer.status_code == 200, answer.text
    verdict: dict[str, Any] = answer.json()
    return verdict


def error(line: int | None, column: int | None) -> dict[str, Any]:
    return {"line": line, "column": column, "severity": "error"}


@pytest.mark.parametrize(
    ("text", "told", "words"),
    [
        ("def process(content)\n    return 1\n", error(1, 21), "not valid Python"),
        ("x = 1\n\ndef process(a, b):\n    return a\n", error(3, 1), "exactly one argument"),
        ("x = 1\n", error(None, None), "no function `process`"),
        (b"x = '\xff'\n" + GOOD.encode(), error(1, None), "UTF-8"),
        ("", error(None, None), "empty"),
    ],
)
async def test_a_script_that_an_upload_would_refuse(
    admin: httpx2.AsyncClient, text: str | bytes, told: dict[str, Any], words: str
) -> None:
    verdict = await check(admin, text)
    assert (verdict["ok"], verdict["requires"]) == (False, [])
    [problem] = verdict["problems"]
    message = problem.pop("message")
    assert problem == told
    assert words in message
    refused = await admin.post(f"{V1}/resources?fileName=pre.py", content=text)
    assert refused.json()["detail"] == message


async def test_a_good_script_with_what_it_is_warned_of_and_needs(app: App, admin: httpx2.AsyncClient) -> None:
    header = '# /// script\n# dependencies = ["shapely>=2"]\n# ///\n'
    verdict = await check(admin, header + "import nowhere_to_be_found\n" + GOOD)
    assert (verdict["ok"], verdict["requires"]) == (True, ["shapely>=2"])
    [warning] = verdict["problems"]
    assert (warning["line"], warning["column"], warning["severity"]) == (4, None, "warning")
    assert "nowhere_to_be_found" in warning["message"]
    assert await check(admin, "x = 1", "helper.py", kind="module") == {"ok": True, "problems": [], "requires": []}
    assert await check(admin, b"\xff", "data.bin") == {"ok": True, "problems": [], "requires": []}
    folder = app.services.settings.data_dir
    assert os.listdir(folder / "incoming") == os.listdir(folder / "blobs") == []
    assert (await admin.get(f"{V1}/resources")).json()["items"] == []
    assert [each["key"] for each in (await admin.get(f"{V1}/environments")).json()["items"]] == ["standard-1"]


async def test_requests_that_cant_be_checked(data_dir: Path, database_url: str | None) -> None:
    async with running(data_dir, database_url, max_script_bytes=100) as app, await app.caller(Role.ADMIN) as admin:
        assert_problem(await admin.post(CHECK, content=GOOD), 422, "unprocessable", fields=["name"])
        wrong = await admin.post(CHECK, params={"name": "a.py", "kind": "x"}, content=GOOD)
        assert_problem(wrong, 422, "unprocessable", fields=["kind"])
        wrong = await admin.post(CHECK, params={"name": "a.txt", "kind": "script"}, content=GOOD)
        assert_problem(wrong, 422, "invalid-name", fields=["name"])
        wrong = await admin.post(CHECK, params={"name": "a.py"}, content=b"#" * 101)
        assert_problem(wrong, 413, "too-large", limitBytes=100)
        assert os.listdir(data_dir / "incoming") == []


async def test_many_checks_of_which_the_callers_leave(app: App, admin: httpx2.AsyncClient) -> None:
    typing = [asyncio.create_task(check(admin, GOOD + "#" * number)) for number in range(12)]
    await asyncio.wait(typing, return_when=asyncio.FIRST_COMPLETED)
    for task in typing[6:]:
        task.cancel()
    for verdict in await asyncio.gather(*typing[:6]):
        assert verdict["ok"]
    await asyncio.wait(typing)
    assert (await check(admin, GOOD))["ok"]
    assert os.listdir(app.services.settings.data_dir / "incoming") == []


async def test_something_may_be_named_check(admin: httpx2.AsyncClient, reader: httpx2.AsyncClient) -> None:
    await admin.post(f"{V1}/resources?fileName=check", content=b"data")
    assert (await reader.get(CHECK)).json()["text"] == "data"
    assert (await admin.delete(CHECK)).status_code == 204
    assert_problem(await admin.put(CHECK, content=b""), 405, "method-not-allowed")
    assert_problem(await reader.post(CHECK, content=GOOD), 403, "not-allowed")


MODELS = {
    "two": onnx_models.sum_and_difference(),
    "texts": onnx_models.identity("string", (None, 2)),
    "words": onnx_models.identity("bfloat16"),
    "any rank": onnx_models.identity("int64", None),
    "scalar": onnx_models.identity("double", ()),
    "maps": onnx_models.map_output(),
    "map in": onnx_models.map_input(),
    "maybe": onnx_models.optional(),
    "listed": onnx_models.sequence(),
}
BODIES = {
    "two": {"a": [1, 2], "b": [3, 4]},
    "texts": {"x": [["a", "b"]]},
    "words": {"x": [1.5, 2]},
    "any rank": {"x": [[[7]]]},
    "scalar": {"x": 1.5},
    "maps": {"x": [[0.25, 0.75]]},
    "map in": {"x": {"b": 2.0}},
    "maybe": {"x": [1, 2]},
    "listed": {"x": [[1], [2]], "i": 0},
}


@pytest.mark.parametrize("name", MODELS)
async def test_a_template_works_as_it_stands(admin: httpx2.AsyncClient, reader: httpx2.AsyncClient, name: str) -> None:
    await admin.post(f"{V1}/models", params={"fileName": "m.onnx", "name": name}, content=MODELS[name])
    for step in STEPS:
        answer = await reader.get(f"{V1}/models/{name}/template", params={"step": step})
        assert answer.headers["content-type"] == "text/x-python; charset=utf-8"
        assert name in answer.text
        assert await check(admin, answer.text) == {"ok": True, "problems": [], "requires": []}
        made = await admin.post(f"{V1}/resources", params={"fileName": f"{step}.py"}, content=answer.text)
        assert made.status_code == 201, made.text
    new = {"name": "p", "model": name, "preProcessing": "pre-processing.py", "postProcessing": "post-processing.py"}
    assert (await admin.post(f"{V1}/pipelines", json=new)).status_code == 201
    assert (await admin.post(f"{V1}/pipelines", json={"name": "bare", "model": name})).status_code == 201
    answers = [
        await admin.post(f"{V1}/pipelines/{pipeline}/predictions", content=json.dumps(BODIES[name]))
        for pipeline in ("p", "bare")
    ]
    assert [answer.status_code for answer in answers] == [200, 200], answers[0].text
    assert answers[0].json() == answers[1].json()


async def test_a_template_shows_the_models_own_names_and_shapes(admin: httpx2.AsyncClient) -> None:
    await admin.post(f"{V1}/models?fileName=m.onnx", content=onnx_models.double_it())
    pre, post = [(await admin.get(f"{V1}/models/m/template?step={step}")).text for step in STEPS]
    assert '        # float32, shape (N, 4)\n        "x": np.asarray(given["x"], dtype=np.float32),\n' in pre
    assert '    y = outputs[0]  # "y": float32, shape (N, 4)\n    return {\n        "y": y,\n' in post
    for query in ("", "?step=model"):
        wrong = await admin.get(f"{V1}/models/m/template{query}")
        assert_problem(wrong, 422, "unprocessable", fields=["step"])
    assert_problem(await admin.get(f"{V1}/models/n/template?step=pre-processing"), 404, "not-found")
