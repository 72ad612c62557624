"""Pipelines of the drop-in API: rows 30 to 42 of the checklist, which backend/docs/mle.md has with each decision."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import httpx2
import pytest
from mle_calls import POST, PRE, add_model, add_pipeline, add_script, assert_answer, body, errors, named

DETECT = {
    "pipelineName": "DetectFabricOrientation",
    "preProcessing": "pre.py",
    "modelName": "m",
    "postProcessing": "post.py",
}
PLAIN = {"pipelineName": "plain", "modelName": "m"}
GONE = errors("Pipeline 'dummy' not found.")


@pytest.fixture(scope="module")
def kept(admin: httpx2.Client) -> httpx2.Client:
    add_model(admin, named("m"), "m")
    add_script(admin, "pre.py", PRE)
    add_script(admin, "post.py", POST)
    return admin


@pytest.fixture
def parts(kept: httpx2.Client) -> Iterator[httpx2.Client]:
    yield kept
    assert kept.delete("/pipelines").status_code == 200


def test_row_30_pipelines_are_listed_whole(parts: httpx2.Client, reader: httpx2.Client) -> None:
    assert_answer(reader.get("/pipelines"), 200, b'{"pipelines":[]}')
    add_pipeline(parts, **PLAIN)
    add_pipeline(parts, **DETECT)
    assert_answer(reader.get("/pipelines"), 200, body({"pipelines": [DETECT, PLAIN]}))


def test_rows_31_and_33_a_pipeline_has_four_keys(parts: httpx2.Client, reader: httpx2.Client) -> None:
    assert_answer(parts.post("/pipelines", json=DETECT), 201, body(DETECT))
    assert_answer(reader.get("/pipelines/DetectFabricOrientation"), 200, body(DETECT))


def test_row_32_an_unknown_pipeline(reader: httpx2.Client) -> None:
    assert_answer(reader.get("/pipelines/dummy"), 404, GONE)


def test_row_34_a_script_that_isnt_there_is_absent(parts: httpx2.Client) -> None:
    without = {key: name for key, name in DETECT.items() if key != "postProcessing"}
    assert_answer(parts.post("/pipelines", json=without), 201, body(without))
    assert_answer(parts.get("/pipelines/DetectFabricOrientation"), 200, body(without))
    empty = PLAIN | {"preProcessing": None, "postProcessing": ""}
    assert_answer(parts.post("/pipelines", json=empty), 201, body(PLAIN))


def test_row_33_spelling_is_the_parts_own(parts: httpx2.Client) -> None:
    answer = parts.post("/pipelines", json=DETECT | {"modelName": "M", "preProcessing": "PRE.py"})
    assert_answer(answer, 201, body(DETECT))


def test_row_35_an_unknown_key(parts: httpx2.Client) -> None:
    answer = parts.post("/pipelines", json={"pipelineName": "p", "model": "m"})
    valid = "['pipelineName', 'modelName', 'preProcessing', 'postProcessing']"
    assert_answer(answer, 400, errors(f"Invalid key 'model' found. Valid keys are - {valid}."))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"modelName": "m"}, "The key 'pipelineName' is missing; a pipeline needs a name and a model."),
        ({"pipelineName": "p"}, "The key 'modelName' is missing; a pipeline needs a name and a model."),
        (PLAIN | {"pipelineName": ""}, "The key 'pipelineName' is missing; a pipeline needs a name and a model."),
        (PLAIN | {"pipelineName": 1}, "The key 'pipelineName' must be a text."),
        (PLAIN | {"pipelineName": ".."}, "'..' is no name. Choose another one."),
        ([], "The body must be a JSON object. Valid keys are - ['pipelineName', 'modelName', 'preProcessing', "
             "'postProcessing']."),
    ],
)  # fmt: skip
def test_row_35_other_bodies_that_cant_be_used(parts: httpx2.Client, sent: object, said: str) -> None:
    assert_answer(parts.post("/pipelines", json=sent), 400, errors(said))


@pytest.mark.parametrize("sent", [b"", b"{", b"pipelineName=p", b"\xff", b"[" * 100_000])
def test_row_35_a_body_that_isnt_json(parts: httpx2.Client, sent: bytes) -> None:
    assert_answer(parts.post("/pipelines", content=sent), 400, errors("Invalid json format."))


def test_row_36_an_unknown_model(parts: httpx2.Client) -> None:
    answer = parts.post("/pipelines", json={"pipelineName": "p", "modelName": "Dummy"})
    assert_answer(answer, 404, errors("Model 'Dummy' not found."))


def test_row_37_an_unknown_script(parts: httpx2.Client) -> None:
    for key in ("preProcessing", "postProcessing"):
        answer = parts.post("/pipelines", json=PLAIN | {key: "x.py"})
        assert_answer(answer, 404, errors("Resource file 'x.py' not found."))


def test_row_37_a_script_that_doesnt_load_says_where(parts: httpx2.Client) -> None:
    add_script(parts, "broken.py", b"import math\n\nLABELS = math.nothing\n\ndef process(content):\n    return 1\n")
    answer = parts.post("/pipelines", json=PLAIN | {"postProcessing": "broken.py"})
    assert answer.status_code == 400
    (said,) = answer.json()["errors"]
    assert "post-processing" in said and "'broken.py'" in said and "line 3" in said and "nothing" in said
    assert_answer(parts.get("/pipelines"), 200, b'{"pipelines":[]}')


def test_row_38_a_name_that_is_taken(parts: httpx2.Client) -> None:
    add_pipeline(parts, **DETECT)
    taken = errors("A pipeline with the name 'DetectFabricOrientation' already exists.")
    assert_answer(parts.post("/pipelines", json=DETECT), 409, taken)
    assert_answer(parts.post("/pipelines", json=PLAIN | {"pipelineName": "detectFabricOrientation"}), 409, taken)


def test_row_39_unsafe_characters_become_underscores(parts: httpx2.Client) -> None:
    answer = parts.post("/pipelines", json=PLAIN | {"pipelineName": "Detect fabric/orientation#2 (Tür-v1.0)"})
    name = "Detect_fabric_orientation_2__Tür-v1.0_"
    assert_answer(answer, 201, body(PLAIN | {"pipelineName": name}))
    for asked in (name, "Detect fabric_orientation#2 (Tür-v1.0)"):
        assert_answer(parts.get(f"/pipelines/{quote(asked)}"), 200, answer.content)
    taken = parts.post("/pipelines", json=PLAIN | {"pipelineName": "Detect fabric orientation#2 (Tür-v1.0)"})
    assert_answer(taken, 409, errors(f"A pipeline with the name '{name}' already exists."))


def test_row_40_deleting_tells_what_remains(parts: httpx2.Client) -> None:
    add_pipeline(parts, **PLAIN)
    add_pipeline(parts, **DETECT)
    assert_answer(parts.delete("/pipelines/DetectFabricOrientation"), 200, body({"pipelines": [PLAIN]}))


def test_row_41_deleting_an_unknown_pipeline(admin: httpx2.Client) -> None:
    assert_answer(admin.delete("/pipelines/dummy"), 404, GONE)


def test_row_42_all_pipelines_are_deleted_and_their_parts_stay(parts: httpx2.Client) -> None:
    add_pipeline(parts, **PLAIN)
    add_pipeline(parts, **DETECT)
    assert_answer(parts.delete("/pipelines"), 200, b'{"pipelines":[]}')
    assert_answer(parts.delete("/pipelines"), 200, b'{"pipelines":[]}')
    assert_answer(parts.get("/models"), 200, b'{"models":["m"]}')
    assert parts.get("/resources/pre.py").status_code == 200
