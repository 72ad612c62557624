"""The server's two probes, open to everybody: they tell a word."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sluice.api.health import is_ready


async def live(request: Request) -> Response:
    """Answer for as long as the server can answer at all."""
    return JSONResponse({"live": True})


async def ready(request: Request) -> Response:
    """Answer 200 between start and stop, while workers can be started."""
    if not is_ready(request):
        return JSONResponse({"ready": False}, 503, {"Retry-After": "1"})
    return JSONResponse({"ready": True})
