"""Statistics: how often pipelines and models are called, how long that takes, and what failed."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any, Literal, cast, get_args

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.downloads import disposition
from sluice.api.native.schemas import Body, json_response
from sluice.api.routing import identity_of
from sluice.api.services import services
from sluice.entities import Pipeline, Role
from sluice.errors import BadRequest, NotFound
from sluice.prediction.history import MINUTE_S
from sluice.prediction.records import Subject
from sluice.prediction.reports import LastHour, Latency, Period, Summary, last_hour, report
from sluice.storage.failures import Failure

_OF_THE_INPUT = frozenset({"trace", "printed"})
"""What a problem tells of another caller's input, value by value; like the input itself it is for administrators."""


class LatencyBody(Body):
    """How long half of the calls took at most, and 99 %."""

    p50_ms: float | None
    p99_ms: float | None


class SummaryBody(LatencyBody):
    """What happened to the calls of a while."""

    calls: int
    failures: int
    failed_steps: dict[str, int]
    outcomes: dict[str, int]
    steps: dict[str, LatencyBody]


class PointBody(SummaryBody):
    """The same of one of many spans of time."""

    at: datetime


class StatisticsBody(Body):
    """A period of one pipeline or model."""

    period: Period
    step_s: int
    points: list[PointBody]
    totals: SummaryBody


class LastHourBody(LatencyBody):
    """The last hour of one pipeline or model."""

    kind: Literal["pipeline", "model"]
    name: str
    calls: int
    failures: int
    last_at: datetime
    last_failed_at: datetime | None
    calls_per_minute: list[int]
    failures_per_minute: list[int]


class StatisticsList(Body):
    """The last hour of all that was ever called."""

    items: list[LastHourBody]
    ends_at: datetime


class InputBody(Body):
    """The input of a call that failed."""

    size_bytes: int | None
    kept: bool


class FailureBody(Body):
    """A call that failed."""

    id: str
    at: datetime
    revision: int
    request_id: str | None
    duration_ms: float
    problem: dict[str, Any]
    input: InputBody


class FailureList(Body):
    """The last failures of one pipeline or model, newest first."""

    items: list[FailureBody]
    next_cursor: str | None = None


async def list_statistics(request: Request) -> Response:
    """Tell the last hour of all that was ever called."""
    records = services(request).records
    items = []
    for one in last_hour(records):
        items.append(_last_hour(one))
        await asyncio.sleep(0)  # predictions go first
    return json_response(StatisticsList(items=items, ends_at=_time(records.minute + MINUTE_S)))


async def get_pipeline_statistics(request: Request) -> Response:
    """Tell what happened to the calls of a pipeline."""
    return await _statistics(request, _pipeline(request))


async def get_model_statistics(request: Request) -> Response:
    """Tell what happened to the calls of a bare model."""
    return await _statistics(request, _model(request))


async def list_pipeline_failures(request: Request) -> Response:
    """List the last failures of a pipeline."""
    return await _failures(request, _pipeline(request))


async def list_model_failures(request: Request) -> Response:
    """List the last failures of a bare model."""
    return await _failures(request, _model(request))


async def clear_pipeline_failures(request: Request) -> Response:
    """Forget the failures of a pipeline and their inputs."""
    await services(request).records.clear_failures(_pipeline(request))
    return Response(status_code=204)


async def clear_model_failures(request: Request) -> Response:
    """Forget the failures of a bare model."""
    await services(request).records.clear_failures(_model(request))
    return Response(status_code=204)


async def get_failure_input(request: Request) -> Response:
    """Send the input of a failed call."""
    pipeline, id = _pipeline(request), request.path_params["id"]
    content = await services(request).records.input_of(pipeline, id) if pipeline.policy.keep_inputs else None
    if content is None:
        raise NotFound(
            f"No such input of the pipeline '{pipeline.name}' is kept. `keepInputs` of the pipeline has them kept, "
            "up to SLUICE_KEPT_INPUT_BYTES each."
        )
    headers = {"Content-Disposition": disposition(f"{pipeline.name}-{id[:8]}.bin")}
    return Response(content, headers=headers, media_type="application/octet-stream")


def _pipeline(request: Request) -> Pipeline:
    return services(request).current.value.pipeline(request.path_params["name"])


def _model(request: Request) -> Subject:
    return services(request).current.value.model(request.path_params["name"])


async def _statistics(request: Request, subject: Subject) -> Response:
    period = request.query_params.get("period", "hour")
    if period not in get_args(Period):
        raise BadRequest("The parameter 'period' must be hour, day or week.")
    found = await report(services(request).records, subject, cast(Period, period))
    return json_response(
        StatisticsBody(
            period=found.period,
            step_s=found.step_s,
            points=[PointBody(at=_time(at), **_summary(one)) for at, one in found.points],
            totals=SummaryBody(**_summary(found.totals)),
        )
    )


async def _failures(request: Request, subject: Subject) -> Response:
    found = await services(request).records.failures(subject)
    keeps = isinstance(subject, Pipeline) and subject.policy.keep_inputs
    hidden = frozenset() if identity_of(request).role.allows(Role.ADMIN) else _OF_THE_INPUT
    return json_response(FailureList(items=[_failure(one, keeps, hidden) for one in found]))


def _failure(failure: Failure, keeps: bool, hidden: frozenset[str]) -> FailureBody:
    kept = keeps and (failure.kept or failure.content is not None)
    problem = json.loads(failure.problem)
    return FailureBody(
        id=failure.id,
        at=_time(failure.at),
        revision=failure.revision,
        request_id=failure.request_id or None,
        duration_ms=round(failure.duration_ms, 3),
        problem={key: value for key, value in problem.items() if key not in hidden},
        input=InputBody(size_bytes=failure.size_bytes, kept=kept),
    )


def _last_hour(one: LastHour) -> LastHourBody:
    return LastHourBody(
        kind="pipeline" if isinstance(one.subject, Pipeline) else "model",
        name=one.subject.name,
        calls=sum(one.calls_per_minute),
        failures=sum(one.failures_per_minute),
        last_at=_time(one.last_at),
        last_failed_at=None if one.last_failed_at is None else _time(one.last_failed_at),
        calls_per_minute=one.calls_per_minute,
        failures_per_minute=one.failures_per_minute,
        **vars(one.latency),
    )


def _summary(summary: Summary) -> dict[str, Any]:
    return {
        "calls": summary.calls,
        "failures": summary.failures,
        "failed_steps": summary.failed_steps,
        "outcomes": summary.outcomes,
        "steps": {step: _latency(latency) for step, latency in summary.steps.items()},
        **vars(summary.latency),
    }


def _latency(latency: Latency) -> LatencyBody:
    return LatencyBody(**vars(latency))


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
