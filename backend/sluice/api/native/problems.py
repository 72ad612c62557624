"""Errors of the native API: problem+json.

Source: RFC 9457.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from starlette.responses import Response

from sluice import errors
from sluice.api.errors import add_headers, add_unforeseen_headers, status_of, unforeseen_detail
from sluice.logs import request_id

_ROUTER_CODES = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


def problem(error: errors.SluiceError, *, ask_for_password: bool = False) -> Response:
    """Return the answer to an error that a caller may see.

    Args:
        error: what went wrong.
        ask_for_password: whether to offer HTTP Basic to who isn't signed in.
    """
    answer = _answer(problem_body(error, request_id.get()))
    add_headers(answer, error, ask_for_password=ask_for_password)
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


def unforeseen() -> Response:
    """Return the answer to an exception that nobody foresaw; it tells nothing but where to look it up."""
    answer = _answer(_body(500, "internal-error", unforeseen_detail(), request_id.get()))
    add_unforeseen_headers(answer)
    return answer


def unrouted(status: int, detail: str) -> Response:
    """Return the answer to what the router itself refuses: no such path, no such method."""
    return _answer(_body(status, _ROUTER_CODES.get(status, "bad-request"), detail, request_id.get()))


def _answer(body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), body["status"], media_type="application/problem+json")


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
