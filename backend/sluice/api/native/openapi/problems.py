"""The bad answers of an operation, by status."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel

from sluice.api.native.openapi.schemas import Schemas
from sluice.api.native.schemas.problems import INTERNAL, PROBLEMS
from sluice.errors import NotAllowed, NotAvailable, NotSignedIn, SluiceError, TooManyAttempts, WrongHost

_ANYWHERE = (NotSignedIn, NotAllowed, NotAvailable, TooManyAttempts, WrongHost)
"""What any request may meet."""

MEDIA_TYPE = "application/problem+json"
_HEADERS = {
    401: ("WWW-Authenticate", "Which credentials are possible.", "string"),
    412: ("ETag", "The version that is there now.", "string"),
    429: ("Retry-After", "Seconds after which it is worth another try.", "integer"),
    503: ("Retry-After", "Seconds after which it is worth another try.", "integer"),
}


def problem_models(raised: Iterable[type[SluiceError]]) -> list[type[BaseModel]]:
    """Return the bodies of all bad answers of an operation that raises these, beside what each may answer."""
    return [*(PROBLEMS[error] for error in dict.fromkeys((*raised, *_ANYWHERE))), INTERNAL]


def problem_responses(raised: Iterable[type[SluiceError]], schemas: Schemas) -> dict[str, Any]:
    """Return the responses of an operation that raises these, by status."""
    found: dict[int, list[type[BaseModel]]] = defaultdict(list)
    for model in problem_models(raised):
        (status,) = model.model_fields["status"].annotation.__args__  # type: ignore[union-attr]
        found[status].append(model)
    return {str(status): _response(status, found[status], schemas) for status in sorted(found)}


def _response(status: int, models: list[type[BaseModel]], schemas: Schemas) -> dict[str, Any]:
    places = [schemas.of(model, "validation") for model in models]
    schema = places[0] if len(places) == 1 else {"oneOf": places}
    codes = [model.model_fields["code"].annotation.__args__[0] for model in models]  # type: ignore[union-attr]
    response: dict[str, Any] = {
        "description": f"{HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}",
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    if status in _HEADERS:
        name, description, kind = _HEADERS[status]
        response["headers"] = {name: {"description": description, "required": True, "schema": {"type": kind}}}
    return response
