"""The two probes, also under other names that orchestrators ask for; they tell a word and need no credentials."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sluice.api.routing import RoleRoute, route
from sluice.api.services import Services


def is_ready(request: Request) -> bool:
    """Tell whether predictions can be run: between start and stop, while workers can be started."""
    services: Services | None = getattr(request.app.state, "services", None)
    return services is not None and services.supervisor.can_start


async def live(request: Request) -> Response:
    """Answer for as long as the server can answer at all."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """Answer 200 between start and stop, while workers can be started."""
    if not is_ready(request):
        return JSONResponse({"status": "unavailable"}, 503, {"Retry-After": "1"})
    return JSONResponse({"status": "ok"})


ROUTES: list[RoleRoute] = [
    *(route(path, GET=(None, live)) for path in ("/health/live", "/livez", "/healthz")),
    *(route(path, GET=(None, ready)) for path in ("/health/ready", "/readyz", "/health")),
]
