"""Pipelines: what runs between input and output, and how it is doing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, fields, replace

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.bodies import read_json
from sluice.api.native.environments import environment_of_pipeline
from sluice.api.native.schemas import (
    NewPipelineBody,
    NoteBody,
    PipelineBody,
    PipelineList,
    PipelinePatch,
    StepBody,
    json_response,
)
from sluice.api.services import Services, services
from sluice.api.states import state_of
from sluice.api.versions import needed_versions
from sluice.catalog.parts import NewPipeline
from sluice.entities import Model, Pipeline, Policy, Resource
from sluice.workers.state import PoolState

_POLICY = frozenset(field.name for field in fields(Policy))
_EMPTY = {"data_files": (), "pinned": False, "keep_inputs": False}


async def list_pipelines(request: Request) -> Response:
    """List the pipelines by name."""
    found = services(request)
    return json_response(PipelineList(items=[_body(pipeline, found) for pipeline in found.current.value.pipelines]))


async def add_pipeline(request: Request) -> Response:
    """Add a pipeline, once its parts were loaded together."""
    found = services(request)
    pipeline = await found.pipelines.add(new_pipeline(await read_json(request, NewPipelineBody)))
    return _answer(pipeline, found, 201)


def new_pipeline(body: NewPipelineBody) -> NewPipeline:
    """Return what a body says that a pipeline is to be made of."""
    return NewPipeline(
        name=body.name,
        model=body.model,
        pre_processing=body.pre_processing,
        post_processing=body.post_processing,
        data_files=tuple(body.data_files),
        policy=Policy(**{name: getattr(body, name) for name in _POLICY}),
    )


async def get_pipeline(request: Request) -> Response:
    """Tell what one pipeline is and how it is doing."""
    found = services(request)
    return _answer(found.current.value.pipeline(request.path_params["name"]), found)


async def change_pipeline(request: Request) -> Response:
    """Change what the body names, once the pipeline was loaded that way; calls go on meanwhile."""
    found = services(request)
    expected = needed_versions(request)
    patch = await read_json(request, PipelinePatch)

    def edit(pipeline: NewPipeline) -> NewPipeline:
        given = {name: getattr(patch, name) for name in patch.model_fields_set}
        # What has no null of its own.
        given |= {name: empty for name, empty in _EMPTY.items() if given.get(name, 0) is None}
        policy = {name: given.pop(name) for name in _POLICY & given.keys()}
        return replace(pipeline, **given, policy=replace(pipeline.policy, **policy))

    pipeline = await found.pipelines.change(request.path_params["name"], edit, expected)
    return _answer(pipeline, found)


async def retry_pipeline(request: Request) -> Response:
    """Try to start a broken pipeline now, and tell how it is doing then."""
    found = services(request)
    return _answer(await found.pipelines.retry(request.path_params["name"]), found)


async def delete_pipeline(request: Request) -> Response:
    """Delete a pipeline and end its workers."""
    await services(request).pipelines.delete(request.path_params["name"])
    return Response(status_code=204)


def _answer(pipeline: Pipeline, found: Services, status: int = 200) -> Response:
    return json_response(_body(pipeline, found), status, pipeline.version)


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
        **asdict(pipeline.policy),
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
