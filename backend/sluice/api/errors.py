"""Errors as answers: the one table from exception class to status, and the problem+json body.

Source: RFC 9457.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sluice import errors
from sluice.api.versions import etag
from sluice.logs import request_id

STATUS: dict[type[errors.SluiceError], int] = {
    errors.BadRequest: 400,
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.PreconditionFailed: 412,
    errors.TooLarge: 413,
    errors.Unprocessable: 422,
    errors.PreconditionRequired: 428,
    errors.WorkerDied: 500,
    errors.NotAvailable: 503,
    errors.DeadlineExceeded: 504,
    errors.DiskFull: 507,
}
"""A class that isn't listed has the status of its nearest base that is."""

_ROUTER_CODES = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


def status_of(error: errors.SluiceError) -> int:
    """Return the status of an error."""
    return next((STATUS[cls] for cls in type(error).__mro__ if cls in STATUS), 500)


def problem(error: errors.SluiceError, *, ask_for_password: bool = False) -> Response:
    """Return the answer to an error that a caller may see.

    Args:
        error: what went wrong.
        ask_for_password: whether to offer HTTP Basic to who isn't signed in.
    """
    headers: dict[str, str] = {}
    if isinstance(error, errors.NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, errors.NotAvailable):
        headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, errors.PreconditionFailed):
        headers["ETag"] = etag(error.version)
    answer = _answer(problem_body(error, request_id.get()), headers)
    if ask_for_password and isinstance(error, errors.NotSignedIn):
        answer.headers.append("WWW-Authenticate", 'Basic realm="Sluice", charset="UTF-8"')
    return answer


def problem_body(error: errors.SluiceError, request: str) -> dict[str, Any]:
    """Return what the caller of this request is told of an error."""
    details = dict(error.details)
    if fields := _fields(error):
        details["errors"] = [{"field": field, "message": message} for field, message in fields.items()]
    return _body(status_of(error), error.code, error.message, request, details)


def _fields(error: errors.SluiceError) -> dict[str, str]:
    """Return message by field of the request, where fields are to blame."""
    if isinstance(error, errors.NameTaken):
        return {"name": error.message}
    return error.fields if isinstance(error, errors.Unprocessable) else {}


def unexpected() -> Response:
    """Return the answer to an exception that nobody foresaw; it tells nothing but where to look it up."""
    detail = f"Something went wrong inside the server. Its log tells more under the request id {request_id.get()}."
    return _answer(_body(500, "internal-error", detail, request_id.get()), {"Connection": "close"})


async def handle_error(request: Request, error: Exception) -> Response:
    """Answer an error of ours that an endpoint raised."""
    assert isinstance(error, errors.SluiceError)
    return problem(error)


async def handle_http_exception(request: Request, error: Exception) -> Response:
    """Answer what the router itself refuses: no such path, no such method."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        detail = "There is nothing at this address."
    elif error.status_code == 405:
        detail = f"{request.method} isn't possible here."
    else:
        detail = error.detail
    code = _ROUTER_CODES.get(error.status_code, "bad-request")
    return _answer(_body(error.status_code, code, detail, request_id.get()), dict(error.headers or {}))


def _answer(body: dict[str, Any], headers: dict[str, str]) -> Response:
    return Response(json.dumps(body), body["status"], headers, media_type="application/problem+json")


def _body(
    status: int, code: str, detail: str, request: str, details: Mapping[str, Any] = MappingProxyType({})
) -> dict[str, Any]:
    return {
        "type": f"urn:sluice:problem:{code}",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
        "requestId": request,
        **{key: value for key, value in details.items() if value is not None},
    }
