"""One real server for all tests of the protocol, and clients of it.

url         where it is
native      a program that changes what it serves, by the native API
filled      has the server hold what is in `MODELS` and `PIPELINES`; tests leave these as they are
triton      Triton's own client, signed in as an administrator
reader      the same with a token that may look and predict
admin       a program that speaks the protocol by itself
"""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import onnx_models
import pytest
from serving import SLUICE, serving
from tritonclient.http import InferenceServerClient
from tritonclient.http.auth import BasicAuth

TOKEN = "a-token-of-twenty-characters"

MODELS = {
    "double": onnx_models.double_it(),
    "labelled": onnx_models.map_output(["no", "yes"]),
    "listed": onnx_models.sequence(),
    "maybe": onnx_models.optional(),
    "shaped": onnx_models.identity("int64", None),
    "single": onnx_models.identity("bool", ()),
    "texts": onnx_models.identity("string", ("N",)),
}
SCRIPTS = {
    "oip_pre.py": "import json, numpy\ndef process(content):\n    return {'x': numpy.float32(json.loads(content))}\n",
    "oip_post.py": "def process(outputs):\n    return {'sum': float(outputs[0].sum())}\n",
}
PIPELINES = {
    "summed": {"model": "double", "preProcessing": "oip_pre.py", "postProcessing": "oip_post.py"},
    "read": {"model": "double", "preProcessing": "oip_pre.py"},
    "told": {"model": "double", "postProcessing": "oip_post.py"},
    # In the way of the model of its name.
    "single": {"model": "texts"},
}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(SLUICE, tmp_path_factory.mktemp("oip"), SLUICE_ADMIN_TOKEN=TOKEN, SLUICE_WORKERS="1") as url:
        yield url


@pytest.fixture(scope="module")
def native(url: str) -> Iterator[httpx2.Client]:
    authorization = {"Authorization": f"Bearer {TOKEN}"}
    with httpx2.Client(base_url=f"{url}/api/v1", headers=authorization, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def filled(native: httpx2.Client) -> None:
    for name, file in MODELS.items():
        answer = native.post("/models", params={"fileName": f"{name}.onnx"}, content=file)
        assert answer.status_code == 201, answer.text
    for name, text in SCRIPTS.items():
        assert native.post("/resources", params={"fileName": name}, content=text.encode()).status_code == 201
    for name, parts in PIPELINES.items():
        answer = native.post("/pipelines", json={"name": name, **parts})
        assert answer.status_code == 201, answer.text


@pytest.fixture
def triton(url: str) -> Iterator[InferenceServerClient]:
    yield from signed_in(url, TOKEN)


@pytest.fixture
def reader(url: str, read_token: str) -> Iterator[InferenceServerClient]:
    yield from signed_in(url, read_token)


@pytest.fixture
def admin(url: str) -> Iterator[httpx2.Client]:
    authorization = {"Authorization": f"Bearer {TOKEN}"}
    with httpx2.Client(base_url=url, headers=authorization, timeout=60) as client:
        yield client


@pytest.fixture(scope="module")
def read_token(native: httpx2.Client) -> str:
    secret: str = native.post("/tokens", json={"name": "a reader", "role": "READ"}).json()["secret"]
    return secret


def signed_in(url: str, token: str) -> Iterator[InferenceServerClient]:
    with InferenceServerClient(url.removeprefix("http://")) as client:
        client.register_plugin(BasicAuth("anybody", token))
        yield client
