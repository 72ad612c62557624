"""What is sent to a pipeline that answers with the size and the hash of what it was given, by each API."""

from __future__ import annotations

import hashlib
import json

TOKEN = "a-token-of-twenty-characters"
PATHS = {
    "native": "/api/v1/pipelines/told/predictions",
    "mle": "/service/zementis/onnx/apply-pipeline/told",
    "oip": "/v2/models/told/infer",
}

# What looks like the end of a line, of a chunk or of a form, and isn't.
BINARY = bytes(range(256)) + b"\r\n--5fd2dc3c\r\n0\r\n\r\n\x00\xff" + b"\r\n--\r\n" * 40
TEXT = "söme tëxt\r\n--\r\n0\r\n\r\n " * 20


def content_and_body(dialect: str, large: bool) -> tuple[bytes, bytes]:
    """Return what pre-processing is to get, and the body by which an API takes that."""
    times = 3000 if large else 1
    if dialect != "oip":
        return BINARY * times, BINARY * times
    text = TEXT * times
    tensor = {"name": "content", "datatype": "BYTES", "shape": [1], "data": [text]}
    return text.encode(), json.dumps({"inputs": [tensor]}).encode()


def assert_told(dialect: str, answer: bytes, content: bytes) -> None:
    """Check that the answer is about this content."""
    told = json.loads(answer)
    if dialect == "oip":
        (output,) = told["outputs"]
        assert (output["name"], output["datatype"], output["shape"]) == ("result", "BYTES", [1])
        told = json.loads(output["data"][0])
    assert told == {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
