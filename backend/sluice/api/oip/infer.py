"""Inference: tensors go through a pipeline or model, unread by this process, and so do the ones that come out.

Source: Open Inference Protocol, "Inference"; Triton Inference Server, "Binary Tensor Data Extension".
"""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.bodies import BODY_SETTING, stream
from sluice.api.inflating import inflated
from sluice.api.oip.codings import Accepted, accepted, coding_of
from sluice.api.oip.names import served
from sluice.api.predicting import predict, server_timing
from sluice.api.services import services
from sluice.errors import BadRequest
from sluice.workers.body import Body, SpooledBody, collect
from sluice.workers.call import Prediction
from sluice.workers.messages import Inference

HEAD_BYTES = "Inference-Header-Content-Length"
_MOST_DIGITS = 18


async def infer(request: Request) -> Response:
    """Answer with what a pipeline or model makes of the tensors."""
    found = served(request)
    head_bytes, coding = _head_bytes(request), coding_of(request)
    wanted = accepted(request.headers.getlist("accept-encoding"))
    inference = Inference(found.name, found.version, head_bytes, wanted.coding, wanted.alone)
    read = partial(_read, head_bytes=head_bytes, coding=coding)
    answer = await predict(request, found.kind, found.entity.name, read, inference=inference)
    return _answer(answer, wanted)


def _answer(answer: Prediction, wanted: Accepted) -> Response:
    headers = {"Server-Timing": server_timing(answer), "Vary": "Accept-Encoding"}
    if answer.head_bytes:
        headers[HEAD_BYTES] = str(answer.head_bytes)
    if answer.compressed:
        headers["Content-Encoding"] = wanted.coding
    media_type = "application/octet-stream" if answer.head_bytes else "application/json"
    return Response(answer.body, headers=headers, media_type=media_type)


def _head_bytes(request: Request) -> int | None:
    given = request.headers.getlist(HEAD_BYTES)
    if not given:
        return None
    if len(given) > 1 or not given[0].isascii() or not given[0].isdecimal() or len(given[0]) > _MOST_DIGITS:
        raise BadRequest(f"The header {HEAD_BYTES} must be the number of bytes that are JSON, once.")
    return int(given[0])


async def _read(request: Request, head_bytes: int | None, coding: str) -> Body:
    limit_bytes = services(request).settings.max_body_bytes
    chunks = stream(request, limit_bytes, setting=BODY_SETTING)
    if coding:
        chunks = inflated(chunks, coding, limit_bytes, setting=BODY_SETTING)
    body = await collect(chunks, limit_bytes)
    if head_bytes is not None and head_bytes > len(body):
        if isinstance(body, SpooledBody):
            body.close()
        raise BadRequest(
            f"The header {HEAD_BYTES} says that {head_bytes} bytes are JSON, but the body has {len(body)} in all. "
            "It counts the JSON before it is compressed."
        )
    return body
