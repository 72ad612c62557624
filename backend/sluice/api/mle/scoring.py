"""Scoring: one input through a model or a pipeline."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.mle.finding import pipeline_named
from sluice.api.predicting import predict, read_input, server_timing
from sluice.api.services import services
from sluice.entities import Pipeline
from sluice.errors import EmptyUpload, FileMissing
from sluice.workers.body import Body


async def apply_model(request: Request) -> Response:
    """Answer with what the model makes of the body, which is JSON."""
    return await _apply(request, "model", request.path_params["name"])


async def apply_pipeline(request: Request) -> Response:
    """Answer with what the pipeline makes of the body."""
    return await _apply(request, "pipeline", to_apply(request).name)


def to_apply(request: Request) -> Pipeline:
    """Return the pipeline that a request's path names; raises as `pipeline_named`."""
    return pipeline_named(services(request).current.value, request.path_params["name"])


async def _apply(request: Request, kind: str, name: str) -> Response:
    prediction = await predict(request, kind, name, _content)
    headers = {"Server-Timing": server_timing(prediction)}
    return Response(prediction.body, headers=headers, media_type="application/json")


async def _content(request: Request) -> Body:
    """Return the input, which has a byte at least."""
    try:
        body = await read_input(request)
    except FileMissing as error:
        raise EmptyUpload(error.message) from None
    if not len(body):
        raise EmptyUpload("The input is empty.")
    return body
