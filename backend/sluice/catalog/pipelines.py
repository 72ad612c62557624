"""Adding, changing and deleting pipelines."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from sluice.catalog.activity import check_active, warm_pinned
from sluice.catalog.changes import Changes
from sluice.catalog.environments import in_environment
from sluice.catalog.loading import ChangedMeanwhile
from sluice.catalog.names import checked_name, checked_new_name, name_key
from sluice.catalog.parts import NewPipeline, Parts
from sluice.catalog.replacing import Replacing
from sluice.catalog.secrets import are_readable, check_names, sealed
from sluice.catalog.snapshot import Current, Snapshot
from sluice.catalog.target import target_of
from sluice.entities import Expected, Pipeline, Secret
from sluice.errors import Conflict, InvalidPipeline, NotFound, PipelineBroken
from sluice.storage.entries import entry_of
from sluice.storage.files import FileStore
from sluice.storage.heads import name_taken
from sluice.storage.ids import new_id, now
from sluice.storage.pipelines import PipelineStore
from sluice.storage.transaction import note
from sluice.storage.vault import Vault
from sluice.workers.supervisor import Supervisor

_MOST_ATTEMPTS = 5


class Pipelines:
    """The use cases of the Pipelines page."""

    def __init__(
        self, current: Current, changes: Changes, files: FileStore, supervisor: Supervisor, vault: Vault
    ) -> None:
        self._current = current
        self._changes = changes
        self._files = files
        self._supervisor = supervisor
        self._vault = vault
        self._replacing = Replacing(current, changes, files, supervisor)
        self._store = PipelineStore()

    def free_name(self, text: str) -> str:
        """Return the name that a new pipeline will get.

        Raises:
            InvalidName: it can't be kept.
            NameTaken: another pipeline has it.
        """
        name = checked_new_name(text)
        if self._current.value.has_pipeline(name):
            raise name_taken("pipeline", self._current.value.pipeline(name).name)
        return name

    async def add(self, new: NewPipeline) -> Pipeline:
        """Load a pipeline in a worker and keep it; what doesn't load isn't kept.

        Raises:
            InvalidName: the name can't be kept.
            NameTaken: another pipeline has it.
            InvalidPipeline: a part doesn't exist, is of the wrong kind, or doesn't load.
        """
        name = self.free_name(new.name)
        parts = self._resolve(new)
        head = Pipeline(new_id(), name, now(), revision_id=new_id(), revision=1, model=parts.model)
        check_names(new.policy, new.secrets)
        pipeline = sealed(self._vault, in_environment(parts.of(head, new.policy)), new.secrets)

        async def write() -> None:
            # Loading took a while: a part may have been deleted, or replaced by another of its name.
            if self._resolve(new) != parts:
                raise InvalidPipeline("A part of the pipeline was changed while it was loaded. Try again.")
            async with loading.taken([pipeline]):
                await self._store.add(pipeline, name_key(name))

        async with self._replacing.loading() as loading:
            await loading.load_pipeline(pipeline)
            return await self._changes.add(pipeline, write)

    async def change(
        self, name: str, edit: Callable[[NewPipeline], NewPipeline], expected: Expected = None
    ) -> Pipeline:
        """Replace a pipeline by its next revision, once that is loaded, and return it; no call fails on the way.

        Args:
            name: of the pipeline.
            edit: returns what it is to be made of, from what it is made of.
            expected: which revision the change is made to.

        Raises:
            NotFound: no pipeline has that name.
            PreconditionFailed: it is at another revision.
            InvalidName: the new name can't be kept.
            NameTaken: another pipeline has it.
            InvalidPipeline: a part doesn't exist, is of the wrong kind, or doesn't load.
        """
        for _ in range(_MOST_ATTEMPTS):
            old = self._current.value.pipeline(name)
            old.assert_expected(expected)
            with suppress(ChangedMeanwhile):
                return await self._change(old, edit(NewPipeline.of(old)))
        raise Conflict(f"The pipeline '{name}' was changed again and again meanwhile. Try again.")

    async def _change(self, old: Pipeline, wanted: NewPipeline) -> Pipeline:
        parts = self._resolve(wanted)
        check_names(wanted.policy, (secret.name for secret in old.secrets))
        changed = parts.of(replace(old, name=self._free_name(wanted.name, old)), wanted.policy)
        if tuple(changed.resources()) != tuple(old.resources()):
            changed = in_environment(changed)  # only then: no library changes unseen
        if changed == old:
            return old
        new = replace(changed, revision_id=new_id(), revision=old.revision + 1)
        async with self._replacing.loading() as loading:
            await loading.load_pipeline(new)
            await self._replacing.pipeline(old, new, lambda: self._resolve(wanted) == parts, loading)
        return new

    async def set_secret(self, name: str, secret: str, value: str) -> Secret:
        """Give a pipeline a secret, or another value of one, once new workers were loaded with it; no call fails.

        Args:
            name: of the pipeline.
            secret: name of the secret.
            value: itself.

        Raises:
            NotFound: no pipeline has that name.
            InvalidPipeline: the secret can't have that name, or the pipeline doesn't load with it.
        """

        def edit(old: Pipeline) -> Pipeline:
            check_names(old.policy, {secret, *(kept.name for kept in old.secrets)})
            return sealed(self._vault, old, {secret: value})

        changed = await self._change_secrets(name, edit)
        return next(kept for kept in changed.secrets if kept.name == secret)

    async def remove_secret(self, name: str, secret: str) -> None:
        """Take a secret from a pipeline, once new workers were loaded without it; no call fails.

        Raises:
            NotFound: no pipeline has that name, or it has no such secret.
            InvalidPipeline: the pipeline doesn't load without it.
        """

        def edit(old: Pipeline) -> Pipeline:
            if secret not in [kept.name for kept in old.secrets]:
                raise NotFound(f"The pipeline '{old.name}' has no secret named '{secret}'.", "secret", secret)
            return replace(old, secrets=tuple(kept for kept in old.secrets if kept.name != secret))

        await self._change_secrets(name, edit)

    async def _change_secrets(self, name: str, edit: Callable[[Pipeline], Pipeline]) -> Pipeline:
        for _ in range(_MOST_ATTEMPTS):
            old = self._current.value.pipeline(name)
            new = replace(edit(old), revision_id=new_id(), revision=old.revision + 1)
            with suppress(ChangedMeanwhile):
                async with self._replacing.loading() as loading:
                    # One by one is how those that can't be read are set anew.
                    if are_readable(self._vault, new):
                        await loading.load_pipeline(new)
                    await self._replacing.pipeline(old, new, lambda: True, loading)
                return new
        raise Conflict(f"The pipeline '{name}' was changed again and again meanwhile. Try again.")

    async def retry(self, name: str) -> Pipeline:
        """Try to start a broken pipeline now, and return it however that ends.

        Raises:
            NotFound: no pipeline has that name.
            ModelInactive: its model was deactivated.
        """
        pipeline = self._current.value.pipeline(name)
        check_active(pipeline)
        await note(entry_of(pipeline, "retry"))
        self._supervisor.retry(pipeline.revision_id)
        with suppress(PipelineBroken):
            await self._supervisor.warm(target_of(pipeline, self._files))
        return pipeline

    async def warm_pinned(self) -> None:
        """Load the pinned pipelines one after another; one that doesn't load is broken, and told of in the log."""
        await warm_pinned(self._current, self._files, self._supervisor, self._current.value.pipelines)

    async def delete(self, name: str) -> None:
        """Delete a pipeline, and its workers once they answered the calls that they have; its parts stay.

        Raises:
            NotFound: no pipeline has that name.
        """
        await self._remove(lambda snapshot: [snapshot.pipeline(name)])

    async def delete_all(self) -> None:
        """Delete every pipeline, as `delete` does."""
        await self._remove(lambda snapshot: snapshot.pipelines)

    async def _remove(self, find: Callable[[Snapshot], Sequence[Pipeline]]) -> None:
        async def end(pipelines: Sequence[Pipeline]) -> None:
            await self._supervisor.retire_all(pipeline.revision_id for pipeline in pipelines)

        await self._changes.remove(find, self._store.remove, end)

    def _resolve(self, new: NewPipeline) -> Parts:
        return Parts.resolved(self._current.value, new)

    def _free_name(self, text: str, pipeline: Pipeline) -> str:
        """Return a pipeline's new name; its own, spelt differently, is free."""
        if name_key(text) == name_key(pipeline.name):
            return checked_name(text)
        return self.free_name(text)
