"""The two probes; they tell nothing but a word and need no credentials."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sluice.api.routing import RoleRoute, route


async def live(request: Request) -> Response:
    """Answer for as long as the server can answer at all."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """Answer 200 between start and stop: once the catalog is open and workers can be started."""
    if getattr(request.app.state, "services", None) is None:
        return JSONResponse({"status": "unavailable"}, 503, {"Retry-After": "1"})
    return JSONResponse({"status": "ok"})


ROUTES: list[RoleRoute] = [
    route("/health/live", GET=(None, live)),
    route("/health/ready", GET=(None, ready)),
]
