"""A real server with models and pipelines for tests of inference, and requests written by hand."""

from __future__ import annotations

import json
import struct
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import ml_dtypes
import numpy as np
import onnx_models
from serving import serving

from sluice.tensors import ELEMENT_TYPES

TOKEN = "an-administrator-of-the-tests"
AUTHORIZATION = {"Authorization": f"Bearer {TOKEN}"}
HEAD = "Inference-Header-Content-Length"
PRE = """import numpy as np

def process(content):
    print("got", len(content))
    return {"x": np.frombuffer(content, np.float32).reshape(-1, 4)}
"""
POST = "def process(outputs):\n    return {'rows': outputs[0], 'least': outputs[0].min()}\n"
LOOP = "def process(content):\n    while True:\n        pass\n"
FORGE = """import json, os, stat, struct
import numpy as np

def is_socket(descriptor):
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False

def process(content):
    frames = next(filter(is_socket, range(64)))
    header = json.dumps({"kind": "answer", "timings_ms": {}, "number": 1, **eval(content)}).encode()
    os.write(frames, struct.pack("!IQ", len(header), 2) + header + b"{}")
    return {"x": np.zeros((1, 4), np.float32)}
"""
RAISE = "def process(content):\n    raise ValueError('no good')\n"


def identities() -> dict[str, bytes]:
    """Return a model for each datatype that gives back its input."""
    known = (element for element in ELEMENT_TYPES if element.datatype)
    return {f"same-{element.datatype}": onnx_models.identity(element.onnx, None) for element in known}


MODELS = {
    "double": onnx_models.double_it(),
    "two": onnx_models.sum_and_difference(),
    "sequence": onnx_models.sequence(),
    "optional": onnx_models.optional(),
    "map-in": onnx_models.map_input(),
    "map-out": onnx_models.map_output(["a", "b"]),
    **identities(),
}
PIPELINES: dict[str, tuple[str | None, str | None]] = {
    "both": (PRE, POST),
    "before": (PRE, None),
    "after": (None, POST),
    "plain": (None, None),
    "raising": (RAISE, None),
    "looping": (LOOP, None),
    "forging": (FORGE, None),
}


@contextmanager
def inferring(folder: Path, models: Iterable[str], pipelines: Iterable[str], **settings: str) -> Iterator[str]:
    """Run a server that has some of them; give its address."""
    sluice = Path(sys.executable).with_name("sluice")
    with serving(sluice, folder, SLUICE_ADMIN_TOKEN=TOKEN, SLUICE_WORKERS="1", **settings) as url:
        with httpx2.Client(base_url=url + "/api/v1", headers=AUTHORIZATION, timeout=60) as admin:
            for name in models:
                add(admin, "models", f"{name}.onnx", MODELS[name])
            for name in pipelines:
                parts = {"name": name, "model": "double"}
                for key, end, script in zip(
                    ("preProcessing", "postProcessing"), ("pre", "post"), PIPELINES[name], strict=True
                ):
                    if script:
                        parts[key] = f"{name}_{end}.py"
                        add(admin, "resources", parts[key], script.encode())
                made = admin.post("/pipelines", json=parts)
                assert made.status_code == 201, made.text
        yield url


def add(admin: httpx2.Client, kind: str, file_name: str, content: bytes) -> None:
    """Upload one file."""
    made = admin.post(f"/{kind}", params={"fileName": file_name}, content=content)
    assert made.status_code == 201, made.text


def body(head: dict[str, Any], *tensors: bytes) -> dict[str, Any]:
    """Return what an HTTP client sends for a request with binary tensors."""
    raw = json.dumps(head).encode()
    return {"content": raw + b"".join(tensors), "headers": {HEAD: str(len(raw))}}


def tensor(name: str, array: np.ndarray[Any, Any], datatype: str) -> dict[str, Any]:
    """Return what the head says of a binary tensor."""
    size = len(raw(array))
    return {"name": name, "shape": array.shape, "datatype": datatype, "parameters": {"binary_data_size": size}}


def raw(array: np.ndarray[Any, Any]) -> bytes:
    """Return its bytes, as the protocol has them."""
    if array.dtype.kind == "O":
        texts = [text.encode() for text in array.ravel()]
        return b"".join(struct.pack("<I", len(text)) + text for text in texts)
    return array.tobytes()


def values(datatype: str) -> np.ndarray[Any, Any]:
    """Return (2, 3) of the least, the largest and some other values, also those that are no numbers."""
    if datatype == "BYTES":
        return np.array([["", "a", "ä€𝄞"], ['"\\\n', "null", "NaN"]], object)
    if datatype == "BOOL":
        return np.array([[True, False, True], [False, False, True]])
    element = next(element for element in ELEMENT_TYPES if element.datatype == datatype)
    dtype = np.dtype(ml_dtypes.bfloat16 if datatype == "BF16" else element.numpy)
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return np.array([[limits.min, limits.max, 0], [1, 7, limits.max - 1]], dtype)
    numbers = ml_dtypes.finfo(dtype)  # type: ignore[no-untyped-call]
    found = np.array([[0, -0.0, 1.5], [np.nan, np.inf, -np.inf]], dtype)
    found[0, 0], found[0, 2] = numbers.max, numbers.smallest_normal
    return found
