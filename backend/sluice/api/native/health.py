"""Health: what works, and what doesn't and why."""

from __future__ import annotations

from dataclasses import asdict
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.checkup import Status, checkup
from sluice.api.native.schemas import Body, json_response
from sluice.api.services import services
from sluice.workers.state import State


class CheckBody(Body):
    """One thing that was looked at."""

    name: str
    status: Status
    detail: str


class NotReadyBody(Body):
    """A pipeline or model that wouldn't answer at once, or at all."""

    kind: Literal["pipeline", "model"]
    name: str
    state: State
    reason: str | None


class HealthBody(Body):
    """Whether all is well: the worst status of the checks."""

    status: Status
    checks: list[CheckBody]
    not_ready: list[NotReadyBody]


async def get_health(request: Request) -> Response:
    """Look at all that predictions and changes stand on; 503 when one of these fails."""
    found = await checkup(services(request))
    answer = json_response(
        HealthBody(
            status=found.status,
            checks=[CheckBody(**asdict(check)) for check in found.checks],
            not_ready=[
                NotReadyBody(kind=each.kind, name=each.name, state=each.state, reason=each.why)
                for each in found.resting
            ],
        )
    )
    answer.status_code = 503 if found.status == "failing" else 200
    return answer
