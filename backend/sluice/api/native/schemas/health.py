"""Whether all is well."""

from __future__ import annotations

from typing import Literal

from sluice.api.checkup import Status
from sluice.api.native.schemas.base import Body
from sluice.workers.state import State


class CheckBody(Body):
    """One thing that was looked at, and a sentence about it."""

    name: str
    status: Status
    detail: str


class NotReadyBody(Body):
    """A pipeline, or a model called by itself, that wouldn't answer now."""

    kind: Literal["pipeline", "model"]
    name: str
    state: State
    reason: str | None


class HealthBody(Body):
    """What works and what doesn't; `status` is the worst of the checks."""

    status: Status
    checks: list[CheckBody]
    not_ready: list[NotReadyBody]
