"""Models: ONNX files."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.downloads import StoredFile, attachment
from sluice.api.mle.answers import answer, model_object, names
from sluice.api.services import services
from sluice.api.uploads import Received, Rules, received
from sluice.catalog.default_names import default_model_name
from sluice.catalog.describing import ModelEdit
from sluice.catalog.uploads import model_and_data
from sluice.entities import ModelFacts

_TOKEN = re.compile(r"[A-Za-z0-9!#$&+.^_`|~-]+")


async def list_models(request: Request) -> Response:
    """List the models' names."""
    return answer({"models": names(services(request).current.value.models)})


async def get_model(request: Request) -> Response:
    """Tell what one model is."""
    return answer(model_object(services(request).current.value.model(request.path_params["name"])))


async def get_model_source(request: Request) -> Response:
    """Send the model's file as it was uploaded."""
    found = services(request)

    def find() -> StoredFile:
        model = found.current.value.model(request.path_params["name"])
        return StoredFile(found.files.path(model.sha256), model.size_bytes, model.name, model.version)

    name = find().file_name
    sent = await attachment(request, find)
    if _TOKEN.fullmatch(name):
        sent.headers["Content-Disposition"] = f"attachment;filename={name}"  # as old clients cut it in pieces
    return sent


async def add_model(request: Request) -> Response:
    """Add a model from an upload; it answers at once. `?name=` chooses its name."""
    found = services(request)
    wanted = request.query_params.get("name")

    def check(upload: Received, file_name: str) -> None:
        if chosen := wanted or upload.name():
            found.models.free_name(file_name, chosen)

    rules = Rules(
        "model",
        {"name"},
        lambda _: found.settings.max_upload_bytes,
        several=True,
        check=check,
        file_name="model.onnx",
        file_name_key="file",
        lenient=True,
    )
    async with received(request, found.files, rules) as upload:
        main, data_files = model_and_data(upload.files)
        stem_of = "" if main.file_name == rules.file_name else main.file_name

        def name(facts: ModelFacts) -> str:
            return wanted or upload.name() or default_model_name(facts.graph_name, stem_of, main.staged.sha256)

        model = await found.models.add(main, data_files, name)
    return answer(model_object(model), 201)


async def activate_model(request: Request) -> Response:
    """Have a model answer, and load it."""
    return answer(model_object(await services(request).models.activate(request.path_params["name"])))


async def deactivate_model(request: Request) -> Response:
    """Keep a model, but not in memory; calls that it has are answered first."""
    edit = ModelEdit(active=False)
    return answer(model_object(await services(request).models.edit(request.path_params["name"], edit)))


async def delete_model(request: Request) -> Response:
    """Delete a model that no pipeline uses, and list those that remain."""
    await services(request).models.delete(request.path_params["name"])
    return await list_models(request)


async def delete_all_models(request: Request) -> Response:
    """Delete all models, or none where a pipeline uses one."""
    await services(request).models.delete_all()
    return await list_models(request)
