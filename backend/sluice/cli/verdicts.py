"""Judges what was saved: each part and pipeline is tried in an application of its own, as it would be on the server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2

from sluice.catalog.default_names import default_model_name, safe_pipeline_name
from sluice.cli.manifest import ModelPart, ResourcePart
from sluice.cli.pushing import WAIT_S
from sluice.cli.saved import Saved, SavedPipeline, proposed
from sluice.client import CallFailed, address, checked, found, length_of, patiently, streamed


@dataclass(frozen=True)
class Verdict:
    """What is known of a model, a script or a pipeline.

    Attributes:
        kind: `model`, `resource` or `pipeline`.
        what: to be pushed; None where that isn't possible.
        problem: why it can't be used as it is, and the repair.
        warnings: what will probably not work.
        notes: what else people should know.
        deed: what was done with it, once it was.
    """

    kind: str
    name: str
    what: ModelPart | ResourcePart | dict[str, Any] | None
    problem: str | None = None
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    deed: str | None = None


@dataclass
class Judging:
    """Judges one folder.

    Attributes:
        client: of an application that has nothing yet.
    """

    client: httpx2.AsyncClient
    saved: Saved
    verdicts: list[Verdict] = field(default_factory=list)

    async def all(self) -> list[Verdict]:
        """Return a verdict on each model, script and pipeline, in this order.

        Raises:
            CallFailed: something else than one of them is wrong.
        """
        wanted = {pipeline.model for pipeline in self.saved.pipelines or ()}
        models: dict[str, Path] = {}
        for path in _distinct(self.saved.models):
            self.verdicts.append(await self._model(path, wanted, models))
        scripts: dict[str, Path] = {}
        for path in _distinct(self.saved.scripts):
            self.verdicts.append(await self._script(path, scripts))
        usable = {(each.kind, each.name) for each in self.verdicts if each.problem is None}
        pipelines = self.saved.pipelines
        if pipelines is None:
            whole = {name: path for name, path in models.items() if ("model", name) in usable}
            pipelines = tuple(proposed(whole, [name for name in scripts if ("resource", name) in usable]))
        for pipeline in pipelines:
            self.verdicts.append(await self._pipeline(pipeline))
        return self.verdicts

    async def _model(self, path: Path, wanted: Iterable[str], taken: dict[str, Path]) -> Verdict:
        try:
            made = await self._uploaded("models", path, name=f"model {len(self.verdicts)}")
        except CallFailed as refused:
            return Verdict("model", path.stem, None, _told(refused))
        name = default_model_name(made["graphName"], path.name, made["sha256"])
        called = [each for each in (made["graphName"], name, path.stem, path.name) if each in wanted]
        name = next((each for each in [*called, name, path.stem] if each not in taken), name)
        if name in taken:
            problem = f"'{taken[name]}' has this name, too: it is the name of both graphs. Rename one of the files."
            return Verdict("model", name, None, problem)
        taken[name] = path
        try:
            await self._renamed(made["name"], name)
        except CallFailed as refused:
            return Verdict("model", name, None, _told(refused))
        note = () if name == path.stem else (f"from the file {path.name}",)
        return Verdict("model", name, ModelPart(name, path), notes=note)

    async def _renamed(self, old: str, new: str) -> None:
        change = {"name": new}
        checked(await self.client.patch(address("models", old), json=change, headers={"If-Match": "*"}))

    async def _script(self, path: Path, taken: dict[str, Path]) -> Verdict:
        if path.name in taken:
            problem = f"'{taken[path.name]}' and '{path}' have the same name and aren't the same. Remove one of them."
            return Verdict("resource", path.name, None, problem)
        taken[path.name] = path
        try:
            made = await self._uploaded("resources", path, kind="script")
        except CallFailed as refused:
            return Verdict("resource", path.name, None, _told(refused))
        warnings = tuple(warning["message"] for warning in made["warnings"])
        return Verdict("resource", path.name, ResourcePart(path.name, path, "script"), warnings=warnings)

    async def _pipeline(self, pipeline: SavedPipeline) -> Verdict:
        name = safe_pipeline_name(pipeline.name)
        notes = () if name == pipeline.name else (f"was called '{pipeline.name}'",)
        body = {
            "name": name,
            "model": pipeline.model,
            "preProcessing": pipeline.pre_processing,
            "postProcessing": pipeline.post_processing,
        }
        scripts = [script for script in (pipeline.pre_processing, pipeline.post_processing) if script]
        verdict = Verdict("pipeline", name, body, notes=notes)
        if problems := [*await self._missing("model", [pipeline.model]), *await self._missing("resource", scripts)]:
            return replace(verdict, problem=" ".join(problems))
        try:
            checked(await patiently(lambda: self.client.post(address("pipelines"), json=body), WAIT_S))
        except CallFailed as refused:
            return replace(verdict, problem=_told(refused))
        return verdict

    async def _missing(self, kind: str, names: Sequence[str]) -> list[str]:
        """Return why parts of a pipeline can't be used."""
        told = []
        for name in names:
            if await found(self.client, f"{kind}s", name):
                continue
            refused = any(each.problem for each in self.verdicts if (each.kind, each.name) == (kind, name))
            what = "model" if kind == "model" else "script"
            told.append(
                f"Its {what} '{name}' has to be repaired first."
                if refused
                else f"Its {what} '{name}' isn't in the folder: save it there, too."
            )
        return told

    async def _uploaded(self, collection: str, path: Path, **said: str) -> dict[str, Any]:
        answer = await self.client.post(
            address(collection),
            params={"fileName": path.name, **said},
            content=streamed(path),
            headers=length_of(path),
        )
        made: dict[str, Any] = checked(answer).json()
        return made


def _distinct(paths: Iterable[Path]) -> list[Path]:
    """Return the files without those that are copies of another one of the same name."""
    seen: dict[tuple[str, str], Path] = {}
    for path in paths:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        seen.setdefault((path.name, digest), path)
    return list(seen.values())


def _told(refused: CallFailed) -> str:
    """Return what is wrong with a part or pipeline; what isn't its own fault goes on as an error."""
    if refused.status not in (400, 409, 413, 422):
        raise refused
    return str(refused)
