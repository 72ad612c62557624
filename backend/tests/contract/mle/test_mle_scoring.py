"""Scoring by the drop-in API: rows 43 to 52 of the checklist, which backend/docs/mle.md has with each decision."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import onnx_models
import pytest
from mle_calls import LIMIT_BYTES, OCTETS, POST, PRE, add_model, add_pipeline, add_script, assert_answer, errors, named

MODELS = {
    "m": named("m"),
    "double": onnx_models.double_it(),
    "iris": onnx_models.map_output(),
    "sums": onnx_models.sum_and_difference(),
    "fails": onnx_models.fails_when_run(),
}
EMPTY = errors("Empty input stream.")
URLENCODED = {"Content-Type": "application/x-www-form-urlencoded"}  # curl's, where nothing else is said
NOT_JSON = errors("Invalid json format.")


def both(client: httpx2.Client, path: str, content: bytes) -> list[httpx2.Response]:
    """Return the answers to a form and to octets."""
    return [
        client.post(path, files={"file": ("input", content)}),
        client.post(path, content=content, headers=OCTETS),
    ]


@pytest.fixture(scope="module")
def kept(admin: httpx2.Client) -> httpx2.Client:
    for name, content in MODELS.items():
        add_model(admin, content, name)
    add_script(admin, "pre.py", PRE)
    add_script(admin, "post.py", POST)
    return admin


@pytest.fixture
def parts(kept: httpx2.Client) -> Iterator[httpx2.Client]:
    yield kept
    assert kept.delete("/pipelines").status_code == 200


def script(client: httpx2.Client, name: str, content: bytes) -> None:
    """Add a script that only one test has."""
    client.delete(f"/resources/{name}")
    add_script(client, name, content)


def test_row_43_a_model_is_applied_to_json(parts: httpx2.Client, reader: httpx2.Client) -> None:
    for answer in both(reader, "/apply/double", b'{"x": [[0.1, 1, -2.5e3, 0]]}'):
        assert_answer(answer, 200, b'{"y":[[0.20000000298023224,2.0,-5000.0,0.0]]}')


def test_row_43_a_map_has_texts_as_keys(parts: httpx2.Client, reader: httpx2.Client) -> None:
    for answer in both(reader, "/apply/iris", b'{"x": [[1, 0], [0.25, 0.75]]}'):
        assert_answer(answer, 200, b'{"y":[{"0":1.0,"1":0.0},{"0":0.25,"1":0.75}]}')


def test_row_43_the_whole_batch_of_several_outputs(parts: httpx2.Client, reader: httpx2.Client) -> None:
    answer = reader.post("/apply/sums", files={"file": ("r.json", b'{"b": [1, 2], "a": [3, 5]}')})
    assert json.loads(answer.content) == {"sum": [4, 7], "difference": [2, 3]}


@pytest.mark.parametrize("content", [b"not json", b'{"x": [1', b"\xff"])
def test_row_44_not_json(parts: httpx2.Client, reader: httpx2.Client, content: bytes) -> None:
    for answer in both(reader, "/apply/m", content):
        assert_answer(answer, 400, NOT_JSON)
        assert "is not JSON" in answer.headers["sluice-detail"]


def test_row_44_json_that_doesnt_fit_says_what_would(parts: httpx2.Client, reader: httpx2.Client) -> None:
    for sent, said in {
        '{"input_1": [[1, 2, 3, 4]]}': "'input_1', which is no input of the model; its inputs are 'x'",
        '{"x": [1, 2, 3, 4]}': "came shape (4,)",
        '{"x": [["1", "2", "3", "4"]]}': "Input 'x'",
        "[1]": "expected a dict",
        "{}": "gave no 'x'",
    }.items():
        answer = reader.post("/apply/double", content=sent, headers=OCTETS)
        assert answer.status_code == 400, sent
        assert said in answer.json()["errors"][0], answer.text


def test_row_44_an_empty_or_missing_file(parts: httpx2.Client, reader: httpx2.Client) -> None:
    for answer in (*both(reader, "/apply/m", b""), reader.post("/apply/m", files={"other": b"{}"})):
        assert_answer(answer, 400, EMPTY)


def test_row_45_an_unknown_model(reader: httpx2.Client) -> None:
    for answer in both(reader, "/apply/dummy", b"{}"):
        assert_answer(answer, 404, errors("Model 'dummy' not found."))


def test_row_46_an_inactive_model_tells_the_way_out(parts: httpx2.Client, reader: httpx2.Client) -> None:
    add_pipeline(parts, pipelineName="p", modelName="m")
    parts.put("/models/m/deactivate")
    said = errors(
        "Model 'm' is not active. Activate it by PUT /service/zementis/onnx/models/m/activate, or on the Models page."
    )
    for path in ("/apply/m", "/apply-pipeline/p"):
        for answer in both(reader, path, b'{"x": [1]}'):
            assert_answer(answer, 409, said)
    assert parts.put("/models/m/activate").status_code == 200
    for path in ("/apply/m", "/apply-pipeline/p"):
        assert_answer(reader.post(path, content=b'{"x": [1]}'), 200, b'{"y":[1.0]}')


def test_row_47_what_post_processing_returned(parts: httpx2.Client, reader: httpx2.Client) -> None:
    add_pipeline(parts, pipelineName="p", preProcessing="pre.py", modelName="m", postProcessing="post.py")
    for answer in both(reader, "/apply-pipeline/p", bytes([1, 2, 250])):
        assert_answer(answer, 200, b'{"sum":253.0}')


def test_row_47_pre_processing_gets_the_bytes_untouched(parts: httpx2.Client, reader: httpx2.Client) -> None:
    add_pipeline(parts, pipelineName="p", preProcessing="pre.py", modelName="m")
    content = b"a=1&b=\r\n\0\xff"
    answers = [
        *both(reader, "/apply-pipeline/p", content),
        reader.post("/apply-pipeline/p", content=content, headers=URLENCODED),
        reader.post("/apply-pipeline/p", content=iter([content[:3], content[3:]])),
    ]
    for answer in answers:
        assert json.loads(answer.content) == {"y": list(content)}


def test_row_48_without_pre_processing_the_input_is_json(parts: httpx2.Client, reader: httpx2.Client) -> None:
    add_pipeline(parts, pipelineName="bare", modelName="m")
    add_pipeline(parts, pipelineName="post only", modelName="m", postProcessing="post.py")
    for answer in both(reader, "/apply-pipeline/bare", b'{"x": [1, 2]}'):
        assert_answer(answer, 200, b'{"y":[1.0,2.0]}')
    for answer in both(reader, "/apply-pipeline/post%20only", b'{"x": [1, 2]}'):
        assert_answer(answer, 200, b'{"sum":3.0}')
    for answer in both(reader, "/apply-pipeline/bare", b"not json"):
        assert_answer(answer, 400, NOT_JSON)


def test_row_49_nothing_returned_is_null(parts: httpx2.Client, reader: httpx2.Client) -> None:
    script(parts, "store.py", b"def process(content):\n    print('stored')\n")
    add_pipeline(parts, pipelineName="p", modelName="m", postProcessing="store.py")
    for answer in both(reader, "/apply-pipeline/p", b'{"x": [1]}'):
        assert_answer(answer, 200, b"null")


def test_row_50_no_file_or_an_empty_one(parts: httpx2.Client, reader: httpx2.Client) -> None:
    add_pipeline(parts, pipelineName="p", preProcessing="pre.py", modelName="m")
    answers = [*both(reader, "/apply-pipeline/p", b""), reader.post("/apply-pipeline/p", files={"other": b"1"})]
    for answer in answers:
        assert_answer(answer, 400, EMPTY)


def test_row_51_an_unknown_pipeline(reader: httpx2.Client) -> None:
    for answer in both(reader, "/apply-pipeline/dummy", b"{}"):
        assert_answer(answer, 404, errors("Pipeline 'dummy' not found."))


@pytest.mark.parametrize("step", ["pre-processing", "post-processing"])
def test_row_52_a_script_that_raises_tells_step_and_line(
    parts: httpx2.Client, reader: httpx2.Client, step: str
) -> None:
    script(parts, "raises.py", b"def process(content):\n    labels = []\n    return labels[3]\n")
    key = {"pre-processing": "preProcessing", "post-processing": "postProcessing"}[step]
    add_pipeline(parts, pipelineName="p", modelName="m", **{key: "raises.py"})
    for answer in both(reader, "/apply-pipeline/p", b'{"x": [1]}'):
        said = f"The {step} script 'raises.py' failed at line 3: IndexError: list index out of range"
        assert_answer(answer, 400, errors(said))


def test_row_52_what_pre_processing_returned_doesnt_fit(parts: httpx2.Client, reader: httpx2.Client) -> None:
    script(parts, "float64.py", b"import numpy as np\n\ndef process(content):\n    return {'x': np.zeros(3)}\n")
    add_pipeline(parts, pipelineName="p", modelName="m", preProcessing="float64.py")
    answer = reader.post("/apply-pipeline/p", content=b"1")
    assert answer.status_code == 400
    said = answer.json()["errors"][0]
    assert "Input 'x': came float64; convert it with `.astype(np.float32)`" in said


def test_row_52_the_model_fails(parts: httpx2.Client, reader: httpx2.Client) -> None:
    answer = reader.post("/apply/fails", content=b'{"x": [1]}')
    assert answer.status_code == 400
    assert answer.json()["errors"][0].startswith("The model failed on this input: ")


def test_row_52_a_refused_socket_names_the_setting(parts: httpx2.Client, reader: httpx2.Client) -> None:
    pushing = b"import urllib.request\n\ndef process(content):\n    urllib.request.urlopen('http://127.0.0.1:9/measurement')\n"
    script(parts, "StorePredictionsAsMeasurement.py", pushing)
    add_pipeline(parts, pipelineName="p", modelName="m", postProcessing="StorePredictionsAsMeasurement.py")
    answer = reader.post("/apply-pipeline/p", content=b'{"x": [1]}')
    assert answer.status_code == 400
    (said,) = answer.json()["errors"]
    assert said.startswith("The post-processing script 'StorePredictionsAsMeasurement.py' failed at line 4: ")
    assert "SLUICE_NETWORK" in said


def test_rows_43_and_47_above_the_cap(parts: httpx2.Client, reader: httpx2.Client) -> None:
    add_pipeline(parts, pipelineName="p", modelName="m")
    for path in ("/apply/m", "/apply-pipeline/p"):
        for answer in both(reader, path, bytes(LIMIT_BYTES + 1)):
            assert (answer.status_code, list(answer.json())) == (413, ["errors"])
            assert "SLUICE_MAX_BODY_BYTES" in answer.text
