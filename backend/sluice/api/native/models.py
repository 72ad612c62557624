"""Models: ONNX files."""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from sluice.api.downloads import StoredFile, attachment
from sluice.api.multipart import is_multipart
from sluice.api.native.answers import Answer, Created, NoContent
from sluice.api.native.inputs import Query
from sluice.api.native.listing import SORT, ListQuery, Order
from sluice.api.native.operation import Content, operation
from sluice.api.native.parameters import ExpectedVersions, Flag, NamedModel, NeededVersions
from sluice.api.native.schemas.models import ModelBody, ModelList, ModelPatch, OpsetBody, ReplacedModel, TensorBody
from sluice.api.native.tags import MODELS
from sluice.api.native.uploading import BINARY, UPLOAD_ERRORS, UploadFields, Uploads
from sluice.api.services import services
from sluice.api.uploads import Received
from sluice.catalog.describing import ModelEdit
from sluice.catalog.names import name_key
from sluice.catalog.snapshot import Snapshot
from sluice.catalog.templates import template
from sluice.catalog.uploads import model_and_data
from sluice.entities import Model
from sluice.errors import (
    Conflict,
    DiskFull,
    InUse,
    InvalidModel,
    InvalidName,
    InvalidPipeline,
    NameTaken,
    NotFound,
    PipelineBroken,
)
from sluice.tensors import TensorSpec


class ModelQuery(ListQuery):
    """Which models to list."""

    sort: Literal["name", "-name", "createdAt", "-createdAt", "sizeBytes", "-sizeBytes"] = Field(
        "name", description=SORT
    )
    active: Flag | None = Field(None, description="Only those that answer, or only those that don't.")


class NewModelFields(UploadFields):
    """What comes with a model's file."""

    name: str | None = Field(None, description="The model's name; by default the file's stem.", examples=["digits"])
    description: str | None = Field(None, description="What people should know of it.")


class TemplateQuery(Query):
    """Which template is wanted."""

    step: Literal["pre-processing", "post-processing"] = Field(description="The step that it is for.")


_ORDER = Order[Model](
    lambda model: model.id,
    {
        "name": lambda model: name_key(model.name),
        "createdAt": lambda model: model.created_at.timestamp(),
        "sizeBytes": lambda model: model.size_bytes,
    },
)
_NEW = Uploads("model", NewModelFields, several=True)
_CONTENT = Uploads("model", UploadFields, several=True)


@operation(MODELS)
async def list_models(request: Request, query: ModelQuery) -> Answer[ModelList]:
    """List the models."""
    snapshot = services(request).current.value
    wanted = (each for each in snapshot.models if query.matches(each.name) and query.active in (None, each.active))
    page = _ORDER.page(wanted, query)
    return Answer(ModelList(items=[_body(model, snapshot) for model in page.items], next_cursor=page.next_cursor))


@operation(
    MODELS,
    errors=[*UPLOAD_ERRORS, InvalidModel, InvalidName, NameTaken],
    takes=_NEW.content,
    fields=NewModelFields,
    headers=["ETag", "Location"],
    repeatable=True,
    look=_NEW.look,
)
async def add_model(request: Request) -> Created[ModelBody]:
    """Add a model from an upload.

    A model with external data is sent as several files of a form: the `.onnx` and its data files, which are merged
    into one. A name that is taken is refused before the content is read where it is known by then: in a form `name`
    should come before `file`.
    """
    found = services(request)

    def check(upload: Received, file_name: str) -> None:
        # In a form the name may still follow the file: then it is looked at once the file is here.
        if upload.name() is not None or not is_multipart(request.headers.get("content-type")):
            found.models.free_name(file_name, upload.name())

    async with _NEW.received(request, lambda _: found.settings.max_upload_bytes, check) as upload:
        main, data_files = model_and_data(upload.files)
        model = await found.models.add(main, data_files, upload.name(), upload.fields.get("description", ""))
    location = "models/" + quote(model.name, safe="")
    return Created(_body(model, found.current.value), version=model.version, location=location)


@operation(MODELS, errors=[NotFound], headers=["ETag"])
async def get_model(request: Request, path: NamedModel) -> Answer[ModelBody]:
    """Tell what one model is."""
    snapshot = services(request).current.value
    model = snapshot.model(path.name)
    return Answer(_body(model, snapshot), version=model.version)


@operation(
    MODELS,
    errors=[NotFound],
    gives=Content({"text/x-python": {"type": "string"}}, "A Python file with a function `process`."),
)
async def get_template(request: Request, path: NamedModel, query: TemplateQuery) -> Response:
    """Send a script to begin with, for one of the steps around a model.

    Its `process` works as it stands, with the model's own names, dtypes and shapes.
    """
    model = services(request).current.value.model(path.name)
    return Response(template(model, query.step), media_type="text/x-python")


@operation(MODELS, errors=[NotFound, NameTaken, InvalidName, Conflict, DiskFull], headers=["ETag"])
async def change_model(
    request: Request, path: NamedModel, expected: NeededVersions, body: ModelPatch
) -> Answer[ModelBody]:
    """Change what the body names: how a model is called and described, and whether it answers.

    A model that isn't active, and each pipeline that uses it, answers 409 `model-inactive` and has no workers.
    """
    found = services(request)
    given = {name: getattr(body, name) for name in body.model_fields_set}
    if "description" in given:
        given["description"] = given["description"] or ""
    model = await found.models.edit(path.name, ModelEdit(**given), expected)
    return Answer(_body(model, found.current.value), version=model.version)


@operation(
    MODELS,
    errors=[*UPLOAD_ERRORS, NotFound, InvalidModel, InvalidName, InvalidPipeline, PipelineBroken, Conflict],
    takes=_CONTENT.content,
    fields=UploadFields,
    headers=["ETag"],
)
async def replace_model(request: Request, path: NamedModel, expected: ExpectedVersions) -> Answer[ReplacedModel]:
    """Give a model other content from an upload, and each pipeline that needs it a new revision.

    No call fails meanwhile: the new content is loaded first. Where a pipeline doesn't load with it, nothing changes.
    """
    found = services(request)
    old = found.current.value.model(path.name)
    async with _CONTENT.received(request, lambda _: found.settings.max_upload_bytes, file_name=old.file_name) as upload:
        main, data_files = model_and_data(upload.files)
        model, pipelines, changes = await found.models.replace(old.name, main, data_files, expected)
    body = dict(_body(model, found.current.value))
    names = [pipeline.name for pipeline in pipelines]
    return Answer(ReplacedModel(**body, pipelines=names, changes=list(changes)), version=model.version)


@operation(MODELS, errors=[NotFound, InUse, DiskFull])
async def delete_model(request: Request, path: NamedModel) -> NoContent:
    """Delete a model that no pipeline uses."""
    await services(request).models.delete(path.name)
    return NoContent()


@operation(
    MODELS,
    errors=[NotFound],
    gives=Content({"application/octet-stream": BINARY}, "The ONNX file."),
    headers=["ETag", "Content-Disposition"],
)
async def download_model(request: Request, path: NamedModel) -> Response:
    """Send the model's file."""
    found = services(request)

    def find() -> StoredFile:
        model = found.current.value.model(path.name)
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
