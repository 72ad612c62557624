"""Predictions: one input through a pipeline or a bare model."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.bodies import FORM_OVERHEAD_BYTES, limited, stream
from sluice.api.leaving import unless_client_leaves
from sluice.api.middleware import HAS_OWN_LINE
from sluice.api.multipart import Multipart, is_multipart
from sluice.api.services import services
from sluice.errors import SluiceError, Unprocessable
from sluice.workers.body import Body, SpooledBody, collect
from sluice.workers.pool import Prediction

log = logging.getLogger("sluice.predictions")


async def predict_with_pipeline(request: Request) -> Response:
    """Answer with what the pipeline makes of the body."""
    return await _predict(request, "pipeline", services(request).predictions.run_pipeline)


async def predict_with_model(request: Request) -> Response:
    """Answer with what the model makes of the body, which is JSON."""
    return await _predict(request, "model", services(request).predictions.run_model)


async def _predict(request: Request, kind: str, run: Callable[[str, Body], Awaitable[Prediction]]) -> Response:
    request.scope[HAS_OWN_LINE] = True
    name = request.path_params["name"]
    facts: dict[str, object] = {kind: name}
    started_at = time.perf_counter()
    body: Body = b""
    try:
        body = await _read(request)
        facts["bytes"] = len(body)
        answer = await unless_client_leaves(request, run(name, body))
        facts |= {"outcome": "ok", **{f"{step}Ms": round(ms, 2) for step, ms in answer.timings_ms.items()}}
    except SluiceError as error:
        facts |= {"outcome": error.code, "step": error.details.get("step")}
        raise
    finally:
        if isinstance(body, SpooledBody):
            body.close()
        facts["totalMs"] = round((time.perf_counter() - started_at) * 1000, 2)
        log.info("prediction", extra={"facts": {key: value for key, value in facts.items() if value is not None}})
    timing = ", ".join(f"{step};dur={ms:.3f}" for step, ms in answer.timings_ms.items())
    return Response(answer.body, headers={"Server-Timing": timing}, media_type="application/json")


async def _read(request: Request) -> Body:
    found = services(request)
    limit_bytes = found.settings.max_body_bytes
    content_type = request.headers.get("content-type", "")
    if not is_multipart(content_type):
        return await collect(stream(request, limit_bytes), limit_bytes)
    body: Body | None = None
    try:
        async for part in Multipart(content_type, stream(request, limit_bytes, FORM_OVERHEAD_BYTES)).parts():
            if part.name == "file":
                if body is not None:
                    raise _file_error("Send one field 'file'; it is the input.")
                body = await collect(limited(part.content, limit_bytes, limit_bytes), limit_bytes)
        if body is None:
            raise _file_error("The form has no field 'file', which would be the input.")
    except BaseException:
        if isinstance(body, SpooledBody):
            body.close()
        raise
    return body


def _file_error(message: str) -> Unprocessable:
    return Unprocessable(message, fields={"file": message})
