"""Creations that may be repeated: with an `Idempotency-Key` the same request gets the same answer again."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sluice.access.secret import digest
from sluice.api.idempotency import Kept, Place
from sluice.api.native.inputs import Header
from sluice.api.routing import identity_of
from sluice.api.services import services
from sluice.errors import BadRequest, KeyInUse, KeyReused

_FINGERPRINT = "sluice.fingerprint"
_PATTERN = r"^[!#-\[\]-~]{1,255}$"


def _key(values: Sequence[str]) -> str | None:
    if not values:
        return None
    # The draft writes it as a quoted string; most programs send it bare.
    key = values[0][1:-1] if len(values[0]) > 1 and values[0][0] == values[0][-1] == '"' else values[0]
    if len(values) > 1 or not re.fullmatch(_PATTERN, key):
        raise BadRequest("Idempotency-Key must be one key of 1 to 255 printable ASCII characters without spaces.")
    return key


IDEMPOTENCY_KEY = Header(
    "Idempotency-Key",
    _key,
    {"type": "string", "pattern": _PATTERN, "examples": ["8e03978e-40d5-43dd-bc93-6894a57f9324"]},
    "Made up by the caller for this creation. Repeated within a day, the same request gets the same answer and makes "
    "nothing more. What was refused isn't kept, and a restart of the server forgets all keys.",
    errors=(BadRequest, KeyInUse, KeyReused),
)


def set_fingerprint(request: Request, *facts: Any) -> None:
    """Note what tells a request from others: JSON-able facts."""
    request.scope[_FINGERPRINT] = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


async def once(
    request: Request,
    key: str,
    run: Callable[[Request], Awaitable[Response]],
    look: Callable[[Request], Awaitable[None]],
) -> Response:
    """Return the answer to a request, which is run for its key's first one only.

    Args:
        request: that notes its fingerprint when it is run or looked at.
        key: of it.
        run: does what it asks for.
        look: reads it without doing so.

    Raises:
        KeyInUse: the first one is under way.
        KeyReused: the first one was another one.
    """
    kept_answers = services(request).idempotency
    caller = request.headers.get("authorization") or identity_of(request).session_id or ""
    place: Place = (digest(caller), f"{request.method} {request.scope['path']}", key)
    kept = kept_answers.find(place)
    if kept is None:
        with kept_answers.running(place) as keep:
            response = await run(request)
            keep(Kept.of(response, request.scope[_FINGERPRINT]))
            return response
    await look(request)
    if request.scope[_FINGERPRINT] != kept.fingerprint:
        raise KeyReused("Another request had this Idempotency-Key. Make up a new one for each thing to be made.")
    return kept.response()
