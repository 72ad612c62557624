"""Predictions: one input through a pipeline or a bare model."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import time
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.bodies import BODY_SETTING, FORM_OVERHEAD_BYTES, limited, stream
from sluice.api.leaving import unless_client_leaves
from sluice.api.middleware import HAS_OWN_LINE
from sluice.api.multipart import Multipart, is_multipart
from sluice.api.services import services
from sluice.errors import BadRequest, SluiceError, Unprocessable
from sluice.logs import info, request_id
from sluice.workers.body import Body, SpooledBody, collect
from sluice.workers.call import Prediction
from sluice.workers.frames import FrameBody
from sluice.workers.messages import STEPS

log = logging.getLogger("sluice.predictions")


Submit = Callable[[str, Body, float | None, bool], asyncio.Future[Prediction]]

DEADLINE_HEADER = "sluice-deadline"
_MS_KEYS = {step: step + "Ms" for step in ("queue", *STEPS)}
_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


async def predict_with_pipeline(request: Request) -> Response:
    """Answer with what the pipeline makes of the body."""
    return await _predict(request, "pipeline", services(request).predictions.submit_pipeline)


async def predict_with_model(request: Request) -> Response:
    """Answer with what the model makes of the body, which is JSON."""
    return await _predict(request, "model", services(request).predictions.submit_model)


def deadline_s(*values: str) -> float | None:
    """Return the seconds that the header `Sluice-Deadline` says; None where there is none.

    Args:
        values: of each such header.

    Raises:
        BadRequest: it is no positive decimal number, or there are several.
    """
    if not values:
        return None
    seconds = float(values[0]) if len(values) == 1 and _SECONDS.fullmatch(values[0]) else 0.0
    if not seconds:
        raise BadRequest("The header Sluice-Deadline must be a number of seconds above 0, such as 1.5.")
    return seconds


def log_prediction(
    kind: str,
    name: str,
    request: str,
    started_at: float,
    size_bytes: int | None,
    outcome: Prediction | SluiceError | None,
) -> None:
    """Write the one line that each prediction gets in the log.

    Args:
        kind: `pipeline` or `model`.
        name: of it, as the caller spelt it.
        request: its id.
        started_at: as `time.perf_counter` told it.
        size_bytes: of the body, if it came.
        outcome: without one something failed that nobody foresaw.
    """
    facts: dict[str, object] = {kind: name}
    if size_bytes is not None:
        facts["bytes"] = size_bytes
    if isinstance(outcome, Prediction):
        facts["outcome"] = "ok"
        for step, ms in outcome.timings_ms.items():
            facts[_MS_KEYS[step]] = ms
    elif outcome is not None:
        facts["outcome"] = outcome.code
        if "step" in outcome.details:
            facts["step"] = outcome.details["step"]
    facts["totalMs"] = (time.perf_counter() - started_at) * 1000
    info(log, "prediction", facts, request)


def server_timing(prediction: Prediction) -> str:
    """Return each step's milliseconds as a header's value.

    Source: W3C, Server Timing.
    """
    timings_ms = prediction.timings_ms
    return _timing_form(*timings_ms) % tuple(timings_ms.values())


@lru_cache(maxsize=64)
def _timing_form(*steps: str) -> str:
    return ", ".join([f"{step};dur=%.3f" for step in steps])


async def _predict(request: Request, kind: str, submit: Submit) -> Response:
    request.scope[HAS_OWN_LINE] = True
    name = request.path_params["name"]
    started_at = time.perf_counter()
    body: Body | None = None
    outcome: Prediction | SluiceError | None = None
    try:
        within_s = deadline_s(*request.headers.getlist(DEADLINE_HEADER))
        trace = _trace_wanted(request)
        declared = _declared_bytes(request)
        with services(request).predictions.expecting(kind, name, declared, request_id.get()):
            body = await _read(request)
        outcome = answer = await unless_client_leaves(request, submit(name, body, within_s, trace))
    except SluiceError as error:
        outcome = error
        raise
    finally:
        size_bytes = None if body is None else len(body)
        log_prediction(kind, name, request_id.get(), started_at, size_bytes, outcome)
        if isinstance(body, SpooledBody):
            body.close()
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


def _declared_bytes(request: Request) -> int:
    declared = request.headers.get("content-length", "")
    return min(int(declared), services(request).settings.max_body_bytes) if declared.isdecimal() else 0


async def _read(request: Request) -> Body:
    found = services(request)
    limit_bytes = found.settings.max_body_bytes
    content_type = request.headers.get("content-type", "")
    if not is_multipart(content_type):
        return await collect(stream(request, limit_bytes, setting=BODY_SETTING), limit_bytes)
    body: Body | None = None
    try:
        chunks = stream(request, limit_bytes, FORM_OVERHEAD_BYTES, setting=BODY_SETTING)
        async for part in Multipart(content_type, chunks).parts():
            if part.name == "file":
                if body is not None:
                    raise _file_error("Send one field 'file'; it is the input.")
                content = limited(part.content, limit_bytes, limit_bytes, setting=BODY_SETTING)
                body = await collect(content, limit_bytes)
        if body is None:
            raise _file_error("The form has no field 'file', which would be the input.")
    except BaseException:
        if isinstance(body, SpooledBody):
            body.close()
        raise
    return body


def _file_error(message: str) -> Unprocessable:
    return Unprocessable(message, fields={"file": message})
