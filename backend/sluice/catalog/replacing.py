"""Gives a model or resource new content, and with it each pipeline that needs it a new revision, all or none.

New workers are up before the first row is written, and the old ones go only after nobody is sent to them any more: so
no call fails on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Generic, NamedTuple, TypeVar

from sluice.catalog.changes import Changes
from sluice.catalog.environments import in_environment
from sluice.catalog.loading import ChangedMeanwhile, Loading
from sluice.catalog.names import name_key
from sluice.catalog.snapshot import Current, Entity, Snapshot
from sluice.entities import Model, Pipeline, Resource
from sluice.errors import Conflict, NotFound
from sluice.storage.files import FileStore, StagedFile
from sluice.storage.ids import new_id
from sluice.storage.revisions import write_revisions
from sluice.workers.supervisor import Supervisor

_MOST_ATTEMPTS = 5

P = TypeVar("P", Model, Resource)


class Replaced(NamedTuple, Generic[P]):
    """What was replaced.

    Attributes:
        part: its new revision; the same one where nothing changed.
        pipelines: that have a new revision now.
        changes: what is different, in sentences.
    """

    part: P
    pipelines: tuple[Pipeline, ...] = ()
    changes: tuple[str, ...] = ()


class Replacing:
    """What the use cases share to replace revisions."""

    def __init__(self, current: Current, changes: Changes, files: FileStore, supervisor: Supervisor) -> None:
        self._current = current
        self._changes = changes
        self._files = files
        self._supervisor = supervisor

    def loading(self) -> Loading:
        """Return a block in which to load new revisions."""
        return Loading(self._files, self._supervisor)

    async def part(self, old: Model | Resource, new: Model | Resource, file: StagedFile | None) -> tuple[Pipeline, ...]:
        """Replace a part in every pipeline and return the pipelines' new revisions.

        Args:
            old: its current revision.
            new: the next one.
            file: its content, unless that stays.

        Raises:
            InvalidPipeline: pipelines don't load with it; nothing was changed.
            NameTaken: another one has its new name.
            NotFound: it was deleted meanwhile.
            Conflict: it was changed meanwhile.
        """
        held = self._changes.holding(file) if file else nullcontext()
        async with held, self.loading() as loading:
            prepared: dict[str, Pipeline] = {}  # the next revision by the id of the current one
            for _ in range(_MOST_ATTEMPTS):
                users = self._current.value.users_of(old)
                unprepared = [user for user in users if user.revision_id not in prepared]
                fresh = {user.revision_id: _pinning(user, old, new) for user in unprepared}
                await loading.load_all(self._worth_loading(old, new, fresh.values()), self._resting(users))
                prepared |= fresh
                try:
                    return await self._commit_part(old, new, prepared, loading)
                except ChangedMeanwhile:
                    continue
        raise Conflict(f"The pipelines of '{old.name}' were changed again and again meanwhile. Try again.")

    def _worth_loading(
        self, old: Model | Resource, new: Model | Resource, pipelines: Iterable[Pipeline]
    ) -> list[Pipeline | Model]:
        """Return the pipelines, and the bare model where it is in use."""
        bare = [new] if isinstance(new, Model) and not self._is_idle(old) else []
        return [*pipelines, *bare]

    def _is_idle(self, entity: Pipeline | Model | Resource) -> bool:
        return self._supervisor.state(entity.revision_id).state == "idle"

    def _resting(self, pipelines: Iterable[Pipeline]) -> set[str]:
        """Return the ids of the pipelines that have no worker now, and needn't have one afterwards."""
        return {each.id for each in pipelines if not (each.policy.pinned and each.model.active) and self._is_idle(each)}

    async def _commit_part(
        self, old: Model | Resource, new: Model | Resource, prepared: dict[str, Pipeline], loading: Loading
    ) -> tuple[Pipeline, ...]:
        pipelines: list[Pipeline] = []

        def choose(snapshot: Snapshot) -> Sequence[Entity]:
            _assert_current(snapshot, old)
            users = snapshot.users_of(old)
            if not all(user.revision_id in prepared for user in users):
                raise ChangedMeanwhile
            for user in users:
                # What is said of a pipeline's model may have changed since it was loaded.
                model = user.model if isinstance(new, Resource) else new
                pipelines.append(replace(prepared[user.revision_id], model=model))
            return [new, *pipelines]

        async def write() -> None:
            async with loading.taken([*([new] if isinstance(new, Model) else []), *pipelines]):
                await write_revisions(old, new, pipelines, name_key)

        async def end_old() -> None:
            chosen = {pipeline.revision_id for pipeline in pipelines}
            replaced = [key for key, pipeline in prepared.items() if pipeline.revision_id in chosen]
            await self._supervisor.retire_all([old.revision_id, *replaced])

        await self._changes.replace(choose, write, end_old)
        return tuple(pipelines)

    async def pipeline(self, old: Pipeline, new: Pipeline, still_fits: Callable[[], bool], loading: Loading) -> None:
        """Replace a pipeline by its next revision, which is loaded already.

        Args:
            old: its current revision.
            new: the next one.
            still_fits: whether its parts are those that were loaded.
            loading: keeps the new revision's pool from now on.

        Raises:
            ChangedMeanwhile: it, or a part, isn't what it was; nothing was changed.
            NameTaken: another pipeline has the new name.
        """

        def choose(snapshot: Snapshot) -> Sequence[Entity]:
            if snapshot.find(old.id) != old or not still_fits():
                raise ChangedMeanwhile
            return [new]

        async def write() -> None:
            async with loading.taken([new]):
                await write_revisions(old, None, [new], name_key)

        await self._changes.replace(choose, write, lambda: self._supervisor.retire_all([old.revision_id]))


def _pinning(pipeline: Pipeline, old: Model | Resource, part: Model | Resource) -> Pipeline:
    """Return the next revision of a pipeline, with a part's next revision in it."""
    revised = replace(pipeline, revision_id=new_id(), revision=pipeline.revision + 1)
    if isinstance(part, Model):
        return replace(revised, model=part)

    def swapped(resource: Resource | None) -> Resource | None:
        return part if resource and resource.id == part.id else resource

    revised = replace(
        revised,
        pre_processing=swapped(pipeline.pre_processing),
        post_processing=swapped(pipeline.post_processing),
        data_files=tuple(part if file.id == part.id else file for file in pipeline.data_files),
    )
    if pipeline.policy.sample == old.name and part in revised.data_files:
        revised = replace(revised, policy=replace(pipeline.policy, sample=part.name))
    return revised if part.kind == "data" else in_environment(revised)


def _assert_current(snapshot: Snapshot, part: Model | Resource) -> None:
    kind = "model" if isinstance(part, Model) else "resource"
    found = snapshot.find(part.id)
    if found is None:
        raise NotFound(f"There is no {kind} named '{part.name}' any more.", kind, part.name)
    if found != part:
        raise Conflict(f"The {kind} '{part.name}' was changed meanwhile. Try again.")
