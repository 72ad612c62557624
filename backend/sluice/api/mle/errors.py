"""Errors of the drop-in API: one sentence in a list, in the words that its clients know.

Source: backend/docs/mle.md, which tells each decision.
"""

from __future__ import annotations

from starlette.responses import Response

from sluice import errors
from sluice.api.errors import (
    RETRY_HEADER,
    STATUS,
    add_headers,
    add_unforeseen_headers,
    status_of,
    unforeseen_detail,
)
from sluice.api.mle.answers import answer

STATUS_HERE = {**STATUS, errors.Unprocessable: 400, errors.InUse: 500}
"""What is different from the other dialects: nothing is a 422, and what pipelines need is a 500."""

DETAIL_HEADER = "Sluice-Detail"
"""Says what and where, in ASCII, where the body's literal sentence doesn't."""

_THING = {"model": "Model", "resource": "Resource file", "pipeline": "Pipeline"}
_A_THING = {"model": "A model", "resource": "A resource file", "pipeline": "A pipeline"}


def refusal(error: errors.SluiceError, *, ask_for_password: bool = False) -> Response:
    """Return the answer to an error that a caller may see.

    Args:
        error: what went wrong.
        ask_for_password: not looked at: clients of this API wait for the offer, and none is a page of ours.
    """
    if isinstance(error, errors.NotSignedIn):
        return _not_signed_in(error)
    sentence = told(error)
    refused = answer({"errors": [sentence]}, status_of(error, STATUS_HERE))
    add_headers(refused, error)
    if sentence in _LITERAL:
        refused.headers[DETAIL_HEADER] = " ".join(error.message.encode("ascii", "backslashreplace").decode().split())
    return refused


def told(error: errors.SluiceError) -> str:
    """Return what the body says of an error."""
    match error:
        case errors.NotFound(kind=str(kind), name=str(name)):
            return f"{_THING[kind]} '{name}' not found."
        case errors.NameTaken(kind=kind, name=name):
            return f"{_A_THING[kind]} with the name '{name}' already exists."
        case errors.InUse(kind=kind, name=name, pipelines=pipelines):
            return (
                f"The {kind} [{name}] is required by the Pipeline(s) [{pipelines!r}]. "
                f"Please delete these pipeline(s) before deleting the {kind} [{name}]."
            )
        case errors.ModelInactive(model=model):
            return (
                f"Model '{model}' is not active. Activate it by PUT /service/zementis/onnx/models/{model}/activate, "
                "or on the Models page."
            )
        case errors.EmptyUpload():
            return "Empty input stream."
        case errors.UnreadableModel():
            return "Invalid onnx format."
        case errors.UnreadableScript():
            return "Invalid python format."
        case errors.UnreadableJson():
            return "Invalid json format."
        case errors.PredictionFailed(failure={"kind": "bad-json"}):
            return "Invalid json format."
    return error.message


_LITERAL = frozenset({"Invalid onnx format.", "Invalid python format.", "Invalid json format."})


def unrouted(status: int, detail: str) -> Response:
    """Return the answer to what the router itself refuses: no such path, no such method."""
    return answer({"errors": [detail]}, status)


def unforeseen() -> Response:
    """Return the answer to an exception that nobody foresaw; it tells nothing but where to look it up."""
    refused = answer({"errors": [unforeseen_detail()]}, 500)
    add_unforeseen_headers(refused)
    return refused


def _not_signed_in(error: errors.NotSignedIn) -> Response:
    missing = isinstance(error, errors.NoCredentials)
    refused = answer(
        {
            "error": "general/internalError",
            "message": "No auth information found" if missing else "Not authorized!",
            "info": f"{error.message} Send HTTP Basic with a user's name and password, or with any name and an "
            "API token as the password, or Bearer.",
        },
        401,
    )
    refused.headers["WWW-Authenticate"] = 'Basic realm="Sluice", charset="UTF-8"'
    refused.headers[RETRY_HEADER] = error.retry
    return refused
