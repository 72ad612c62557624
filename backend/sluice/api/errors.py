"""What each error means as an HTTP status, and the headers beside it; each dialect writes the body its own way."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.responses import Response

from sluice import errors
from sluice.api.versions import etag
from sluice.logs import request_id

STATUS: Mapping[type[errors.SluiceError], int] = {
    errors.BadRequest: 400,
    errors.NotSignedIn: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.PreconditionFailed: 412,
    errors.TooLarge: 413,
    errors.WrongHost: 421,
    errors.Unprocessable: 422,
    errors.PreconditionRequired: 428,
    errors.RateExceeded: 429,
    errors.WorkerDied: 500,
    errors.TooManyAttempts: 429,
    errors.NotAvailable: 503,
    errors.DeadlineExceeded: 504,
    errors.DiskFull: 507,
}
"""A class that isn't listed has the status of its nearest base that is; a dialect may say otherwise for some."""


def status_of(error: errors.SluiceError, table: Mapping[type[errors.SluiceError], int] = STATUS) -> int:
    """Return the status of an error."""
    return next((table[cls] for cls in type(error).__mro__ if cls in table), 500)


RETRY_HEADER = "Sluice-Retry"
"""Tells with each error, in every dialect, whether the same request may be sent again; see `errors.Retry`."""


def add_headers(answer: Response, error: errors.SluiceError, *, ask_for_password: bool = False) -> None:
    """Give the answer to an error the headers that say more of it.

    Args:
        answer: in whichever dialect.
        error: what went wrong.
        ask_for_password: whether to offer HTTP Basic to who isn't signed in.
    """
    answer.headers[RETRY_HEADER] = error.retry
    if isinstance(error, errors.NotSignedIn):
        answer.headers.append("WWW-Authenticate", "Bearer")
        if ask_for_password:
            answer.headers.append("WWW-Authenticate", 'Basic realm="Sluice", charset="UTF-8"')
    if isinstance(error, errors.NotAvailable):
        answer.headers["Retry-After"] = str(error.retry_after_s)
    if isinstance(error, errors.PreconditionFailed):
        answer.headers["ETag"] = etag(error.version)


def add_unforeseen_headers(answer: Response) -> None:
    """Give the answer to an exception that nobody foresaw its headers: nobody knows what was done, or read."""
    answer.headers["Connection"] = "close"
    answer.headers[RETRY_HEADER] = "ran"


def unrouted_detail(method: str, status: int, detail: str) -> str:
    """Return what to say where the router itself refuses.

    Args:
        method: of the request.
        status: what the router says.
        detail: its words, for a status that has none of ours.
    """
    if status == 404:
        return "There is nothing at this address."
    if status == 405:
        return f"{method} isn't possible here."
    return detail


def unforeseen_detail() -> str:
    """Return what to say of an exception that nobody foresaw."""
    return f"Something went wrong inside the server. Its log tells more under the request id {request_id.get()}."
