"""Which pipelines and models there are, which of them answer, and having a model answer or not.

To load is to activate, to unload is to deactivate: both are a model's, so pipelines come and go with their model.

Source: Open Inference Protocol, "Model Repository Extension".
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sluice.api.bodies import parse_json, read_small
from sluice.api.oip.names import Served, all_served, served
from sluice.api.services import Services, services
from sluice.api.states import why_not_answering
from sluice.catalog.describing import ModelEdit
from sluice.catalog.names import MODEL_PREFIX
from sluice.entities import Model, Pipeline
from sluice.errors import BadRequest, Conflict


class _Wanted(BaseModel):
    """What a request for the index says; keys that aren't here don't matter."""

    ready: bool = False


class _Change(BaseModel):
    """What a request to load or unload says; keys that aren't here don't matter."""

    parameters: dict[str, Any] = {}


async def list_models(request: Request) -> Response:
    """List all pipelines and models, or those that answer."""
    wanted = parse_json(await read_small(request) or b"{}", _Wanted)
    found = services(request)
    index = [_entry(each, found) for each in all_served(found.current.value)]
    return JSONResponse([entry for entry in index if entry["state"] == "READY" or not wanted.ready])


async def model_ready(request: Request) -> Response:
    """Answer 200 where a prediction would be run.

    Raises:
        ModelInactive: its model was deactivated.
        NotAvailable: it is broken, or its packages are being installed.
    """
    return _ready(served(request), services(request))


async def load(request: Request) -> Response:
    """Have a model answer again; of a pipeline, start the workers now."""
    change = parse_json(await read_small(request) or b"{}", _Change)
    for key in change.parameters:
        if key == "config" or key.startswith("file:"):
            raise BadRequest(
                f"The parameter '{key}' can't be used here. Upload models by POST /api/v1/models, and say how "
                "pipelines run by PATCH /api/v1/pipelines/{name}."
            )
    found, all_of_it = served(request), services(request)
    if isinstance(found.entity, Model):
        await all_of_it.models.edit(found.entity.name, ModelEdit(active=True))
    else:
        await all_of_it.pipelines.retry(found.entity.name)
    return _ready(served(request), all_of_it)


async def unload(request: Request) -> Response:
    """Have a model, and the pipelines that use it, answer no more."""
    parse_json(await read_small(request) or b"{}", _Change)
    found, all_of_it = served(request), services(request)
    if isinstance(found.entity, Pipeline):
        raise Conflict(_unload_the_model(found.entity, all_of_it))
    await all_of_it.models.edit(found.entity.name, ModelEdit(active=False))
    return JSONResponse({"name": found.name, "ready": False})


def _ready(found: Served, all_of_it: Services) -> Response:
    if (error := why_not_answering(found.entity, all_of_it)) is not None:
        raise error
    return JSONResponse({"name": found.name, "ready": True})


def _entry(each: Served, found: Services) -> dict[str, str]:
    error = why_not_answering(each.entity, found)
    state, reason = ("READY", "") if error is None else ("UNAVAILABLE", error.message)
    return {"name": each.name, "version": each.version, "state": state, "reason": reason}


def _unload_the_model(pipeline: Pipeline, found: Services) -> str:
    users = ", ".join(f"'{name}'" for name in found.current.value.pipelines_using(pipeline.model))
    return (
        f"'{pipeline.name}' is a pipeline, which answers as long as its model does. Unload "
        f"'{MODEL_PREFIX}{pipeline.model.name}' to end all that use it: {users}."
    )
