"""The drop-in API as a whole."""

from __future__ import annotations

from sluice.api.dialect import Dialect
from sluice.api.mle.errors import refusal, unforeseen, unrouted
from sluice.api.mle.routes import PREFIX, ROUTES

MLE = Dialect("mle", prefix=PREFIX, routes=ROUTES, refusal=refusal, unrouted=unrouted, unforeseen=unforeseen)
