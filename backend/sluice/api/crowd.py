"""Tells connections that are too many so, in the words of the API that they ask."""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from sluice.api import health
from sluice.api.dialect import Dialects
from sluice.errors import NotAvailable

CROWDED = "sluice.crowded"
"""Key of the scope under which the connection leaves why it is one too many, if it is."""

_AGAIN_AFTER_S = 5
_PROBES = frozenset(route.path for route in health.ROUTES)


class Crowd:
    """Refuses the requests of such connections; who only asks whether the server lives or is ready gets an answer."""

    def __init__(self, app: ASGIApp, dialects: Dialects) -> None:
        self._app = app
        self._dialects = dialects

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        full = scope.get(CROWDED)
        if full is None or scope["path"] in _PROBES:
            return await self._app(scope, receive, send)
        refusal = NotAvailable(f"{full} Try again later.", _AGAIN_AFTER_S)
        answer = self._dialects.of(scope).refusal(refusal)
        answer.headers["Connection"] = "close"
        await answer(scope, receive, send)
