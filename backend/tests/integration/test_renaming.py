"""Resources are renamed and replaced: their pipelines follow, and the answer says what is different."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App
from problems import assert_problem

V1 = "/api/v1"
PRE = """import numpy as np
from helper import FACTOR

def process(content):
    words = open('words.txt').read()
    return {'x': np.full((1, 4), FACTOR * len(words), np.float32)}
"""
POST = "def process(outputs):\n    return outputs[0][0, 0]\n"


async def patch(admin: httpx2.AsyncClient, name: str, new: str, tag: str = "*") -> httpx2.Response:
    return await admin.patch(f"{V1}/resources/{name}", json={"name": new}, headers={"If-Match": tag})


async def predict(admin: httpx2.AsyncClient) -> httpx2.Response:
    return await admin.post(f"{V1}/pipelines/p/predictions", content=b"")


@pytest.fixture
async def filled(admin: httpx2.AsyncClient) -> httpx2.AsyncClient:
    await admin.post(f"{V1}/models?fileName=double.onnx", content=onnx_models.double_it())
    for name, text in [("pre.py", PRE), ("post.py", POST), ("words.txt", "abc"), ("sample", "x")]:
        await admin.post(f"{V1}/resources?fileName={name}", content=text)
    await admin.post(f"{V1}/resources?fileName=helper.py&kind=module", content="FACTOR = 1\n")
    new = {"name": "p", "model": "double", "preProcessing": "pre.py", "postProcessing": "post.py"}
    made = await admin.post(f"{V1}/pipelines", json={**new, "dataFiles": ["helper.py", "words.txt", "sample"]})
    assert made.status_code == 201, made.text
    return admin


async def test_a_script_is_renamed_in_its_pipelines(app: App, filled: httpx2.AsyncClient) -> None:
    before = await filled.get(f"{V1}/resources/post.py")
    answer = await patch(filled, "post.py", "Post v2.py", before.headers["etag"])
    renamed = answer.json()
    assert (renamed["name"], renamed["revision"], renamed["pipelines"]) == ("Post v2.py", 2, ["p"])
    assert renamed["changes"] == ["It is called 'Post v2.py' now; it was 'post.py'."]
    assert renamed["sha256"] == before.json()["sha256"]
    assert answer.headers["etag"] != before.headers["etag"]
    pipeline = (await filled.get(f"{V1}/pipelines/p")).json()
    assert (pipeline["postProcessing"], pipeline["revision"], pipeline["state"]) == ("Post v2.py", 2, "ready")
    assert (await predict(filled)).json() == 6
    assert_problem(await filled.get(f"{V1}/resources/post.py"), 404, "not-found")
    await app.services.changes.cleaned()
    assert (await filled.get(f"{V1}/resources/Post%20v2.py/content")).text == POST
    assert_problem(await patch(filled, "Post v2.py", "x.py", before.headers["etag"]), 412, "precondition-failed")
    again = (await patch(filled, "Post v2.py", "Post v2.py")).json()
    assert (again["revision"], again["pipelines"], again["changes"]) == (2, [], [])


async def test_what_doesnt_load_under_the_new_name_is_refused(filled: httpx2.AsyncClient) -> None:
    refused = await patch(filled, "helper.py", "tools.py")
    problem = assert_problem(refused, 422, "invalid-pipeline")
    assert (problem["pipelines"][0]["pipeline"], problem["pipelines"][0]["line"]) == ("p", 2)
    assert (await predict(filled)).json() == 6
    assert (await filled.get(f"{V1}/resources/helper.py")).status_code == 200


async def test_a_data_file_that_only_a_call_would_miss_is_told(filled: httpx2.AsyncClient) -> None:
    changes = (await patch(filled, "words.txt", "terms.txt")).json()["changes"]
    assert changes[1].startswith("The pipeline 'p' was loaded but not tried: it has no sample.")
    assert changes[1].endswith("See that its scripts ask for 'terms.txt' now.")
    assert_problem(await predict(filled), 422, "prediction-failed", line=5)
    assert (await patch(filled, "terms.txt", "words.txt")).status_code == 200
    await filled.patch(f"{V1}/pipelines/p", json={"sample": "sample"}, headers={"If-Match": "*"})
    assert_problem(await patch(filled, "words.txt", "terms.txt"), 422, "invalid-pipeline")
    assert (await predict(filled)).json() == 6
    renamed = await patch(filled, "sample", "example")
    assert renamed.json()["changes"] == ["It is called 'example' now; it was 'sample'."]
    pipeline = (await filled.get(f"{V1}/pipelines/p")).json()
    assert (pipeline["sample"], pipeline["dataFiles"]) == ("example", ["helper.py", "words.txt", "example"])


@pytest.mark.parametrize(
    ("name", "new", "status", "code"),
    [
        ("pre.py", "pre.txt", 422, "invalid-name"),
        ("helper.py", "not-a-module.py", 422, "invalid-name"),
        ("words.txt", "a/b", 422, "invalid-name"),
        ("words.txt", "PRE.py", 409, "name-taken"),
        ("none", "some", 404, "not-found"),
    ],
)
async def test_a_name_that_cant_be(filled: httpx2.AsyncClient, name: str, new: str, status: int, code: str) -> None:
    answer = await patch(filled, name, new)
    assert_problem(answer, status, code, **({} if status == 404 else {"fields": ["name"]}))


async def test_who_may_rename_and_how(filled: httpx2.AsyncClient, reader: httpx2.AsyncClient) -> None:
    path = f"{V1}/resources/words.txt"
    assert_problem(await filled.patch(path, json={"name": "a"}), 428, "precondition-required")
    assert_problem(await reader.patch(path, json={"name": "a"}, headers={"If-Match": "*"}), 403, "not-allowed")
    wrong = await filled.patch(path, json={"name": None}, headers={"If-Match": "*"})
    assert_problem(wrong, 422, "unprocessable", fields=["name"])
    assert (await filled.patch(path, json={}, headers={"If-Match": "*"})).json()["revision"] == 1
    assert (await patch(filled, "words.txt", "Words.TXT")).json()["name"] == "Words.TXT"


async def test_two_at_once_dont_get_the_same_name(filled: httpx2.AsyncClient) -> None:
    answers = await asyncio.gather(patch(filled, "words.txt", "one"), patch(filled, "sample", "ONE"))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def put(admin: httpx2.AsyncClient, path: str, content: bytes | str) -> Any:
    answer = await admin.put(f"{V1}/{path}/content", content=content)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_new_content_says_what_is_different(filled: httpx2.AsyncClient) -> None:
    header = '# /// script\n# dependencies = ["numpy"]\n# ///\n'
    post = await put(filled, "resources/post.py", header + POST.replace("[0, 0]", "[0, 1]") + "\ndef more(): ...\n")
    assert post["changes"] == ["`process` changed.", "`more` is new.", "It requires numpy now."]
    assert (await put(filled, "resources/post.py", POST))["changes"][-1] == "It doesn't require numpy any more."
    assert (await put(filled, "resources/words.txt", "abcd"))["changes"] == ["It has 4 bytes now; it had 3."]
    assert (await put(filled, "resources/words.txt", "abcd"))["changes"] == []
    model = await put(filled, "models/double", onnx_models.times(3))
    assert model["changes"] == ["Inputs and outputs are the same as before."]
    wider = await put(filled, "models/double", onnx_models.times(3, width=5))
    assert wider["changes"] == [
        "The input 'x' is float32, shape (N, 5) now; it was float32, shape (N, 4).",
        "The output 'y' is float32, shape (N, 5) now; it was float32, shape (N, 4).",
        "The pipeline 'p' was loaded but not tried: it has no sample. See that 'pre.py' gives what the model takes "
        "now and that 'post.py' takes what the model returns now.",
    ]
    assert_problem(await predict(filled), 422, "prediction-failed", kind="wrong-shape")
    await put(filled, "models/double", onnx_models.times(3))
    await filled.patch(f"{V1}/pipelines/p", json={"sample": "sample"}, headers={"If-Match": "*"})
    refused = await filled.put(f"{V1}/models/double/content", content=onnx_models.times(3, width=5))
    assert_problem(refused, 422, "invalid-pipeline")
    assert (await predict(filled)).json() == 12
