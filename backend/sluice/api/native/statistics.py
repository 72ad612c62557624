"""Statistics: how often pipelines and models are called, how long that takes, and what failed."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from sluice.api.downloads import disposition
from sluice.api.native.answers import Answer, NoContent
from sluice.api.native.inputs import Query
from sluice.api.native.operation import Content, operation
from sluice.api.native.parameters import NamedModel, NamedPipeline
from sluice.api.native.schemas.statistics import (
    FailureBody,
    FailureList,
    InputBody,
    LastHourBody,
    LatencyBody,
    PointBody,
    StatisticsBody,
    StatisticsList,
    SummaryBody,
)
from sluice.api.native.tags import STATISTICS
from sluice.api.native.uploading import BINARY
from sluice.api.routing import identity_of
from sluice.api.services import services
from sluice.entities import Pipeline, Role
from sluice.errors import DiskFull, NotFound
from sluice.prediction.history import MINUTE_S
from sluice.prediction.records import Subject
from sluice.prediction.reports import LastHour, Latency, Period, Summary, last_hour, report
from sluice.storage.failures import Failure

_OF_THE_INPUT = frozenset({"trace", "printed"})
"""What a problem tells of another caller's input, value by value; like the input itself it is for administrators."""


class PeriodQuery(Query):
    """Which period is wanted."""

    period: Period = Field("hour", description="Its points are a minute, a quarter of an hour or an hour long.")


class FailurePath(NamedPipeline):
    """The address of a failure."""

    id: str = Field(description="The failure's id.", examples=["0b6e6a7e5f0d4b0c9d1e2f3a4b5c6d7e"])


@operation(STATISTICS)
async def list_statistics(request: Request) -> Answer[StatisticsList]:
    """Tell the last hour of all that was ever called."""
    records = services(request).records
    items = []
    for one in last_hour(records):
        items.append(_last_hour(one))
        await asyncio.sleep(0)  # predictions go first
    return Answer(StatisticsList(items=items, ends_at=_time(records.minute + MINUTE_S)))


@operation(STATISTICS, errors=[NotFound])
async def get_pipeline_statistics(request: Request, path: NamedPipeline, query: PeriodQuery) -> Answer[StatisticsBody]:
    """Tell what happened to the calls of a pipeline."""
    return await _statistics(request, _pipeline(request, path), query.period)


@operation(STATISTICS, errors=[NotFound])
async def get_model_statistics(request: Request, path: NamedModel, query: PeriodQuery) -> Answer[StatisticsBody]:
    """Tell what happened to the calls of a bare model."""
    return await _statistics(request, _model(request, path), query.period)


@operation(STATISTICS, errors=[NotFound])
async def list_pipeline_failures(request: Request, path: NamedPipeline) -> Answer[FailureList]:
    """List the last failures of a pipeline, newest first.

    `trace` and `printed` of a problem tell of another caller's input: they are there for ADMIN only.
    """
    return await _failures(request, _pipeline(request, path))


@operation(STATISTICS, errors=[NotFound])
async def list_model_failures(request: Request, path: NamedModel) -> Answer[FailureList]:
    """List the last failures of a bare model, newest first."""
    return await _failures(request, _model(request, path))


@operation(STATISTICS, errors=[NotFound, DiskFull])
async def clear_pipeline_failures(request: Request, path: NamedPipeline) -> NoContent:
    """Forget the failures of a pipeline and their inputs."""
    await services(request).records.clear_failures(_pipeline(request, path))
    return NoContent()


@operation(STATISTICS, errors=[NotFound, DiskFull])
async def clear_model_failures(request: Request, path: NamedModel) -> NoContent:
    """Forget the failures of a bare model."""
    await services(request).records.clear_failures(_model(request, path))
    return NoContent()


@operation(
    STATISTICS,
    errors=[NotFound],
    gives=Content({"application/octet-stream": BINARY}, "The bytes that the call sent."),
    headers=["Content-Disposition"],
)
async def get_failure_input(request: Request, path: FailurePath) -> Response:
    """Send the input of a failed call, where the pipeline has them kept."""
    pipeline = _pipeline(request, path)
    content = await services(request).records.input_of(pipeline, path.id) if pipeline.policy.keep_inputs else None
    if content is None:
        raise NotFound(
            f"No such input of the pipeline '{pipeline.name}' is kept. `keepInputs` of the pipeline has them kept, "
            "up to SLUICE_KEPT_INPUT_BYTES each."
        )
    headers = {"Content-Disposition": disposition(f"{pipeline.name}-{path.id[:8]}.bin")}
    return Response(content, headers=headers, media_type="application/octet-stream")


def _pipeline(request: Request, path: NamedPipeline) -> Pipeline:
    return services(request).current.value.pipeline(path.name)


def _model(request: Request, path: NamedModel) -> Subject:
    return services(request).current.value.model(path.name)


async def _statistics(request: Request, subject: Subject, period: Period) -> Answer[StatisticsBody]:
    found = await report(services(request).records, subject, period)
    return Answer(
        StatisticsBody(
            period=found.period,
            step_s=found.step_s,
            points=[PointBody(at=_time(at), **_summary(one)) for at, one in found.points],
            totals=SummaryBody(**_summary(found.totals)),
        )
    )


async def _failures(request: Request, subject: Subject) -> Answer[FailureList]:
    found = await services(request).records.failures(subject)
    keeps = isinstance(subject, Pipeline) and subject.policy.keep_inputs
    hidden = frozenset() if identity_of(request).role.allows(Role.ADMIN) else _OF_THE_INPUT
    return Answer(FailureList(items=[_failure(one, keeps, hidden) for one in found]))


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
