"""Puts the web application together: routes, middleware, error answers."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from sluice.api import health
from sluice.api.crowd import Crowd
from sluice.api.dialect import Dialects
from sluice.api.guard import Guard
from sluice.api.hosts import HostCheck, Hosts
from sluice.api.metrics import routes as metrics
from sluice.api.middleware import RequestContext
from sluice.api.mle.dialect import MLE
from sluice.api.native.dialect import NATIVE
from sluice.api.oip.dialect import OIP
from sluice.api.prefix import PathPrefix
from sluice.api.routing import RoleRoute
from sluice.api.spa import Page, PageRoute, page_folder
from sluice.api.unread import UnreadBody
from sluice.errors import SluiceError
from sluice.ground import Ground
from sluice.lifespan import lifespan
from sluice.settings import Settings


def create_app(settings: Settings, ground: Ground | None = None) -> Starlette:
    """Return the application; its lifespan opens what the settings name, on a ground that may be open already."""
    dialects = Dialects((MLE, OIP), rest=NATIVE)
    routes: list[RoleRoute] = [*dialects.routes, *health.ROUTES, metrics.ROUTE]
    own_segments = frozenset(route.path.split("/")[1] for route in routes)
    routes.append(PageRoute(Page(page_folder(), settings.root_path), own_segments))
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(PathPrefix, settings.root_path),
            Middleware(RequestContext, dialects),
            Middleware(UnreadBody),
            Middleware(HostCheck, Hosts(settings), dialects),
            Middleware(Crowd, dialects),
            Middleware(Guard, routes, dialects),
        ],
        exception_handlers={SluiceError: dialects.handle_error, HTTPException: dialects.handle_http_exception},
        lifespan=lifespan(settings, ground),
    )
    app.router.redirect_slashes = False
    return app
