"""The native API as a whole."""

from __future__ import annotations

from sluice.api.dialect import Dialect
from sluice.api.native.problems import problem, unforeseen, unrouted
from sluice.api.native.routes import ROUTES, V1

NATIVE = Dialect("native", prefix=V1, routes=ROUTES, refusal=problem, unrouted=unrouted, unforeseen=unforeseen)
