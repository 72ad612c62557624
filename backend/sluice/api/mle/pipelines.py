"""Pipelines: optional pre-processing, a model, optional post-processing."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.bodies import read_small
from sluice.api.mle.answers import answer, pipeline_object
from sluice.api.mle.finding import pipeline_named, python_file
from sluice.api.services import services
from sluice.catalog.default_names import safe_pipeline_name
from sluice.catalog.parts import NewPipeline
from sluice.catalog.snapshot import Snapshot
from sluice.errors import BadRequest, UnreadableJson

KEYS = ["pipelineName", "modelName", "preProcessing", "postProcessing"]


async def list_pipelines(request: Request) -> Response:
    """List the pipelines."""
    return answer({"pipelines": [pipeline_object(each) for each in services(request).current.value.pipelines]})


async def get_pipeline(request: Request) -> Response:
    """Tell what one pipeline is made of."""
    return answer(pipeline_object(pipeline_named(services(request).current.value, request.path_params["name"])))


async def add_pipeline(request: Request) -> Response:
    """Add a pipeline, under the server-wide policy; unsafe characters of its name become `_`."""
    found = services(request)
    wanted = _wanted(await read_small(request))
    snapshot = found.current.value
    name = safe_pipeline_name(wanted["pipelineName"])
    found.pipelines.free_name(name)
    new = NewPipeline(
        name=name,
        model=snapshot.model(wanted["modelName"]).name,
        pre_processing=_script(snapshot, wanted.get("preProcessing")),
        post_processing=_script(snapshot, wanted.get("postProcessing")),
    )
    return answer(pipeline_object(await found.pipelines.add(new)), 201)


async def delete_pipeline(request: Request) -> Response:
    """Delete a pipeline, and list those that remain."""
    found = services(request)
    await found.pipelines.delete(pipeline_named(found.current.value, request.path_params["name"]).name)
    return await list_pipelines(request)


async def delete_all_pipelines(request: Request) -> Response:
    """Delete all pipelines."""
    await services(request).pipelines.delete_all()
    return await list_pipelines(request)


def _script(snapshot: Snapshot, name: str | None) -> str | None:
    """Return the kept spelling of a script's name; None stays None."""
    return None if name is None else python_file(snapshot, name).name


def _wanted(raw: bytes) -> dict[str, str]:
    """Return what the body says; a script that is null or empty isn't there."""
    try:
        body: Any = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise UnreadableJson(f"The body isn't JSON: {error}.") from None
    if not isinstance(body, dict):
        raise BadRequest(f"The body must be a JSON object. Valid keys are - {KEYS}.")
    for key in body:
        if key not in KEYS:
            raise BadRequest(f"Invalid key '{key}' found. Valid keys are - {KEYS}.")
    for key, value in body.items():
        if not isinstance(value, str | None):
            raise BadRequest(f"The key '{key}' must be a text.")
    given = {key: value for key, value in body.items() if value}
    for key in ("pipelineName", "modelName"):
        if key not in given:
            raise BadRequest(f"The key '{key}' is missing; a pipeline needs a name and a model.")
    return given
