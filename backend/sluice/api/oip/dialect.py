"""The Open Inference Protocol as a whole."""

from __future__ import annotations

from sluice.api.dialect import Dialect
from sluice.api.oip.errors import refusal, unforeseen, unrouted
from sluice.api.oip.routes import ROUTES, V2

OIP = Dialect("oip", prefix=V2, routes=ROUTES, refusal=refusal, unrouted=unrouted, unforeseen=unforeseen)
