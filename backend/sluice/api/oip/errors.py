"""Errors in the protocol's shape: `{"error": "a sentence"}`.

Source: Open Inference Protocol, "Inference Response JSON Error Object".
"""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from sluice import errors
from sluice.api.errors import STATUS, add_headers, add_unforeseen_headers, status_of, unforeseen_detail

STATUS_HERE = {**STATUS, errors.Unprocessable: 400}
"""Triton, which these clients were made for, answers 400 to whatever is wrong with a request."""


def refusal(error: errors.SluiceError, *, ask_for_password: bool = False) -> Response:
    """Return the answer to an error that a caller may see."""
    answer = _answer(status_of(error, STATUS_HERE), error.message)
    add_headers(answer, error, ask_for_password=ask_for_password)
    return answer


def unrouted(status: int, detail: str) -> Response:
    """Return the answer to what the router refuses."""
    return _answer(status, detail)


def unforeseen() -> Response:
    """Return the answer to an exception that nobody foresaw."""
    answer = _answer(500, unforeseen_detail())
    add_unforeseen_headers(answer)
    return answer


def _answer(status: int, text: str) -> Response:
    return JSONResponse({"error": text}, status)
