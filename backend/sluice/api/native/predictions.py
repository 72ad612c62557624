"""Predictions: one input through a pipeline or a bare model."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.predicting import predict, server_timing
from sluice.errors import Unprocessable
from sluice.workers.frames import FrameBody


async def predict_with_pipeline(request: Request) -> Response:
    """Answer with what the pipeline makes of the body."""
    return await _predict(request, "pipeline")


async def predict_with_model(request: Request) -> Response:
    """Answer with what the model makes of the body, which is JSON."""
    return await _predict(request, "model")


async def _predict(request: Request, kind: str) -> Response:
    answer = await predict(request, kind, request.path_params["name"], trace=_trace_wanted(request))
    content = answer.body if answer.trace is None else _with_trace(answer.body, answer.trace)
    return Response(content, headers={"Server-Timing": server_timing(answer)}, media_type="application/json")


def _trace_wanted(request: Request) -> bool:
    values = request.query_params.getlist("trace")
    if values in ([], ["false"], ["true"]):
        return values == ["true"]
    message = "The parameter trace must be true or false."
    raise Unprocessable(message, fields={"trace": message})


def _with_trace(output: FrameBody, trace: dict[str, Any]) -> bytes:
    """Return both as one JSON object; the output is finished, and isn't read for that."""
    return b"".join((b'{"output":', output, b',"trace":', json.dumps(trace).encode(), b"}"))
