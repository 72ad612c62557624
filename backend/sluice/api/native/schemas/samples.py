"""The examples that the document shows of what the API sends."""

from __future__ import annotations

from pydantic import ConfigDict
from pydantic.config import JsonDict

_AT = "2026-11-22T14:00:00Z"


def example(*shown: JsonDict) -> ConfigDict:
    """Return the configuration of a model that has these examples."""
    return ConfigDict(json_schema_extra={"examples": list(shown)})


TOKEN: JsonDict = {
    "id": "0b6e6a7e5f0d4b0c9d1e2f3a4b5c6d7e",
    "name": "line 4",
    "role": "PREDICT",
    "createdAt": _AT,
    "expiresAt": None,
    "lastUsedAt": _AT,
    "pipelines": ["digits"],
}
AUDIT_ENTRY: JsonDict = {
    "id": "1042",
    "at": _AT,
    "actor": {"name": "line 4", "by": "token"},
    "action": "pipeline.change",
    "subject": {"kind": "pipeline", "name": "digits", "id": "c0de9c1e5f0d4b0c9d1e2f3a4b5c6d7e"},
    "dialect": "native",
    "requestId": "3f2a9c1e5f0d4b0c9d1e2f3a4b5c6d7e",
    "address": "10.1.2.3",
    "detail": {"revision": 4, "changes": {"deadlineS": {"from": None, "to": 5.0}}},
}
USER: JsonDict = {
    "id": "5e1b6a7e5f0d4b0c9d1e2f3a4b5c6d7e",
    "name": "Ada",
    "revision": 1,
    "role": "READ",
    "pipelines": None,
    "createdAt": _AT,
    "lastUsedAt": _AT,
    "hasPassword": True,
}
SESSION: JsonDict = {
    "id": "9c4e6a7e5f0d4b0c9d1e2f3a4b5c6d7e",
    "name": "Ada",
    "role": "READ",
    "by": "password",
    "createdAt": _AT,
    "expiresAt": "2099-01-01T00:00:00Z",
    "current": True,
}
MODEL: JsonDict = {
    "id": "3f2a9c1e5f0d4b0c9d1e2f3a4b5c6d7e",
    "name": "digits",
    "revision": 1,
    "createdAt": _AT,
    "fileName": "digits.onnx",
    "sizeBytes": 52113,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "irVersion": 8,
    "opsets": [{"domain": "ai.onnx", "version": 17}],
    "producerName": "pytorch",
    "producerVersion": "2.9.1",
    "graphName": "main_graph",
    "modelVersion": 0,
    "inputs": [{"name": "x", "type": "tensor(float)", "datatype": "FP32", "shape": [-1, 64], "symbols": ["N", None]}],
    "outputs": [{"name": "y", "type": "tensor(float)", "datatype": "FP32", "shape": [-1, 10], "symbols": ["N", None]}],
    "description": "Handwritten digits, trained on 8 x 8 pixels",
    "active": True,
    "usedBy": ["digits"],
}
ENVIRONMENT_STATE: JsonDict = {
    "key": "standard-1",
    "state": "ready",
    "requires": [],
    "reason": None,
    "log": "environments/standard-1/log",
}
ENVIRONMENT: JsonDict = {
    **ENVIRONMENT_STATE,
    "packages": ["pandas==2.3.3", "scipy==1.16.3"],
    "finishedAt": _AT,
    "usedBy": ["digits"],
}
RESOURCE: JsonDict = {
    "id": "77aa9c1e5f0d4b0c9d1e2f3a4b5c6d7e",
    "name": "digits_pre.py",
    "kind": "script",
    "revision": 1,
    "createdAt": _AT,
    "sizeBytes": 512,
    "sha256": "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae",
    "warnings": [{"line": 3, "module": "cv3", "message": "There is no module 'cv3' here."}],
    "environment": None,
    "usedBy": ["digits"],
}
NEW_PIPELINE: JsonDict = {
    "name": "digits",
    "model": "digits",
    "preProcessing": "digits_pre.py",
    "postProcessing": "digits_post.py",
    "dataFiles": ["digits_labels.json"],
}
PIPELINE: JsonDict = {
    **NEW_PIPELINE,
    "id": "c0de9c1e5f0d4b0c9d1e2f3a4b5c6d7e",
    "revision": 1,
    "createdAt": _AT,
    "deadlineS": 5.0,
    "workers": None,
    "intraOpThreads": None,
    "memoryMb": None,
    "scratchMb": None,
    "threads": None,
    "network": [443],
    "maxAnswerBytes": None,
    "pinned": False,
    "sample": None,
    "keepInputs": False,
    "variables": {"LANGUAGE": "en"},
    "state": "ready",
    "reason": None,
    "notes": [],
    "steps": [
        {"step": "pre-processing", "name": "digits_pre.py", "revision": 1, "ready": True, "reason": None},
        {"step": "model", "name": "digits", "revision": 1, "ready": True, "reason": None},
        {"step": "post-processing", "name": "digits_post.py", "revision": 1, "ready": True, "reason": None},
    ],
    "environment": ENVIRONMENT_STATE,
}
SECRET: JsonDict = {"name": "API_KEY", "setAt": _AT}
REPLACED: JsonDict = {"pipelines": ["digits"], "changes": ["The input 'x' is now float32 (N, 64)."]}
