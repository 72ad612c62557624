"""Predictions: one input through a pipeline or a bare model."""

from __future__ import annotations

import json
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from sluice.api.native.inputs import Query
from sluice.api.native.operation import Content, operation
from sluice.api.native.parameters import Deadline, Flag, NamedModel, NamedPipeline
from sluice.api.native.tags import PREDICTIONS
from sluice.api.native.uploading import BINARY
from sluice.api.predicting import predict, server_timing
from sluice.errors import (
    BadRequest,
    DeadlineExceeded,
    ModelInactive,
    NotFound,
    PipelineBroken,
    PredictionFailed,
    QueueFull,
    RateExceeded,
    SluiceError,
    TooLarge,
    Unprocessable,
    UploadCutOff,
    WorkerDied,
)
from sluice.workers.frames import FrameBody

_ERRORS: tuple[type[SluiceError], ...] = (
    BadRequest,
    DeadlineExceeded,
    ModelInactive,
    NotFound,
    PipelineBroken,
    PredictionFailed,
    QueueFull,
    RateExceeded,
    TooLarge,
    Unprocessable,
    UploadCutOff,
    WorkerDied,
)
_FORM = {"type": "object", "properties": {"file": BINARY}, "required": ["file"]}
_TENSORS = {"type": "object", "description": "By input name: nested lists.", "examples": [{"x": [[1.0, 2.0]]}]}
_GIVES = Content({"application/json": {}}, "The answer; with `?trace=true` an object with `output` and `trace`.")


class PredictionQuery(Query):
    """How to answer."""

    trace: Flag = Field(False, description="Whether to show what each step was given and returned.")


@operation(
    PREDICTIONS,
    errors=_ERRORS,
    takes=Content(
        {"application/json": {}, "application/octet-stream": BINARY, "multipart/form-data": _FORM},
        "What pre-processing gets, byte for byte, whatever its type; of a form it is the field `file`. Without "
        "pre-processing it is JSON: nested lists by input name.",
        required=False,
    ),
    gives=_GIVES,
    headers=["Server-Timing"],
)
async def predict_with_pipeline(
    request: Request, path: NamedPipeline, query: PredictionQuery, deadline: Deadline
) -> Response:
    """Answer with what the pipeline makes of the body.

    It is what post-processing returned, else the model's outputs by name.
    """
    return await _predict(request, "pipeline", path.name, query.trace)


@operation(
    PREDICTIONS,
    errors=_ERRORS,
    takes=Content({"application/json": _TENSORS, "multipart/form-data": _FORM}, "Nested lists by input name."),
    gives=_GIVES,
    headers=["Server-Timing"],
)
async def predict_with_model(
    request: Request, path: NamedModel, query: PredictionQuery, deadline: Deadline
) -> Response:
    """Answer with what the model makes of the body: its outputs by name."""
    return await _predict(request, "model", path.name, query.trace)


async def _predict(request: Request, kind: str, name: str, trace: bool) -> Response:
    answer = await predict(request, kind, name, trace=trace)
    content = answer.body if answer.trace is None else _with_trace(answer.body, answer.trace)
    return Response(content, headers={"Server-Timing": server_timing(answer)}, media_type="application/json")


def _with_trace(output: FrameBody, trace: dict[str, Any]) -> bytes:
    """Return both as one JSON object; the output is finished, and isn't read for that."""
    return b"".join((b'{"output":', output, b',"trace":', json.dumps(trace).encode(), b"}"))
