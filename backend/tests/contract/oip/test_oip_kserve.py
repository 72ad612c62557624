"""What KServe's client sends and expects, byte for byte: installing it takes fifty packages, so it isn't here itself.

Captured of kserve's `InferenceRESTClient` with protocol v2.
"""

from __future__ import annotations

import json
import socket
import struct
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPResponse

import pytest

pytestmark = pytest.mark.usefixtures("filled")

TOKEN = "a-token-of-twenty-characters"
COMMON = """\
Host: {host}
Accept: */*
Accept-Encoding: gzip, deflate
Connection: keep-alive
User-Agent: python-httpx/0.28.1
Authorization: Bearer {token}
"""
JSON = (
    b'{"id":"7","model_name":"double","inputs":[{"name":"x","shape":[1,4],"datatype":"FP32","data":[1.0,2.0,3.0,4.0]}]}'
)
BINARY = (
    b'{"id":"7","model_name":"double","inputs":'
    b'[{"name":"x","shape":[1,4],"datatype":"FP32","parameters":{"binary_data_size":16}}]}'
)
DOUBLED = {
    "model_name": "double",
    "model_version": "1",
    "id": "7",
    "outputs": [{"name": "y", "datatype": "FP32", "shape": [1, 4], "data": [2.0, 4.0, 6.0, 8.0]}],
}


@pytest.fixture
def connection(url: str) -> Iterator[socket.socket]:
    host, _, port = url.removeprefix("http://").partition(":")
    with closing(socket.create_connection((host, int(port)), 30)) as connection:
        yield connection


def sent(connection: socket.socket, line: str, more: str = "", body: bytes = b"") -> tuple[int, object]:
    """Return status and JSON of the answer, whose type its client looks at."""
    host = "{}:{}".format(*connection.getpeername())
    head = f"{line} HTTP/1.1\n{COMMON}{more}\n".format(host=host, token=TOKEN, length=len(body))
    connection.sendall(head.replace("\n", "\r\n").encode() + body)
    with HTTPResponse(connection, method=line.split()[0]) as answer:
        answer.begin()
        assert answer.getheader("content-type") == "application/json"
        return answer.status, json.loads(answer.read())


def test_health(connection: socket.socket) -> None:
    assert sent(connection, "GET /v2/health/live") == (200, {"live": True})
    assert sent(connection, "GET /v2/health/ready") == (200, {"ready": True})
    assert sent(connection, "GET /v2/models/double/ready") == (200, {"name": "double", "ready": True})


def test_inference(connection: socket.socket) -> None:
    plain = "content-type: application/json\nContent-Length: {length}\n"
    assert sent(connection, "POST /v2/models/double/infer", plain, JSON) == (200, DOUBLED)
    binary = f"inference-header-content-length: {len(BINARY)}\ncontent-type: application/octet-stream\n"
    body = BINARY + struct.pack("<4f", 1, 2, 3, 4)
    more = binary + "Content-Length: {length}\n"
    assert sent(connection, "POST /v2/models/double/infer", more, body) == (200, DOUBLED)


def test_errors(connection: socket.socket) -> None:
    plain = "content-type: application/json\nContent-Length: {length}\n"
    status, told = sent(connection, "POST /v2/models/nothing/infer", plain, JSON)
    assert (status, told) == (404, {"error": "There is no pipeline or model named 'nothing'."})
    status, told = sent(connection, "POST /v2/models/double/infer", plain, b'{"inputs":[]}')
    assert status == 400
    assert isinstance(told, dict) and told.keys() == {"error"}
