"""What Triton's client learns of the server and of what it serves, and what it changes."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import numpy as np
import onnx_models
import pytest
from tritonclient.http import InferenceServerClient, InferInput
from tritonclient.http.aio import InferenceServerClient as AsyncClient
from tritonclient.utils import InferenceServerException

import sluice

pytestmark = pytest.mark.usefixtures("filled")


@pytest.fixture
async def asynchronous(url: str, read_token: str) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(url.removeprefix("http://")) as client:
        yield client


def bytes_of_json(name: str, onnx_type: str) -> dict[str, object]:
    parameters = {"content_type": "application/json", "onnx_type": onnx_type}
    return {"name": name, "datatype": "BYTES", "shape": [1], "parameters": parameters}


CONTENT = {
    "name": "content",
    "datatype": "BYTES",
    "shape": [1],
    "parameters": {"content_type": "application/octet-stream"},
}
RESULT = {"name": "result", "datatype": "BYTES", "shape": [1], "parameters": {"content_type": "application/json"}}
X = {"name": "x", "datatype": "FP32", "shape": [-1, 4]}
Y = {"name": "y", "datatype": "FP32", "shape": [-1, 4]}


def test_probes_need_no_credentials_and_tell_one_word(url: str) -> None:
    with InferenceServerClient(url.removeprefix("http://")) as nobody:
        assert nobody.is_server_live()
        assert nobody.is_server_ready()
        for asks in (nobody.get_server_metadata, nobody.get_model_repository_index):
            with pytest.raises(InferenceServerException, match=r"^\[401\] Sign in"):
                asks()
    assert httpx2.get(f"{url}/v2/health/live").json() == {"live": True}
    assert httpx2.get(f"{url}/v2/health/ready").json() == {"ready": True}


def test_what_the_server_is(reader: InferenceServerClient) -> None:
    assert reader.get_server_metadata() == {
        "name": "sluice",
        "version": sluice.__version__,
        "extensions": ["binary_tensor_data", "model_configuration", "model_repository", "statistics"],
    }


@pytest.mark.parametrize(
    ("name", "inputs", "outputs"),
    [
        ("double", [X], [Y]),
        ("summed", [CONTENT], [RESULT]),
        ("read", [CONTENT], [Y]),
        ("told", [X], [RESULT]),
        (
            "labelled",
            [{"name": "x", "datatype": "FP32", "shape": [-1, 2]}],
            [bytes_of_json("y", "seq(map(string,tensor(float)))")],
        ),
        (
            "listed",
            [bytes_of_json("x", "seq(tensor(float))"), {"name": "i", "datatype": "INT64", "shape": []}],
            [
                {"name": "item", "datatype": "FP32", "shape": [-1], "parameters": {"any_rank": True}},
                bytes_of_json("all", "seq(tensor(float))"),
            ],
        ),
        (
            "maybe",
            [bytes_of_json("x", "optional(tensor(float))")],
            [{"name": "there", "datatype": "BOOL", "shape": []}, bytes_of_json("y", "optional(tensor(float))")],
        ),
        (
            "shaped",
            [{"name": "x", "datatype": "INT64", "shape": [-1], "parameters": {"any_rank": True}}],
            [{"name": "y", "datatype": "INT64", "shape": [-1], "parameters": {"any_rank": True}}],
        ),
        (
            "texts",
            [{"name": "x", "datatype": "BYTES", "shape": [-1]}],
            [{"name": "y", "datatype": "BYTES", "shape": [-1]}],
        ),
    ],
)
def test_what_goes_in_and_comes_out(
    reader: InferenceServerClient, name: str, inputs: list[object], outputs: list[object]
) -> None:
    told = reader.get_model_metadata(name)
    assert (told["name"], told["versions"]) == (name, ["1"])
    assert (told["inputs"], told["outputs"]) == (inputs, outputs)
    assert reader.is_model_ready(name)


def test_a_pipeline_shadows_a_model_that_stays_reachable(reader: InferenceServerClient) -> None:
    pipeline, model = reader.get_model_metadata("single"), reader.get_model_metadata("model.single")
    assert (pipeline["platform"], model["platform"]) == ("sluice_pipeline", "onnx_onnxv1")
    assert (pipeline["name"], model["name"]) == ("single", "model.single")
    assert pipeline["parameters"] == {"kind": "pipeline", "model": "texts"}
    assert model["parameters"] == {"kind": "model", "description": ""}
    assert model["inputs"][0]["datatype"] == "BOOL"
    # Case doesn't count, here as everywhere; what nothing is in the way of may be called either way.
    assert reader.get_model_metadata("MODEL.Single")["name"] == "model.single"
    assert reader.get_model_metadata("model.double")["inputs"] == reader.get_model_metadata("double")["inputs"]


def test_only_the_current_version_is_there(reader: InferenceServerClient) -> None:
    assert reader.get_model_metadata("double", "1")["versions"] == ["1"]
    assert reader.is_model_ready("double", "1")
    assert not reader.is_model_ready("double", "2")
    with pytest.raises(InferenceServerException) as refused:
        reader.get_model_metadata("double", "2")
    assert refused.value.status() == "404"
    assert refused.value.message() == "'double' has no version '2'. Only the current one is served: it is 1."


def test_what_isnt_there(reader: InferenceServerClient) -> None:
    with pytest.raises(InferenceServerException, match=r"^\[404\] There is no pipeline or model named 'nothing'\.$"):
        reader.get_model_metadata("nothing")
    with pytest.raises(
        InferenceServerException, match=r"^\[404\] There is no pipeline or model named 'model\.nothing'"
    ):
        reader.get_model_metadata("model.nothing")
    assert not reader.is_model_ready("nothing")


def test_how_it_is_run(reader: InferenceServerClient) -> None:
    told = reader.get_model_config("double", "1")
    assert (told["name"], told["max_batch_size"]) == ("double", 0)
    assert told["input"] == [{"name": "x", "data_type": "TYPE_FP32", "dims": [-1, 4]}]
    assert told["instance_group"][0]["count"] == 1
    assert reader.get_model_config("summed")["output"] == [{"name": "result", "data_type": "TYPE_STRING", "dims": [1]}]


def test_what_was_counted(reader: InferenceServerClient) -> None:
    def counted(name: str) -> dict[str, Any]:
        (told,) = reader.get_inference_statistics(name, "1")["model_stats"]
        assert told["name"] == name
        assert told["inference_count"] == told["execution_count"] == told["inference_stats"]["success"]["count"]
        return told  # type: ignore[no-any-return]

    assert counted("single")["inference_count"] == counted("single")["last_inference"] == 0
    before = counted("summed")["inference_stats"]
    for text, fits in ((b"[[1, 2, 3, 4]]", True), (b"[[1, 2, 3, 4]]", True), (b"[1]", False)):
        content = InferInput("content", [1], "BYTES").set_data_from_numpy(np.array([text], object))
        with contextlib.nullcontext() if fits else pytest.raises(InferenceServerException):
            reader.infer("summed", [content])
    after = counted("summed")["inference_stats"]
    assert after["success"]["count"] - before["success"]["count"] == 2
    assert after["fail"]["count"] - before["fail"]["count"] == 1
    steps = ("compute_input", "compute_infer", "compute_output", "queue")
    taken = {step: after[step]["ns"] - before[step]["ns"] for step in steps}
    assert all(ns > 0 for ns in taken.values())
    assert sum(taken.values()) < 2 * (after["success"]["ns"] - before["success"]["ns"])
    assert counted("summed")["last_inference"] > 1.7e12
    assert {told["name"] for told in reader.get_inference_statistics()["model_stats"]} >= {"summed", "model.single"}


def test_the_index_lists_pipelines_and_models(reader: InferenceServerClient, admin: httpx2.Client) -> None:
    index = {entry["name"]: entry for entry in reader.get_model_repository_index()}
    assert {"single", "model.single", "double", "summed"} <= index.keys()
    assert "model.double" not in index
    assert index["double"] == {"name": "double", "version": "1", "state": "READY", "reason": ""}
    for sent in (b"", b"{}", b'{"ready": true, "unknown": [1]}'):
        answer = admin.post("/v2/repository/index", content=sent)
        assert {entry["name"] for entry in answer.json()} >= {"single", "double"}


def test_loading_and_unloading_a_model_with_all_that_use_it(
    native: httpx2.Client, triton: InferenceServerClient, reader: InferenceServerClient, admin: httpx2.Client
) -> None:
    assert native.post("/models", params={"fileName": "coming.onnx"}, content=onnx_models.double_it()).is_success
    assert native.post("/pipelines", json={"name": "user", "model": "coming"}).is_success
    with pytest.raises(InferenceServerException, match=r"^\[403\] This needs the role ADMIN"):
        reader.unload_model("coming")
    with pytest.raises(
        InferenceServerException, match=r"^\[409\] 'user' is a pipeline.*Unload 'model\.coming'.*'user'"
    ):
        triton.unload_model("user")
    assert reader.is_model_ready("user")

    triton.unload_model("coming", unload_dependents=True)
    assert not reader.is_model_ready("coming")
    assert not reader.is_model_ready("user")
    index = {entry["name"]: entry for entry in reader.get_model_repository_index()}
    assert index["coming"]["state"] == index["user"]["state"] == "UNAVAILABLE"
    assert "Activate it" in index["user"]["reason"]
    listed = admin.post("/v2/repository/index", json={"ready": True}).json()
    assert not {"coming", "user"} & {entry["name"] for entry in listed}
    with pytest.raises(InferenceServerException, match=r"^\[409\] The model 'coming' is inactive"):
        triton.load_model("user")

    triton.load_model("coming")
    assert reader.is_model_ready("coming")
    assert reader.is_model_ready("user")
    triton.load_model("user")
    for name in ("pipelines/user", "models/coming"):
        assert native.delete(f"/{name}").status_code == 204


def test_a_model_isnt_given_when_it_is_loaded(triton: InferenceServerClient) -> None:
    with pytest.raises(
        InferenceServerException, match=r"^\[400\] The parameter 'config' can't be used here.*POST /api"
    ):
        triton.load_model("double", config="{}")


async def test_the_asynchronous_client_sees_the_same(asynchronous: AsyncClient, read_token: str) -> None:
    headers = {"Authorization": f"Bearer {read_token}"}
    assert await asynchronous.is_server_live()
    assert await asynchronous.is_server_ready()
    assert await asynchronous.is_model_ready("summed", headers=headers)
    assert (await asynchronous.get_server_metadata(headers=headers))["name"] == "sluice"
    assert (await asynchronous.get_model_metadata("summed", headers=headers))["inputs"] == [CONTENT]
    assert (await asynchronous.get_model_config("summed", headers=headers))["input"][0]["name"] == "content"
    assert {entry["name"] for entry in await asynchronous.get_model_repository_index(headers=headers)} >= {"summed"}
    with pytest.raises(InferenceServerException, match="no pipeline or model named 'nothing'"):
        await asynchronous.get_model_metadata("nothing", headers=headers)


PATHS = ["", "/health/live", "/health/ready", "/models/double", "/models/double/ready", "/models/double/config"]
PATHS += ["/models/double/versions/1", "/models/double/versions/1/ready", "/models/stats", "/models/double/stats"]


@pytest.mark.parametrize("path", PATHS)
def test_a_slash_at_the_end_changes_nothing_and_head_has_no_body(admin: httpx2.Client, path: str) -> None:
    plain, slashed = admin.get(f"/v2{path}"), admin.get(f"/v2{path}/")
    assert plain.status_code == slashed.status_code == 200
    assert plain.json() == slashed.json()
    assert plain.headers["content-type"] == "application/json"
    head = admin.head(f"/v2{path}/")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == plain.headers["content-length"]
