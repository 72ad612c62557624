"""Inference."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.oip.names import served
from sluice.errors import NotAvailable


async def infer(request: Request) -> Response:
    """Answer with what a pipeline or model makes of the tensors."""
    served(request)
    raise NotAvailable("Inference isn't here yet.")
