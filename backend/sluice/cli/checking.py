"""Checks the pipelines of a manifest in an application of their own: what a server would say of them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2

from sluice.cli.manifest import Manifest, ResourcePart
from sluice.cli.pushing import WAIT_S, Pushing
from sluice.client import CallFailed, address, checked, length_of, patiently, problem_of, streamed

_STEPS = {"preProcessing": "pre-processing", "postProcessing": "post-processing"}


async def check_all(client: httpx2.AsyncClient, draft: Manifest, content: Path | None) -> AsyncIterator[dict[str, Any]]:
    """Yield what became of each pipeline: the answer of the server's own check, with the model's facts and warnings.

    Args:
        client: of an application that has nothing yet.
        draft: the pipelines and their parts.
        content: sent through each of them, instead of their own samples.

    Raises:
        CallFailed: something else than a pipeline is wrong.
    """
    problems: dict[str, dict[str, Any]] = {}
    pushing = Pushing(client)
    for model in draft.models.values():
        try:
            await pushing.model(model)
        except CallFailed as refused:
            problems[model.name] = _judged(refused) | {"step": "model"}
    for resource in draft.resources.values():
        if resource.kind == "data":
            try:
                await pushing.resource(resource)
            except CallFailed as refused:
                problems[resource.name] = _judged(refused)
    for pipeline in draft.pipelines:
        texts = [part for part in _parts(draft, pipeline) if part.kind != "data"]
        report: dict[str, Any] = {"pipeline": pipeline.get("name"), "model": None, "warnings": []}
        for part in texts:
            report["warnings"] += [{"script": part.name, **warning} for warning in await _warnings(client, part)]
        wrong = [problems[name] for name in _names(pipeline) if name in problems]
        if wrong:
            yield report | {"ok": False, "loaded": False, "ran": False, "sample": None, "problem": wrong[0]} | _EMPTY
            continue
        if there := await client.get(address("models", pipeline["model"])):
            report["model"] = there.json() if there.is_success else None
        yield report | await _checked(client, pipeline, texts, content)


_EMPTY: dict[str, Any] = {"trace": None, "output": None}


def _judged(refused: CallFailed) -> dict[str, Any]:
    """Return what is wrong with a part; what isn't the part's fault goes on as an error."""
    if refused.status not in (400, 409, 413, 422):
        raise refused
    return refused.problem


def _names(pipeline: dict[str, Any]) -> list[str]:
    named = [pipeline["model"], *(pipeline.get(key) for key in _STEPS), *pipeline.get("dataFiles", ())]
    return [name for name in named if name is not None]


def _parts(draft: Manifest, pipeline: dict[str, Any]) -> list[ResourcePart]:
    names = dict.fromkeys(_names(pipeline)[1:])
    return [draft.resources[name] for name in names if name in draft.resources]


async def _warnings(client: httpx2.AsyncClient, part: ResourcePart) -> list[dict[str, Any]]:
    """Return what will probably not work in a script; what surely doesn't is the check's to tell."""
    answer = await client.post(
        address("resources", "check"),
        params={"name": part.name, "kind": part.kind},
        content=streamed(part.file),
        headers=length_of(part.file),
    )
    problems = answer.json()["problems"] if answer.is_success else []
    return [{"line": each["line"], "message": each["message"]} for each in problems if each["severity"] == "warning"]


async def _checked(
    client: httpx2.AsyncClient, pipeline: dict[str, Any], texts: list[ResourcePart], content: Path | None
) -> dict[str, Any]:
    async def send() -> httpx2.Response:
        with ExitStack() as stack:
            named = [(f"source:{part.name}", part.file) for part in texts]
            named += [("input", content)] if content else []
            files = [(name, (path.name, stack.enter_context(path.open("rb")))) for name, path in named]
            form = {"pipeline": json.dumps(pipeline)}
            return await client.post(address("pipelines", "check"), data=form, files=files)

    answer = await patiently(send, WAIT_S)
    if answer.status_code in (413, 422):
        return {"ok": False, "loaded": False, "ran": False, "sample": None, "problem": problem_of(answer)} | _EMPTY
    found: dict[str, Any] = checked(answer).json()
    return found
