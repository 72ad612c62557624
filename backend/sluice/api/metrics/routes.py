"""The address of the metrics."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.routing import route
from sluice.entities import Role


async def get_metrics(request: Request) -> Response:
    """Tell all that is counted."""
    from sluice.api.metrics import endpoint  # with Prometheus's library, which a start needn't wait for

    return await endpoint.get_metrics(request)


ROUTE = route("/metrics", GET=(Role.METRICS, get_metrics))
