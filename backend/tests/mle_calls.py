"""What tests of the drop-in API send and look for."""

from __future__ import annotations

import json
from typing import Any

import httpx2
import onnx
import onnx_models

PREFIX = "/service/zementis/onnx"
TOKEN = "an-administrator-of-the-tests"
LIMIT_BYTES = 100_000
PRE = b"""import numpy as np

def process(content):
    return {'x': np.frombuffer(content, np.uint8).astype(np.float32)}
"""
POST = b"""def process(content):
    return {'sum': content[0].sum()}
"""
OCTETS = {"Content-Type": "application/octet-stream"}


def named(graph_name: str, model: bytes | None = None) -> bytes:
    """Return a model whose graph has this name; by default one that gives back its input `x` as `y`."""
    file = onnx.load_model_from_string(model or onnx_models.identity())
    file.graph.name = graph_name
    content: bytes = file.SerializeToString()
    return content


def errors(*said: str) -> bytes:
    """Return the body of an error."""
    return body({"errors": list(said)})


def body(value: Any) -> bytes:
    """Return JSON as the drop-in API writes it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def assert_answer(answer: httpx2.Response, status: int, content: bytes) -> None:
    """Check an answer to the byte."""
    assert (answer.status_code, answer.content) == (status, content), answer.text
    assert answer.headers["content-type"] == "application/json"


def add_model(client: httpx2.Client, content: bytes, name: str) -> None:
    """Add a model under a name of the test's choice."""
    answer = client.post("/models", params={"name": name}, content=content, headers=OCTETS)
    assert answer.status_code == 201, answer.text


def add_script(client: httpx2.Client, name: str, content: bytes) -> None:
    """Add a script."""
    answer = client.post("/resources", files={"file": (name, content)})
    assert answer.status_code == 201, answer.text


def add_pipeline(client: httpx2.Client, **keys: str) -> None:
    """Add a pipeline of these four keys or fewer."""
    answer = client.post("/pipelines", json=keys)
    assert answer.status_code == 201, answer.text
