"""Tries a pipeline that doesn't exist yet, with scripts that aren't saved: in workers of its own, which are gone after.

Nothing of it is kept: unsaved texts are staged files, workers get copies of them, and no row is written.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from sluice.catalog.environments import in_environment
from sluice.catalog.loading import Loading
from sluice.catalog.names import checked_name, name_key
from sluice.catalog.parts import NewPipeline, Parts
from sluice.catalog.resources import Resources
from sluice.catalog.samples import made_sample
from sluice.catalog.secrets import check_names, resealed, sealed
from sluice.catalog.snapshot import Current, Snapshot
from sluice.catalog.target import target_of
from sluice.catalog.uploads import Upload
from sluice.entities import Model, Pipeline, Resource, ResourceKind
from sluice.errors import (
    DeadlineExceeded,
    InvalidPipeline,
    InvalidScript,
    NotAvailable,
    PipelineBroken,
    SluiceError,
    Unprocessable,
    WorkerDied,
)
from sluice.storage.files import FileStore
from sluice.storage.ids import new_id, now
from sluice.storage.vault import Vault
from sluice.workers.body import Body
from sluice.workers.call import Prediction
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Part, Target

AT_ONCE = 2
MOST_WAITING = 8

SampleKind = Literal["input", "stored", "made"]
_FAULTS = (Unprocessable, PipelineBroken, WorkerDied, DeadlineExceeded)


@dataclass(frozen=True)
class Checked:
    """What became of a draft.

    Attributes:
        loaded: whether a worker loaded it.
        sample: what was sent through it: the caller's input, the draft's sample or zeros; None if nothing was.
        prediction: the answer, with its trace.
        problem: why there isn't all of it.
    """

    loaded: bool
    sample: SampleKind | None = None
    prediction: Prediction | None = None
    problem: SluiceError | None = None


class Checking:
    """Checks drafts, a few at once."""

    def __init__(
        self, current: Current, files: FileStore, resources: Resources, supervisor: Supervisor, vault: Vault
    ) -> None:
        self._current = current
        self._files = files
        self._resources = resources
        self._supervisor = supervisor
        self._vault = vault
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._places = AT_ONCE + MOST_WAITING

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Give a block in which a draft is received and checked.

        Raises:
            NotAvailable: as many are under way as may be.
        """
        if not self._places:
            raise NotAvailable("Too many checks are under way. Try again in a moment.", retry_after_s=5)
        self._places -= 1
        try:
            yield
        finally:
            self._places += 1

    async def check(self, new: NewPipeline, sources: Sequence[Upload], content: Body | None) -> Checked:
        """Load a draft and send a sample through it; cancelling it ends its workers.

        Args:
            new: the draft; it may have no name, or that of a pipeline that is there.
            sources: texts that take the place of what is saved under their file names, if anything is.
            content: the sample; by default the draft's own, or else one that is made up if there is no pre-processing.

        Raises:
            Unprocessable: the draft doesn't use one of the sources.
            NotAvailable: the server is stopping.
        """
        async with self._gate:
            try:
                drafted = [await self._drafted(new, source) for source in sources]
                parts = self._resolved(new, drafted)
                pipeline = self._with_secrets(_pipeline(new, parts), new)
            except Unprocessable as wrong:
                return Checked(loaded=False, problem=wrong)
            _check_used(pipeline, drafted)
            checked = await self._try(pipeline, parts, _paths(drafted, sources), content)
            if checked.problem and self._is_outdated(new, drafted, parts):
                changed = InvalidPipeline("A part of the pipeline was changed while it was checked. Try again.")
                return Checked(loaded=False, problem=changed)
            return checked

    async def _drafted(self, new: NewPipeline, source: Upload) -> Resource:
        """Return the resource that an unsaved text would make."""
        snapshot = self._current.value
        saved = snapshot.resource(source.file_name) if snapshot.has_resource(source.file_name) else None
        kind = saved.kind if saved else _kind(new, source.file_name)
        name = saved.name if saved else source.file_name
        try:
            inspected = await self._resources.inspect(Upload(name, source.staged), kind)
        except InvalidScript as bad:
            bad.details |= {"script": name, "step": _step(new, name)}
            raise
        return Resource(
            id=saved.id if saved else new_id(),
            name=name,
            kind=kind,
            created_at=now(),
            revision_id=new_id(),
            revision=saved.revision + 1 if saved else 1,
            sha256=source.staged.sha256,
            size_bytes=source.staged.size_bytes,
            warnings=inspected.warnings,
            header=inspected.header,
        )

    def _with_secrets(self, pipeline: Pipeline, new: NewPipeline) -> Pipeline:
        """Return a draft with the secrets that it brings, beside those of the pipeline whose name it has."""
        snapshot = self._current.value
        if snapshot.has_pipeline(pipeline.name):
            pipeline = resealed(self._vault, pipeline, snapshot.pipeline(pipeline.name))
        check_names(new.policy, {*new.secrets, *(secret.name for secret in pipeline.secrets)})
        return sealed(self._vault, pipeline, new.secrets)

    def _resolved(self, new: NewPipeline, drafted: Sequence[Resource]) -> Parts:
        snapshot: Snapshot = self._current.value.replacing(drafted)
        return Parts.resolved(snapshot, new)

    def _is_outdated(self, new: NewPipeline, drafted: Sequence[Resource], parts: Parts) -> bool:
        try:
            return self._resolved(new, drafted) != parts
        except Unprocessable:
            return True

    async def _try(
        self, pipeline: Pipeline, parts: Parts, unsaved: Mapping[str, Path], content: Body | None
    ) -> Checked:
        def target(entity: Pipeline | Model, files: FileStore) -> Target:
            return _with_unsaved(target_of(entity, files), unsaved)

        loaded = False
        sample: SampleKind | None = None
        try:
            async with Loading(self._files, self._supervisor, target) as loading:
                await loading.load_pipeline(pipeline)
                loaded = True
                sample, body = await self._sample(pipeline, parts, unsaved, content)
                if body is None:
                    return Checked(loaded=True)
                prediction = await self._supervisor.submit(target(pipeline, self._files), body, trace=True)
                return Checked(True, sample, prediction)
        except _FAULTS as fault:
            return Checked(loaded, sample, problem=fault)

    async def _sample(
        self, pipeline: Pipeline, parts: Parts, unsaved: Mapping[str, Path], content: Body | None
    ) -> tuple[SampleKind | None, Body | None]:
        if content is not None:
            return "input", content
        if parts.sample:
            path = unsaved.get(parts.sample.name) or self._files.path(parts.sample.sha256)
            try:
                return "stored", await asyncio.to_thread(path.read_bytes)
            except FileNotFoundError:
                raise InvalidPipeline(f"The sample '{parts.sample.name}' is gone.") from None
        if pipeline.pre_processing is None and (made := made_sample(pipeline.model.facts.inputs)):
            return "made", made
        return None, None


