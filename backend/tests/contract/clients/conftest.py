"""One real server with a pipeline that tells what it was given.

dialect         the API: each test runs for all of them
authorization   how its programs sign in
"""

from __future__ import annotations

import base64
from collections.abc import Iterator

import httpx2
import onnx_models
import pytest
from serving import SLUICE, serving
from told import PATHS, TOKEN

PRE = "import numpy\n\ndef process(content):\n    return {'x': numpy.frombuffer(content, 'u1')}\n"
POST = """\
import hashlib

def process(outputs):
    content = outputs[0].tobytes()
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
"""


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = {"SLUICE_ADMIN_TOKEN": TOKEN, "SLUICE_WORKERS": "1"}
    with serving(SLUICE, tmp_path_factory.mktemp("clients"), **settings) as url:
        with httpx2.Client(base_url=f"{url}/api/v1", auth=("ann", TOKEN), timeout=60) as admin:
            model = onnx_models.identity("uint8")
            assert admin.post("/models", params={"fileName": "same.onnx"}, content=model).is_success
            for name, text in {"pre.py": PRE, "post.py": POST}.items():
                assert admin.post("/resources", params={"fileName": name}, content=text.encode()).is_success
            told = {"name": "told", "model": "same", "preProcessing": "pre.py", "postProcessing": "post.py"}
            answer = admin.post("/pipelines", json=told)
            assert answer.status_code == 201, answer.text
        yield url


@pytest.fixture(params=sorted(PATHS))
def dialect(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def authorization(dialect: str) -> str:
    """How programs of an API sign in."""
    if dialect == "mle":
        return "Basic " + base64.b64encode(f"t2700/ann:{TOKEN}".encode()).decode()
    return f"Bearer {TOKEN}"
