"""Resources: scripts, helper modules and data files."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import quote

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from sluice.api.downloads import StoredFile, attachment
from sluice.api.native.answers import Answer, Created, NoContent
from sluice.api.native.environments import environment_of_script
from sluice.api.native.inputs import checked_parameters
from sluice.api.native.listing import SORT, ListQuery, Order
from sluice.api.native.operation import Content, operation
from sluice.api.native.parameters import ExpectedVersions, NamedResource, NeededVersions
from sluice.api.native.schemas.resources import (
    ReplacedResource,
    ResourceBody,
    ResourceList,
    ResourcePatch,
    ResourceWithText,
    WarningBody,
)
from sluice.api.native.tags import RESOURCES
from sluice.api.native.uploading import BINARY, UPLOAD_ERRORS, UploadFields, Uploads
from sluice.api.services import Services, services
from sluice.api.uploads import Received
from sluice.catalog.environments import own_environment
from sluice.catalog.names import name_key
from sluice.catalog.replacing import Replaced
from sluice.entities import Resource, ResourceKind
from sluice.errors import (
    Conflict,
    DiskFull,
    InUse,
    InvalidName,
    InvalidPipeline,
    InvalidScript,
    NameTaken,
    NotFound,
    PipelineBroken,
)

_KIND = "`script` has `process`, `module` is imported by scripts, `data` lies beside them."


class ResourceQuery(ListQuery):
    """Which resources to list."""

    sort: Literal["name", "-name", "createdAt", "-createdAt", "sizeBytes", "-sizeBytes"] = Field(
        "name", description=SORT
    )
    kind: ResourceKind | None = Field(None, description="Only those of this kind. " + _KIND)


class NewResourceFields(UploadFields):
    """What comes with a resource's file."""

    kind: ResourceKind | None = Field(
        None, description="By default `script` for `.py`, else `data`. " + _KIND, examples=["script"]
    )


_ORDER = Order[Resource](
    lambda resource: resource.id,
    {
        "name": lambda resource: name_key(resource.name),
        "createdAt": lambda resource: resource.created_at.timestamp(),
        "sizeBytes": lambda resource: resource.size_bytes,
    },
)
_NEW = Uploads("resource", NewResourceFields)
_CONTENT = Uploads("resource", UploadFields)


@operation(RESOURCES)
async def list_resources(request: Request, query: ResourceQuery) -> Answer[ResourceList]:
    """List the resources."""
    found = services(request)
    resources = found.current.value.resources
    wanted = (each for each in resources if query.matches(each.name) and query.kind in (None, each.kind))
    page = _ORDER.page(wanted, query)
    return Answer(ResourceList(items=[_body(one, found) for one in page.items], next_cursor=page.next_cursor))


@operation(
    RESOURCES,
    errors=[*UPLOAD_ERRORS, InvalidScript, InvalidName, NameTaken],
    takes=_NEW.content,
    fields=NewResourceFields,
    headers=["ETag", "Location"],
    repeatable=True,
    look=_NEW.look,
)
async def add_resource(request: Request) -> Created[ResourceBody]:
    """Add a resource from an upload; its name is the file's."""
    found = services(request)

    def check(upload: Received, file_name: str) -> None:
        found.resources.free_name(file_name)

    async with _NEW.received(request, lambda file_name: limit_bytes(found, file_name), check) as upload:
        kind = checked_parameters(NewResourceFields, upload.fields).kind
        resource = await found.resources.add(upload.files[0], kind)
    found.environments.start(own_environment(resource), [resource.header])
    location = "resources/" + quote(resource.name, safe="")
    return Created(_body(resource, found), version=resource.version, location=location)


@operation(RESOURCES, errors=[NotFound], headers=["ETag"])
async def get_resource(request: Request, path: NamedResource) -> Answer[ResourceWithText]:
    """Tell what one resource is, with its text."""
    found = services(request)
    resource = found.current.value.resource(path.name)
    text = await found.resources.read_text(resource.name)
    return Answer(ResourceWithText(**_values(resource, found), text=text), version=resource.version)


@operation(
    RESOURCES,
    errors=[*UPLOAD_ERRORS, NotFound, InvalidName, InvalidScript, InvalidPipeline, PipelineBroken, Conflict],
    takes=_CONTENT.content,
    fields=UploadFields,
    headers=["ETag"],
)
async def replace_resource(
    request: Request, path: NamedResource, expected: ExpectedVersions
) -> Answer[ReplacedResource]:
    """Give a resource other content from an upload, and each pipeline that needs it a new revision.

    No call fails meanwhile: the new content is loaded first. Where a pipeline doesn't load with it, nothing changes.
    """
    found = services(request)
    old = found.current.value.resource(path.name)
    # The name stays, so it is what the limit goes by.
    async with _CONTENT.received(request, lambda _: limit_bytes(found, old.name), file_name=old.name) as upload:
        replaced = await found.resources.replace(old.name, upload.files[0], expected)
    found.environments.start(own_environment(replaced.part), [replaced.part.header])
    return _replaced(replaced, found)


@operation(
    RESOURCES,
    errors=[NotFound, NameTaken, InvalidName, InvalidScript, InvalidPipeline, PipelineBroken, Conflict, DiskFull],
    headers=["ETag"],
)
async def rename_resource(
    request: Request, path: NamedResource, expected: NeededVersions, body: ResourcePatch
) -> Answer[ReplacedResource]:
    """Give a resource another name, and each pipeline that needs it a new revision."""
    found = services(request)
    new_name = body.name if "name" in body.model_fields_set else found.current.value.resource(path.name).name
    return _replaced(await found.resources.rename(path.name, new_name, expected), found)


@operation(RESOURCES, errors=[NotFound, InUse, DiskFull])
async def delete_resource(request: Request, path: NamedResource) -> NoContent:
    """Delete a resource that no pipeline uses."""
    await services(request).resources.delete(path.name)
    return NoContent()


@operation(
    RESOURCES,
    errors=[NotFound],
    gives=Content({"application/octet-stream": BINARY}, "The file."),
    headers=["ETag", "Content-Disposition"],
)
async def download_resource(request: Request, path: NamedResource) -> Response:
    """Send the resource's file."""
    found = services(request)

    def find() -> StoredFile:
        resource = found.current.value.resource(path.name)
        return StoredFile(found.files.path(resource.sha256), resource.size_bytes, resource.name, resource.version)

    return await attachment(request, find)


def limit_bytes(found: Services, file_name: str) -> int:
    """Return how large a resource of this name may be."""
    is_python = file_name.lower().endswith(".py")
    return found.settings.max_script_bytes if is_python else found.settings.max_upload_bytes


def _replaced(replaced: Replaced[Resource], found: Services) -> Answer[ReplacedResource]:
    resource, pipelines, changes = replaced
    names = [pipeline.name for pipeline in pipelines]
    body = ReplacedResource(**_values(resource, found), pipelines=names, changes=list(changes))
    return Answer(body, version=resource.version)


def _body(resource: Resource, found: Services) -> ResourceBody:
    return ResourceBody(**_values(resource, found))


def _values(resource: Resource, found: Services) -> dict[str, Any]:
    return {
        "id": resource.id,
        "name": resource.name,
        "kind": resource.kind,
        "revision": resource.revision,
        "created_at": resource.created_at,
        "size_bytes": resource.size_bytes,
        "sha256": resource.sha256,
        "warnings": [WarningBody(line=w.line, module=w.module, message=w.message) for w in resource.warnings],
        "environment": environment_of_script(resource, found),
        "used_by": list(found.current.value.pipelines_using(resource)),
    }
