"""Replaces several parts of pipelines at once: no call meets a new model with an old script.

The new parts are there under other names first; one change leads each pipeline to them, which the server makes only if
everything loads together. Then the parts get their content under their own names, and the pipelines come back to these.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from sluice.cli.manifest import ModelPart, ResourcePart
from sluice.cli.pushing import Change, Pushing
from sluice.client import CallFailed, address, checked, found

Part = ModelPart | ResourcePart


async def switched(
    pushing: Pushing, parts: Sequence[Part], pipelines: Sequence[dict[str, Any]]
) -> AsyncIterator[Change]:
    """Yield what was changed.

    Args:
        pushing: really, not a dry run.
        parts: models and scripts that are on the server with another content.
        pipelines: that are on the server, too, and shall be as these bodies say.

    Raises:
        CallFailed: they don't load together, and nothing was changed; or another pipeline doesn't load with one of
            them, and these keep to the new parts under their other names until that is mended and this is repeated.
    """
    looking = replace(pushing, dry_run=True)
    planned = [await looking.pipeline(body) for body in pipelines]
    before = [await _as_it_is(pushing, body) for body in pipelines]
    names = {(_collection(part), part.name): _staged_name(part) for part in parts}
    try:
        for part in parts:
            await _push(pushing, replace(part, name=_staged_name(part)))
        for body in pipelines:
            await pushing.pipeline(_led(body, names))
    except BaseException:
        for body in before:
            await pushing.pipeline(body)
        await _remove_staged(pushing, names)
        raise
    for part in parts:
        yield await _push(pushing, part)
    for body, change in zip(pipelines, planned, strict=True):
        await pushing.pipeline(body)
        yield change
    await _remove_staged(pushing, names)


async def _as_it_is(pushing: Pushing, body: dict[str, Any]) -> dict[str, Any]:
    answer = await found(pushing.client, "pipelines", body["name"])
    if answer is None:
        raise CallFailed(f"The pipeline '{body['name']}' was deleted meanwhile.")
    now = answer.json()
    return {key: now[key] for key in body}


async def _push(pushing: Pushing, part: Part) -> Change:
    return await (pushing.model(part) if isinstance(part, ModelPart) else pushing.resource(part))


async def _remove_staged(pushing: Pushing, names: dict[tuple[str, str], str]) -> None:
    for (collection, _), staged in names.items():
        answer = await pushing.client.delete(address(collection, staged))
        if answer.status_code != 404:
            checked(answer)


def _led(body: dict[str, Any], names: dict[tuple[str, str], str]) -> dict[str, Any]:
    """Return a pipeline's body with the other names of its parts."""
    led = {**body, "model": names.get(("models", body["model"]), body["model"])}
    for key in ("preProcessing", "postProcessing"):
        led[key] = names.get(("resources", body[key]), body[key])
    return led


def _collection(part: Part) -> str:
    return "models" if isinstance(part, ModelPart) else "resources"


def _staged_name(part: Part) -> str:
    if isinstance(part, ModelPart):
        return f"{part.name} (new)"
    path = PurePath(part.name)
    return f"{path.stem} (new){path.suffix}"
