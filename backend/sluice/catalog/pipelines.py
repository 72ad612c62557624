"""Adding and deleting pipelines."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from sluice.catalog.changes import Changes
from sluice.catalog.names import checked_name, name_key
from sluice.catalog.parts import Parts
from sluice.catalog.snapshot import Current
from sluice.catalog.target import target_of
from sluice.entities import Pipeline, Policy
from sluice.errors import InvalidPipeline, PipelineBroken
from sluice.storage.files import FileStore
from sluice.storage.heads import name_taken
from sluice.storage.ids import new_id, now
from sluice.storage.pipelines import PipelineStore
from sluice.workers.supervisor import Supervisor

_FIELD_OF_STEP = {"pre-processing": "preProcessing", "model": "model", "post-processing": "postProcessing"}


@dataclass(frozen=True)
class NewPipeline:
    """What a pipeline is to be made of; parts by name."""

    name: str
    model: str
    pre_processing: str | None = None
    post_processing: str | None = None
    data_files: Sequence[str] = ()
    policy: Policy = field(default_factory=Policy)


class Pipelines:
    """The use cases of the Pipelines page."""

    def __init__(self, current: Current, changes: Changes, files: FileStore, supervisor: Supervisor) -> None:
        self._current = current
        self._changes = changes
        self._files = files
        self._supervisor = supervisor
        self._store = PipelineStore()

    async def add(self, new: NewPipeline) -> Pipeline:
        """Load a pipeline in a worker and keep it; what doesn't load isn't kept.

        Raises:
            InvalidName: the name can't be kept.
            NameTaken: another pipeline has it.
            InvalidPipeline: a part doesn't exist, is of the wrong kind, or doesn't load.
        """
        name = checked_name(new.name)
        if self._current.value.has_pipeline(name):
            raise name_taken("pipeline", name)
        parts = self._resolve(new)
        pipeline = Pipeline(
            id=new_id(),
            name=name,
            created_at=now(),
            revision_id=new_id(),
            revision=1,
            model=parts.model,
            pre_processing=parts.pre_processing,
            post_processing=parts.post_processing,
            data_files=parts.data_files,
            policy=replace(new.policy, sample=parts.sample.name if parts.sample else None),
        )

        async def write() -> None:
            # Loading took a while: a part may have been deleted, or replaced by another of its name.
            if self._resolve(new) != parts:
                raise InvalidPipeline("A part of the pipeline was changed while it was loaded. Try again.")
            await self._store.add(pipeline, name_key(name))

        try:
            await self._load(pipeline)
            return await self._changes.add(pipeline, write)
        except BaseException:
            await asyncio.shield(self._supervisor.retire(pipeline.revision_id))
            raise

    async def delete(self, name: str) -> None:
        """Delete a pipeline and end its workers; its parts stay.

        Raises:
            NotFound: no pipeline has that name.
        """
        pipeline = await self._changes.remove(lambda snapshot: snapshot.pipeline(name), self._store.remove)
        await self._supervisor.retire(pipeline.revision_id)

    def _resolve(self, new: NewPipeline) -> Parts:
        return Parts.resolved(
            self._current.value,
            model=new.model,
            pre_processing=new.pre_processing,
            post_processing=new.post_processing,
            data_files=new.data_files,
            sample=new.policy.sample,
        )

    async def _load(self, pipeline: Pipeline) -> None:
        try:
            await self._supervisor.warm(target_of(pipeline, self._files))
        except PipelineBroken as broken:
            field = _FIELD_OF_STEP.get(broken.details.get("step", ""))
            fields = {field: broken.message} if field else {}
            raise InvalidPipeline(broken.message, fields=fields, **broken.details) from broken
