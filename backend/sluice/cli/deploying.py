"""Brings a whole manifest to a server: parts first, pipelines last, and what fits only together at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from typing import Any

from sluice.cli.manifest import Manifest, ModelPart, ResourcePart
from sluice.cli.pushing import Change, Pushing
from sluice.cli.switching import switched
from sluice.client import CallFailed

_PARTS = ("model", "preProcessing", "postProcessing")


async def deployed(pushing: Pushing, wanted: Manifest) -> AsyncIterator[Change]:
    """Yield each change as soon as it is made.

    Raises:
        CallFailed: the server refused one; those before it stand.
    """
    together, bodies = ([], []) if pushing.dry_run else await _together(pushing, wanted)
    names = {(type(part), part.name) for part in together}
    for model in wanted.models.values():
        if (ModelPart, model.name) not in names:
            yield await _named("model", model.name, pushing.model(model))
    for resource in wanted.resources.values():
        if (ResourcePart, resource.name) not in names:
            yield await _named("resource", resource.name, pushing.resource(resource))
    if together:
        try:
            async for change in switched(pushing, together, bodies):
                yield change
        except CallFailed as refused:
            raise _told(", ".join(f"'{part.name}'" for part in together) + " together", refused) from None
    for body in wanted.pipelines:
        if body not in bodies:
            yield await _named("pipeline", body["name"], pushing.pipeline(body))


async def _together(pushing: Pushing, wanted: Manifest) -> tuple[list[ModelPart | ResourcePart], list[dict[str, Any]]]:
    """Return the parts that are to be replaced at once, and the pipelines that need them.

    Those are the model and the scripts of a pipeline that is there, where more of it than one of them is different: a
    new model may fit the new script only. What scripts find by its name, helper modules and data files, can't be there
    twice, and so goes first.
    """
    looking = Pushing(pushing.client, dry_run=True)
    different: dict[tuple[type, str], ModelPart | ResourcePart] = {}
    also = set()
    parts: list[ModelPart | ResourcePart] = [*wanted.models.values(), *wanted.resources.values()]
    for part in parts:
        change = await (looking.model(part) if isinstance(part, ModelPart) else looking.resource(part))
        if change.deed != "replaced":
            continue
        if (isinstance(part, ModelPart) and part.data) or (isinstance(part, ResourcePart) and part.kind != "script"):
            also.add((type(part), part.name))
        else:
            different[type(part), part.name] = part
    there = [body for body in wanted.pipelines if (await looking.pipeline(body)).deed != "created"]
    for body in there:
        keys = _keys(body)
        own = [key for key in keys if key in different]
        more = any(key in also for key in keys) or (await looking.pipeline(body)).deed == "changed"
        if own and (len(own) > 1 or more):
            break
    else:
        return [], []
    return list(different.values()), [body for body in there if any(key in different for key in _keys(body))]


def _keys(body: dict[str, Any]) -> list[tuple[type, str]]:
    scripts = [body[key] for key in _PARTS[1:] if body[key]]
    return [(ModelPart, body["model"]), *((ResourcePart, name) for name in (*scripts, *body["dataFiles"]))]


async def _named(kind: str, name: str, work: Awaitable[Change]) -> Change:
    try:
        return await work
    except CallFailed as refused:
        raise _told(f"{kind} '{name}'", refused) from None


def _told(what: str, refused: CallFailed) -> CallFailed:
    return CallFailed(f"{what}: {refused}", refused.status, refused.problem)
