"""Resources: scripts, helper modules and data files."""

from __future__ import annotations

from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.bodies import read_json
from sluice.api.downloads import StoredFile, attachment
from sluice.api.native.environments import environment_of_script
from sluice.api.native.schemas import (
    ReplacedResource,
    ResourceBody,
    ResourceList,
    ResourcePatch,
    ResourceWithText,
    WarningBody,
    json_response,
)
from sluice.api.services import Services, services
from sluice.api.uploads import Received, Rules, received
from sluice.api.versions import expected_versions, needed_versions
from sluice.catalog.environments import own_environment
from sluice.catalog.replacing import Replaced
from sluice.entities import Resource, ResourceKind
from sluice.errors import Unprocessable

KINDS: tuple[ResourceKind, ...] = get_args(ResourceKind)


async def list_resources(request: Request) -> Response:
    """List the resources by name, of one kind where `?kind=` says so."""
    snapshot = services(request).current.value
    kind = kind_of_text(request.query_params.get("kind"))
    found = [resource for resource in snapshot.resources if kind in (None, resource.kind)]
    return json_response(ResourceList(items=[_body(resource, services(request)) for resource in found]))


async def add_resource(request: Request) -> Response:
    """Add a resource from an upload; its name is the file's."""
    found = services(request)

    def check(upload: Received, file_name: str) -> None:
        kind_of_text(upload.fields.get("kind"))
        found.resources.free_name(file_name)

    rules = Rules("resource", {"kind"}, lambda file_name: limit_bytes(found, file_name), several=False, check=check)
    async with received(request, found.files, rules) as upload:
        resource = await found.resources.add(upload.files[0], kind_of_text(upload.fields.get("kind")))
    found.environments.start(own_environment(resource), [resource.header])
    return json_response(_body(resource, found), 201, resource.version)


async def get_resource(request: Request) -> Response:
    """Tell what one resource is, with its text."""
    found = services(request)
    snapshot = found.current.value
    resource = snapshot.resource(request.path_params["name"])
    text = await found.resources.read_text(resource.name)
    return json_response(ResourceWithText(**_values(resource, found), text=text), version=resource.version)


async def replace_resource(request: Request) -> Response:
    """Give a resource other content from an upload, and each pipeline that needs it a new revision."""
    found = services(request)
    expected = expected_versions(request)
    old = found.current.value.resource(request.path_params["name"])
    # The name stays, so it is what the limit goes by.
    rules = Rules("resource", set(), lambda _: limit_bytes(found, old.name), several=False, file_name=old.name)
    async with received(request, found.files, rules) as upload:
        replaced = await found.resources.replace(old.name, upload.files[0], expected)
    found.environments.start(own_environment(replaced.part), [replaced.part.header])
    return _replaced(replaced, found)


async def rename_resource(request: Request) -> Response:
    """Give a resource another name, and each pipeline that needs it a new revision."""
    found, name = services(request), request.path_params["name"]
    expected = needed_versions(request)
    patch = await read_json(request, ResourcePatch)
    new_name = patch.name if "name" in patch.model_fields_set else found.current.value.resource(name).name
    return _replaced(await found.resources.rename(name, new_name, expected), found)


async def delete_resource(request: Request) -> Response:
    """Delete a resource that no pipeline uses."""
    await services(request).resources.delete(request.path_params["name"])
    return Response(status_code=204)


async def download_resource(request: Request) -> Response:
    """Send the resource's file."""
    found = services(request)

    def find() -> StoredFile:
        resource = found.current.value.resource(request.path_params["name"])
        return StoredFile(found.files.path(resource.sha256), resource.size_bytes, resource.name, resource.version)

    return await attachment(request, find)


def limit_bytes(found: Services, file_name: str) -> int:
    """Return how large a resource of this name may be."""
    is_python = file_name.lower().endswith(".py")
    return found.settings.max_script_bytes if is_python else found.settings.max_upload_bytes


def kind_of_text(text: str | None) -> ResourceKind | None:
    """Return the kind that a request names, if it does.

    Raises:
        Unprocessable: there is no such kind.
    """
    if text is None:
        return None
    for kind in KINDS:
        if text == kind:
            return kind
    message = f"Must be one of {', '.join(KINDS)}."
    raise Unprocessable(f"kind: {message}", fields={"kind": message})


def _replaced(replaced: Replaced[Resource], found: Services) -> Response:
    resource, pipelines, changes = replaced
    names = [pipeline.name for pipeline in pipelines]
    body = ReplacedResource(**_values(resource, found), pipelines=names, changes=list(changes))
    return json_response(body, version=resource.version)


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
