"""Pipelines: what runs between input and output, and how it is doing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, fields, replace
from typing import Any, Literal
from urllib.parse import quote

from pydantic import Field
from starlette.requests import Request

from sluice.api.native.answers import Answer, Created, NoContent
from sluice.api.native.environments import environment_of_pipeline
from sluice.api.native.listing import SORT, ListQuery, Order
from sluice.api.native.operation import operation
from sluice.api.native.parameters import NamedPipeline, NeededVersions
from sluice.api.native.schemas.pipelines import (
    NewPipelineBody,
    NoteBody,
    PipelineBody,
    PipelineList,
    PipelinePatch,
    PipelineState,
    StepBody,
)
from sluice.api.native.tags import PIPELINES
from sluice.api.services import Services, services
from sluice.api.states import state_of
from sluice.catalog.names import name_key
from sluice.catalog.parts import NewPipeline
from sluice.entities import Model, Pipeline, Policy, Resource
from sluice.errors import (
    Conflict,
    DiskFull,
    InvalidName,
    InvalidPipeline,
    ModelInactive,
    NameTaken,
    NotFound,
    PipelineBroken,
)
from sluice.workers.state import PoolState

_POLICY = frozenset(field.name for field in fields(Policy))
_EMPTY = {"data_files": (), "pinned": False, "keep_inputs": False, "variables": {}}


class PipelineQuery(ListQuery):
    """Which pipelines to list."""

    sort: Literal["name", "-name", "createdAt", "-createdAt"] = Field("name", description=SORT)
    model: str | None = Field(None, description="Only those that use the model of this name.", examples=["digits"])
    resource: str | None = Field(None, description="Only those that use the resource of this name.")
    state: PipelineState | None = Field(None, description="Only those that are in this state.")

    def matches_parts(self, pipeline: Pipeline) -> bool:
        """Tell whether a pipeline uses what is asked for."""
        names = {name_key(resource.name) for resource in pipeline.resources()}
        return (self.model is None or name_key(self.model) == name_key(pipeline.model.name)) and (
            self.resource is None or name_key(self.resource) in names
        )


_ORDER = Order[Pipeline](
    lambda pipeline: pipeline.id,
    {
        "name": lambda pipeline: name_key(pipeline.name),
        "createdAt": lambda pipeline: pipeline.created_at.timestamp(),
    },
)


@operation(PIPELINES)
async def list_pipelines(request: Request, query: PipelineQuery) -> Answer[PipelineList]:
    """List the pipelines and how they are doing."""
    found = services(request)
    wanted = (
        pipeline
        for pipeline in found.current.value.pipelines
        if query.matches(pipeline.name)
        and query.matches_parts(pipeline)
        and query.state in (None, state_of(pipeline, found).state)
    )
    page = _ORDER.page(wanted, query)
    return Answer(PipelineList(items=[_body(one, found) for one in page.items], next_cursor=page.next_cursor))


@operation(
    PIPELINES,
    errors=[InvalidPipeline, InvalidName, NameTaken, PipelineBroken, DiskFull],
    headers=["ETag", "Location"],
    repeatable=True,
)
async def add_pipeline(request: Request, body: NewPipelineBody) -> Created[PipelineBody]:
    """Add a pipeline, once its parts were loaded together; what doesn't load isn't saved."""
    found = services(request)
    pipeline = await found.pipelines.add(new_pipeline(body))
    location = "pipelines/" + quote(pipeline.name, safe="")
    return Created(_body(pipeline, found), version=pipeline.version, location=location)


def new_pipeline(body: NewPipelineBody) -> NewPipeline:
    """Return what a body says that a pipeline is to be made of."""
    return NewPipeline(
        name=body.name,
        model=body.model,
        pre_processing=body.pre_processing,
        post_processing=body.post_processing,
        data_files=tuple(body.data_files),
        policy=Policy(**_kept({name: getattr(body, name) for name in _POLICY})),
        secrets=body.secrets,
    )


def _kept(policy: dict[str, Any]) -> dict[str, Any]:
    """Return values of a body as a policy has them."""
    if isinstance(ports := policy.get("network"), list):
        policy["network"] = tuple(ports)
    if "variables" in policy:
        policy["variables"] = tuple(sorted(policy["variables"].items()))
    return policy


@operation(PIPELINES, errors=[NotFound], headers=["ETag"])
async def get_pipeline(request: Request, path: NamedPipeline) -> Answer[PipelineBody]:
    """Tell what one pipeline is and how it is doing."""
    found = services(request)
    return _answer(found.current.value.pipeline(path.name), found)


@operation(
    PIPELINES,
    errors=[NotFound, InvalidPipeline, InvalidName, NameTaken, PipelineBroken, Conflict, DiskFull],
    headers=["ETag"],
)
async def change_pipeline(
    request: Request, path: NamedPipeline, expected: NeededVersions, body: PipelinePatch
) -> Answer[PipelineBody]:
    """Change what the body names, once the pipeline was loaded that way; calls go on meanwhile.

    What is left out stays, null is nothing or the default. Under a new name the old one answers 404.
    """
    found = services(request)

    def edit(pipeline: NewPipeline) -> NewPipeline:
        given = {name: getattr(body, name) for name in body.model_fields_set}
        # What has no null of its own.
        given |= {name: empty for name, empty in _EMPTY.items() if given.get(name, 0) is None}
        policy = _kept({name: given.pop(name) for name in _POLICY & given.keys()})
        return replace(pipeline, **given, policy=replace(pipeline.policy, **policy))

    pipeline = await found.pipelines.change(path.name, edit, expected)
    return _answer(pipeline, found)


@operation(PIPELINES, errors=[NotFound, ModelInactive], headers=["ETag"])
async def retry_pipeline(request: Request, path: NamedPipeline) -> Answer[PipelineBody]:
    """Try to start a broken pipeline now, and tell how it is doing then."""
    found = services(request)
    return _answer(await found.pipelines.retry(path.name), found)


@operation(PIPELINES, errors=[NotFound, DiskFull])
async def delete_pipeline(request: Request, path: NamedPipeline) -> NoContent:
    """Delete a pipeline and end its workers."""
    await services(request).pipelines.delete(path.name)
    return NoContent()


def _answer(pipeline: Pipeline, found: Services) -> Answer[PipelineBody]:
    return Answer(_body(pipeline, found), version=pipeline.version)


def _body(pipeline: Pipeline, found: Services) -> PipelineBody:
    state, parts = state_of(pipeline, found), NewPipeline.of(pipeline)
    return PipelineBody(
        id=pipeline.id,
        name=pipeline.name,
        revision=pipeline.revision,
        created_at=pipeline.created_at,
        model=parts.model,
        pre_processing=parts.pre_processing,
        post_processing=parts.post_processing,
        data_files=list(parts.data_files),
        **asdict(pipeline.policy) | {"variables": dict(pipeline.policy.variables)},
        state=state.state,
        reason=state.reason,
        notes=[NoteBody(at=note.at, text=note.text) for note in state.notes],
        steps=_steps(pipeline, state),
        environment=environment_of_pipeline(pipeline, found),
    )


def _steps(pipeline: Pipeline, state: PoolState) -> list[StepBody]:
    parts: list[tuple[str, Model | Resource | None]] = [
        ("pre-processing", pipeline.pre_processing),
        ("model", pipeline.model),
        ("post-processing", pipeline.post_processing),
    ]
    steps = []
    for step, part in parts:
        if part is not None:
            blamed = state.state in ("broken", "inactive") and _is_to_blame(step, state, dict(parts))
            steps.append(
                StepBody(
                    step=step,  # type: ignore[arg-type]
                    name=part.name,
                    revision=part.revision,
                    ready=state.state != "starting" and not blamed,
                    reason=state.reason if blamed else None,
                )
            )
    return steps


def _is_to_blame(step: str, state: PoolState, steps: Collection[str]) -> bool:
    if state.step == "environment":
        return step != "model"
    # A reason that blames no step, such as too little memory, counts for the model.
    return step == (state.step if state.step in steps else "model")
