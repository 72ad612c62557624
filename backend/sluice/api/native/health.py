"""Health: what works, and what doesn't and why."""

from __future__ import annotations

from dataclasses import asdict

from starlette.requests import Request

from sluice.api.checkup import checkup
from sluice.api.native.answers import Answer
from sluice.api.native.operation import operation
from sluice.api.native.schemas.health import CheckBody, HealthBody, NotReadyBody
from sluice.api.native.tags import SYSTEM
from sluice.api.services import services


@operation(SYSTEM)
async def get_health(request: Request) -> Answer[HealthBody]:
    """Tell what works and what doesn't, with reasons.

    The answer's status is 200 whatever it says; the probe `/health/ready` tells by its status whether to predict.
    """
    found = await checkup(services(request))
    return Answer(
        HealthBody(
            status=found.status,
            checks=[CheckBody(**asdict(check)) for check in found.checks],
            not_ready=[
                NotReadyBody(kind=each.kind, name=each.name, state=each.state, reason=each.why)
                for each in found.resting
            ],
        )
    )
