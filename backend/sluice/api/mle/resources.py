"""Resources: pre- and post-processing scripts."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.downloads import StoredFile, attachment
from sluice.api.mle.answers import answer, names
from sluice.api.mle.finding import python_file, python_files
from sluice.api.services import services
from sluice.api.uploads import Received, Rules, received
from sluice.catalog.environments import own_environment
from sluice.errors import NotFound, UnreadableScript


async def list_resources(request: Request) -> Response:
    """List the scripts' file names."""
    return answer({"resources": names(python_files(services(request).current.value))})


async def get_resource(request: Request) -> Response:
    """Send a script's text as it was uploaded."""
    found = services(request)

    def find() -> StoredFile:
        resource = python_file(found.current.value, request.path_params["name"])
        return StoredFile(found.files.path(resource.sha256), resource.size_bytes, resource.name, resource.version)

    sent = await attachment(request, find)
    sent.headers["Content-Type"] = "text/plain; charset=utf-8"
    del sent.headers["Content-Disposition"]
    return sent


async def add_resource(request: Request) -> Response:
    """Add a script from an upload; its name is the file's. Lists all names, the new one first."""
    found = services(request)

    def check(_: Received, file_name: str) -> None:
        if not file_name.endswith(".py"):
            raise UnreadableScript(f"A script's file name ends in .py; '{file_name}' doesn't.")
        found.resources.free_name(file_name)

    rules = Rules(
        "resource",
        set(),
        lambda _: found.settings.max_script_bytes,
        several=False,
        check=check,
        file_name=request.query_params.get("file", ""),
        file_name_key="file",
        lenient=True,
    )
    async with received(request, found.files, rules) as upload:
        added = await found.resources.add(upload.files[0], "script")
    found.environments.start(own_environment(added), [added.header])
    others = [name for name in names(python_files(found.current.value)) if name != added.name]
    return answer({"resources": [added.name, *others]}, 201)


async def delete_resource(request: Request) -> Response:
    """Delete a script that no pipeline uses, and list those that remain."""
    found, name = services(request), request.path_params["name"]
    try:
        await found.resources.delete(python_file(found.current.value, name).name)
    except NotFound:
        raise NotFound(f"Resource file '{name}' not found") from None  # without the full stop that GET has
    return await list_resources(request)


async def delete_all_resources(request: Request) -> Response:
    """Delete all scripts, or none where a pipeline uses one."""
    await services(request).resources.delete_all(python_files)
    return await list_resources(request)
