"""Models: ONNX files."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.bodies import read_json
from sluice.api.downloads import StoredFile, attachment
from sluice.api.multipart import is_multipart
from sluice.api.native.schemas import (
    ModelBody,
    ModelList,
    ModelPatch,
    OpsetBody,
    ReplacedModel,
    TensorBody,
    json_response,
)
from sluice.api.services import services
from sluice.api.uploads import Received, Rules, received
from sluice.api.versions import expected_versions, needed_versions
from sluice.catalog.describing import ModelEdit
from sluice.catalog.snapshot import Snapshot
from sluice.catalog.templates import STEPS, template
from sluice.catalog.uploads import model_and_data
from sluice.entities import Model
from sluice.errors import Unprocessable
from sluice.tensors import TensorSpec


async def list_models(request: Request) -> Response:
    """List the models by name."""
    snapshot = services(request).current.value
    return json_response(ModelList(items=[_body(model, snapshot) for model in snapshot.models]))


async def add_model(request: Request) -> Response:
    """Add a model from an upload; its default name is the file's stem."""
    found = services(request)

    def check(upload: Received, file_name: str) -> None:
        # In a form the name may still follow the file: then it is looked at once the file is here.
        if upload.name() is not None or not is_multipart(request.headers.get("content-type")):
            found.models.free_name(file_name, upload.name())

    rules = Rules(
        "model", {"name", "description"}, lambda _: found.settings.max_upload_bytes, several=True, check=check
    )
    async with received(request, found.files, rules) as upload:
        main, data_files = model_and_data(upload.files)
        model = await found.models.add(main, data_files, upload.name(), upload.fields.get("description", ""))
    return json_response(_body(model, found.current.value), 201, model.version)


async def get_model(request: Request) -> Response:
    """Tell what one model is."""
    snapshot = services(request).current.value
    model = snapshot.model(request.path_params["name"])
    return json_response(_body(model, snapshot), version=model.version)


async def get_template(request: Request) -> Response:
    """Send a script to begin with, for one of the steps around a model."""
    model = services(request).current.value.model(request.path_params["name"])
    step = request.query_params.get("step")
    if step not in STEPS:
        message = f"Name the step by ?step=, one of {', '.join(STEPS)}."
        raise Unprocessable(message, fields={"step": message})
    return Response(template(model, step), media_type="text/x-python")


async def change_model(request: Request) -> Response:
    """Change what the body names: how a model is called and described, and whether it answers."""
    found = services(request)
    expected = needed_versions(request)
    patch = await read_json(request, ModelPatch)
    given = {name: getattr(patch, name) for name in patch.model_fields_set}
    if "description" in given:
        given["description"] = given["description"] or ""
    model = await found.models.edit(request.path_params["name"], ModelEdit(**given), expected)
    return json_response(_body(model, found.current.value), version=model.version)


async def replace_model(request: Request) -> Response:
    """Give a model other content from an upload, and each pipeline that needs it a new revision."""
    found = services(request)
    expected = expected_versions(request)
    old = found.current.value.model(request.path_params["name"])
    rules = Rules("model", set(), lambda _: found.settings.max_upload_bytes, several=True, file_name=old.file_name)
    async with received(request, found.files, rules) as upload:
        main, data_files = model_and_data(upload.files)
        model, pipelines, changes = await found.models.replace(old.name, main, data_files, expected)
    body = dict(_body(model, found.current.value))
    names = [pipeline.name for pipeline in pipelines]
    return json_response(ReplacedModel(**body, pipelines=names, changes=list(changes)), version=model.version)


async def delete_model(request: Request) -> Response:
    """Delete a model that no pipeline uses."""
    await services(request).models.delete(request.path_params["name"])
    return Response(status_code=204)


async def download_model(request: Request) -> Response:
    """Send the model's file."""
    found = services(request)

    def find() -> StoredFile:
        model = found.current.value.model(request.path_params["name"])
        return StoredFile(found.files.path(model.sha256), model.size_bytes, f"{model.name}.onnx", model.version)

    return await attachment(request, find)


def _body(model: Model, snapshot: Snapshot) -> ModelBody:
    facts = model.facts
    return ModelBody(
        id=model.id,
        name=model.name,
        revision=model.revision,
        created_at=model.created_at,
        file_name=model.file_name,
        size_bytes=model.size_bytes,
        sha256=model.sha256,
        ir_version=facts.ir_version,
        opsets=[OpsetBody(domain=opset.domain, version=opset.version) for opset in facts.opsets],
        producer_name=facts.producer_name,
        producer_version=facts.producer_version,
        graph_name=facts.graph_name,
        model_version=facts.model_version,
        inputs=[_tensor(spec) for spec in facts.inputs],
        outputs=[_tensor(spec) for spec in facts.outputs],
        description=model.description,
        active=model.active,
        used_by=list(snapshot.pipelines_using(model)),
    )


def _tensor(spec: TensorSpec) -> TensorBody:
    symbols = None
    if spec.dimensions is not None:
        symbols = [size if isinstance(size, str) else None for size in spec.dimensions]
    shape = None if spec.shape is None else list(spec.shape)
    return TensorBody(name=spec.name, type=spec.type, datatype=spec.datatype, shape=shape, symbols=symbols)