def _pipeline(new: NewPipeline, parts: Parts) -> Pipeline:
    # The sample is what is tried here, with a trace; as part of the policy each worker would be warmed with it before.
    name = checked_name(new.name) if new.name else "(new)"
    head = Pipeline(new_id(), name, now(), revision_id=new_id(), revision=1, model=parts.model)
    policy = replace(new.policy, workers=1, pinned=False)
    pipeline = in_environment(parts.of(head, policy))
    return replace(pipeline, policy=replace(pipeline.policy, sample=None))


def _kind(new: NewPipeline, name: str) -> ResourceKind:
    scripts = {name_key(script) for script in (new.pre_processing, new.post_processing) if script}
    if name_key(name) in scripts:
        return "script"
    return "module" if name.endswith(".py") else "data"


def _step(new: NewPipeline, name: str) -> str | None:
    for step, script in (("pre-processing", new.pre_processing), ("post-processing", new.post_processing)):
        if script is not None and name_key(script) == name_key(name):
            return step
    return None


def _check_used(pipeline: Pipeline, drafted: Sequence[Resource]) -> None:
    used = {resource.revision_id for resource in pipeline.resources()}
    fields = {f"source:{each.name}": "The draft doesn't use it." for each in drafted if each.revision_id not in used}
    if fields:
        raise Unprocessable(" ".join(f"{name}: {text}" for name, text in fields.items()), fields=fields)


def _paths(drafted: Sequence[Resource], sources: Sequence[Upload]) -> dict[str, Path]:
    return {resource.name: source.staged.path for resource, source in zip(drafted, sources, strict=True)}


def _with_unsaved(target: Target, unsaved: Mapping[str, Path]) -> Target:
    def found(part: Part) -> Part:
        return Part(part.name, unsaved.get(part.name, part.path))

    return replace(
        target,
        pre=target.pre and found(target.pre),
        post=target.post and found(target.post),
        files=tuple(found(part) for part in target.files),
    )
