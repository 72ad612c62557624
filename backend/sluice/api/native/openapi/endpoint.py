"""Sends the document."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import lru_cache

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.native.openapi.document import document
from sluice.api.native.operation import Content, operation
from sluice.api.native.tags import SYSTEM
from sluice.api.routing import RoleRoute, route
from sluice.entities import Role


def openapi_route(routes: Sequence[RoleRoute], prefix: str) -> RoleRoute:
    """Return the route that sends the document of these routes, to which it may be added."""

    @lru_cache(maxsize=1)
    def written(root_path: str) -> bytes:
        return json.dumps(document(routes, prefix, root_path)).encode()

    @operation(SYSTEM, gives=Content({"application/json": {"type": "object"}}, "An OpenAPI 3.1 document."))
    async def get_openapi(request: Request) -> Response:
        """Send this document."""
        return Response(written(request.scope.get("root_path", "")), media_type="application/json")

    return route(prefix + "/openapi.json", GET=(Role.READ, get_openapi))
