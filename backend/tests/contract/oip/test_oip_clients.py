"""Triton's own client, sync and aio, gets from models and pipelines what onnxruntime gives in this process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tritonclient.http as triton
import tritonclient.http.aio as triton_aio
from inferring import AUTHORIZATION, MODELS, identities, inferring, values
from tritonclient.utils import InferenceServerException

from sluice.workers.child.session import Session

# What Triton's client doesn't send as JSON: test_oip_inference.py does.
BINARY_ONLY = {"FP16", "BF16"}
DATATYPES = [name.removeprefix("same-") for name in identities()]
ROWS = np.array([[1, 2.5, -3, 0.1], [1e-40, 1e38, -0.0, 7]], np.float32)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with inferring(tmp_path_factory.mktemp("oip"), MODELS, ("both", "before", "after", "plain")) as url:
        yield url.removeprefix("http://")


@pytest.fixture
def client(url: str) -> Iterator[triton.InferenceServerClient]:
    with triton.InferenceServerClient(url) as client:
        client._client_stub.default_headers.update(AUTHORIZATION)
        yield client


@pytest.fixture
async def aio_client(url: str) -> AsyncIterator[triton_aio.InferenceServerClient]:
    async with triton_aio.InferenceServerClient(url) as client:
        yield client


def given(name: str, array: np.ndarray[Any, Any], datatype: str, binary: bool) -> triton.InferInput:
    found = triton.InferInput(name, list(array.shape), datatype)
    found.set_data_from_numpy(array, binary_data=binary)
    return found


def expected(model: str, feed: dict[str, Any], folder: Path) -> list[np.ndarray[Any, Any]]:
    """Return what onnxruntime gives in this process."""
    path = folder / "model.onnx"
    path.write_bytes(MODELS[model])
    return [np.asarray(output) for output in Session(str(path)).run(feed)]


def assert_same(got: np.ndarray[Any, Any] | None, wanted: np.ndarray[Any, Any], datatype: str) -> None:
    assert got is not None
    assert got.shape == wanted.shape
    if datatype == "BYTES":
        assert [t.decode() if isinstance(t, bytes) else t for t in got.ravel()] == wanted.ravel().tolist()
    else:
        assert got.dtype == wanted.dtype
        assert got.tobytes() == wanted.tobytes()


@pytest.mark.parametrize("binary", [True, False], ids=["binary", "json"])
@pytest.mark.parametrize("datatype", DATATYPES)
def test_every_datatype_keeps_its_bits(
    client: triton.InferenceServerClient, datatype: str, binary: bool, tmp_path: Path
) -> None:
    if datatype in BINARY_ONLY and not binary:
        pytest.skip("the client refuses to")
    sent = values(datatype)
    (wanted,) = expected(f"same-{datatype}", {"x": sent}, tmp_path)
    tensor = given("x", sent, datatype, binary)
    outputs = [triton.InferRequestedOutput("y", binary_data=binary)]
    answer = client.infer(f"same-{datatype}", [tensor], outputs=outputs, request_id="a-7")
    assert_same(answer.as_numpy("y"), wanted, datatype)
    said = answer.get_response()
    assert (said["model_name"], said["model_version"], said["id"]) == (f"same-{datatype}", "1", "a-7")
    (output,) = said["outputs"]
    assert output["datatype"] == datatype
    assert ("data" in output) is not binary


@pytest.mark.parametrize("binary", [True, False], ids=["binary", "json"])
@pytest.mark.parametrize("datatype", ["FP32", "INT64", "BYTES"])
async def test_aio(aio_client: triton_aio.InferenceServerClient, datatype: str, binary: bool, tmp_path: Path) -> None:
    sent = values(datatype)
    (wanted,) = expected(f"same-{datatype}", {"x": sent}, tmp_path)
    outputs = [triton_aio.InferRequestedOutput("y", binary_data=binary)]
    tensor = given("x", sent, datatype, binary)
    answer = await aio_client.infer(f"same-{datatype}", [tensor], outputs=outputs, headers=dict(AUTHORIZATION))
    assert_same(answer.as_numpy("y"), wanted, datatype)


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("binary", [True, False], ids=["binary", "json"])
async def test_compressed_both_ways(
    client: triton.InferenceServerClient, aio_client: triton_aio.InferenceServerClient, coding: str, binary: bool
) -> None:
    sent = np.tile(ROWS, (1000, 1))
    outputs = [triton.InferRequestedOutput("y", binary_data=binary)]
    tensors = [given("x", sent, "FP32", binary)]
    codings = {"request_compression_algorithm": coding, "response_compression_algorithm": coding}
    answer = client.infer("double", tensors, outputs=outputs, **codings)
    assert_same(answer.as_numpy("y"), sent * 2, "FP32")
    answer = await aio_client.infer("double", tensors, outputs=outputs, headers=dict(AUTHORIZATION), **codings)
    assert_same(answer.as_numpy("y"), sent * 2, "FP32")


def test_outputs_are_binary_unless_asked_otherwise(client: triton.InferenceServerClient) -> None:
    answer = client.infer("double", [given("x", ROWS, "FP32", True)])
    assert_same(answer.as_numpy("y"), ROWS * 2, "FP32")
    assert "data" not in answer.get_output("y")


def test_several_tensors_each_in_its_own_way(client: triton.InferenceServerClient) -> None:
    a, b = np.array([1, 2, 3], np.float32), np.array([0.5, 0, -1], np.float32)
    tensors = [given("b", b, "FP32", False), given("a", a, "FP32", True)]
    outputs = [triton.InferRequestedOutput("difference", binary_data=False), triton.InferRequestedOutput("sum")]
    answer = client.infer("two", tensors, outputs=outputs)
    assert_same(answer.as_numpy("sum"), a + b, "FP32")
    assert_same(answer.as_numpy("difference"), a - b, "FP32")
    assert [output["name"] for output in answer.get_response()["outputs"]] == ["difference", "sum"]
    only = client.infer("two", tensors, outputs=[triton.InferRequestedOutput("sum")])
    assert [output["name"] for output in only.get_response()["outputs"]] == ["sum"]


@pytest.mark.parametrize("binary", [True, False], ids=["binary", "json"])
def test_pipelines(client: triton.InferenceServerClient, binary: bool) -> None:
    content = np.array([ROWS.tobytes()], object) if binary else np.array(["0123456789abcdef"], object)
    rows = ROWS if binary else np.frombuffer(b"0123456789abcdef", np.float32).reshape(1, 4)
    raw = given("content", content, "BYTES", binary)
    answer = client.infer("both", [raw], outputs=[triton.InferRequestedOutput("result", binary_data=binary)])
    (element,) = answer.as_numpy("result")
    assert np.float32(json.loads(element)["rows"]).tobytes() == (rows * 2).tobytes()
    assert_same(client.infer("before", [raw]).as_numpy("y"), rows * 2, "FP32")
    tensor = given("x", ROWS, "FP32", binary)
    (element,) = client.infer("after", [tensor]).as_numpy("result")
    assert np.float32(json.loads(element)["rows"]).tobytes() == (ROWS * 2).tobytes()
    assert_same(client.infer("plain", [tensor]).as_numpy("y"), ROWS * 2, "FP32")


@pytest.mark.parametrize("binary", [True, False], ids=["binary", "json"])
def test_what_is_no_tensor_travels_as_json(client: triton.InferenceServerClient, binary: bool) -> None:
    def text(name: str, value: Any) -> triton.InferInput:
        return given(name, np.array([json.dumps(value)], object), "BYTES", binary)

    def told(answer: triton.InferResult, name: str) -> Any:
        return json.loads(answer.as_numpy(name)[0])

    index = given("i", np.array(1), "INT64", binary)
    answer = client.infer("sequence", [text("x", [[1, 2], [3.5, 4]]), index])
    assert answer.as_numpy("item").tolist() == [3.5, 4]
    assert told(answer, "all") == [[1, 2], [3.5, 4]]
    assert client.infer("map-in", [text("x", {"b": 2.5})]).as_numpy("y").tolist() == [[0, 2.5]]
    rows = given("x", np.array([[0.25, 0.75]], np.float32), "FP32", binary)
    assert told(client.infer("map-out", [rows]), "y") == [{"a": 0.25, "b": 0.75}]
    there = client.infer("optional", [text("x", [1, 2])])
    assert (there.as_numpy("there").tolist(), told(there, "y")) == (True, [1, 2])
    away = client.infer("optional", [text("x", None)])
    assert (away.as_numpy("there").tolist(), told(away, "y")) == (False, None)


def test_a_refusal_reaches_the_client_in_words(client: triton.InferenceServerClient) -> None:
    tensor = given("x", ROWS.astype(np.float64), "FP64", True)
    with pytest.raises(InferenceServerException, match="came FP64; convert it, and send `datatype` FP32") as refused:
        client.infer("double", [tensor])
    assert refused.value.status() == "400"
    with pytest.raises(InferenceServerException, match="no output 'z'; ask for some of 'y'"):
        client.infer("double", [given("x", ROWS, "FP32", True)], outputs=[triton.InferRequestedOutput("z")])


async def test_many_at_once(aio_client: triton_aio.InferenceServerClient) -> None:
    async def call(number: int) -> None:
        rows = np.full((number + 1, 4), number, np.float32)
        answer = await aio_client.infer(
            "double", [given("x", rows, "FP32", number % 2 == 0)], request_id=str(number), headers=dict(AUTHORIZATION)
        )
        assert_same(answer.as_numpy("y"), rows * 2, "FP32")
        assert answer.get_response()["id"] == str(number)

    await asyncio.gather(*(call(number) for number in range(50)))
