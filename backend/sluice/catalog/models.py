"""Adding, changing and deleting models."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import PurePosixPath

from sluice.catalog.changes import Changes
from sluice.catalog.describing import Describing, ModelEdit
from sluice.catalog.differences import model_changes
from sluice.catalog.names import checked_description, checked_file_name, checked_new_name, name_key
from sluice.catalog.replacing import Replaced, Replacing
from sluice.catalog.snapshot import Current, Snapshot
from sluice.catalog.target import target_of
from sluice.catalog.uploads import Upload
from sluice.entities import Expected, Model, ModelFacts
from sluice.storage.files import FileStore, StagedFile
from sluice.storage.heads import name_taken
from sluice.storage.ids import new_id, now
from sluice.storage.models import ModelStore
from sluice.workers.inspection import Inspector
from sluice.workers.supervisor import Supervisor


class Models:
    """The use cases of the Models page."""

    def __init__(
        self, current: Current, changes: Changes, files: FileStore, inspector: Inspector, supervisor: Supervisor
    ) -> None:
        self._current = current
        self._changes = changes
        self._files = files
        self._inspector = inspector
        self._supervisor = supervisor
        self._replacing = Replacing(current, changes, files, supervisor)
        self._describing = Describing(current, changes, files, supervisor)
        self._store = ModelStore()

    def free_name(self, file_name: str, name: str | None = None) -> str:
        """Return the name that an upload will get: the one asked for, else the file's stem.

        Raises:
            InvalidName: it can't be kept.
            NameTaken: another model has it.
        """
        wanted = checked_new_name(PurePosixPath(file_name).stem if name is None else name)
        if self._current.value.has_model(wanted):
            raise name_taken("model", self._current.value.model(wanted).name)
        return wanted

    async def add(
        self,
        main: Upload,
        data_files: Sequence[Upload] = (),
        name: str | Callable[[ModelFacts], str] | None = None,
        description: str = "",
    ) -> Model:
        """Inspect a model and keep it, merged into one file with the data files that came with it.

        Staged files that weren't kept remain the caller's to discard.

        Args:
            main: the model.
            data_files: external data that it refers to.
            name: of the model, or what makes one of what the file says; the file's stem where it is None.
            description: what people should know of it.

        Raises:
            InvalidName: the name, or the file's, can't be kept.
            NameTaken: another model has it.
            Unprocessable: the description can't be kept.
            InvalidModel: it isn't ONNX, or doesn't load.
            DiskFull: no space is left.
        """
        file_name = checked_file_name(main.file_name)
        said = checked_description(description)
        if not callable(name):
            self.free_name(file_name, name)  # before the model is looked at, which takes a while
        async with self._inspected(main, data_files) as (staged, facts):
            wanted = self.free_name(file_name, name(facts) if callable(name) else name)
            model = Model(
                id=new_id(),
                name=wanted,
                created_at=now(),
                revision_id=new_id(),
                revision=1,
                file_name=file_name,
                sha256=staged.sha256,
                size_bytes=staged.size_bytes,
                facts=facts,
                description=said,
            )
            return await self._changes.add(model, lambda: self._store.add(model, name_key(wanted)), staged)

    async def replace(
        self, name: str, main: Upload, data_files: Sequence[Upload] = (), expected: Expected = None
    ) -> Replaced[Model]:
        """Give a model other content, in every pipeline that needs it; the same content changes nothing.

        Staged files that weren't kept remain the caller's to discard.

        Raises:
            NotFound: no model has that name.
            PreconditionFailed: it is at another revision.
            InvalidName: the file's name can't be kept.
            InvalidModel: it isn't ONNX, or doesn't load.
            InvalidPipeline: pipelines don't load with it; tells of each one.
            Conflict: it was changed meanwhile.
            DiskFull: no space is left.
        """
        old = self._current.value.model(name)
        old.assert_expected(expected)
        file_name = checked_file_name(main.file_name)
        async with self._inspected(main, data_files) as (staged, facts):
            if staged.sha256 == old.sha256:
                await self._changes.renew(staged)
                return Replaced(old)
            new = replace(
                old,
                revision_id=new_id(),
                revision=old.revision + 1,
                file_name=file_name,
                sha256=staged.sha256,
                size_bytes=staged.size_bytes,
                facts=facts,
            )
            pipelines = await self._replacing.part(old, new, staged)
            return Replaced(new, pipelines, tuple(model_changes(old, new, pipelines)))

    async def edit(self, name: str, edit: ModelEdit, expected: Expected = None) -> Model:
        """Change a model's name, description or whether it answers, and return it; its content stays.

        Calls that a model has when it is deactivated are answered still; then its workers go, and those of the
        pipelines that use it. When it is activated, its pinned pipelines are loaded again.

        Raises:
            NotFound: no model has that name.
            PreconditionFailed: it is at another revision.
            InvalidName: the new name can't be kept.
            NameTaken: another model has it.
            Unprocessable: the description can't be kept.
        """
        return await self._describing.edit(name, edit, expected)

    async def activate(self, name: str) -> Model:
        """Have a model answer, and return it with a worker at hand; harmless where it is active already.

        Raises:
            NotFound: no model has that name.
            PipelineBroken: it is active, but no worker loads it; says why.
        """
        model = await self.edit(name, ModelEdit(active=True))
        now = self._current.value.find(model.id)
        if isinstance(now, Model) and now.active:  # nobody deactivated it meanwhile
            await self._supervisor.warm(target_of(now, self._files))
        return model

    @asynccontextmanager
    async def _inspected(
        self, main: Upload, data_files: Sequence[Upload]
    ) -> AsyncIterator[tuple[StagedFile, ModelFacts]]:
        """Give the model as one file, with what it says about itself."""
        async with self._files.reserved() as merged:
            data_paths = {file.file_name: file.staged.path for file in data_files}
            inspected = await self._inspector.inspect_model(main.staged.path, data_paths, merged)
            staged = await self._files.adopt(merged) if inspected.merged else main.staged
            yield staged, inspected.facts

    async def delete(self, name: str) -> None:
        """Delete a model, its workers once they answered the calls that they have, and then its file.

        Raises:
            NotFound: no model has that name.
            InUse: pipelines need it.
        """
        await self._remove(lambda snapshot: [snapshot.model(name)])

    async def delete_all(self) -> None:
        """Delete every model as `delete` does, or none.

        Raises:
            InUse: pipelines need one.
        """
        await self._remove(lambda snapshot: snapshot.models)

    async def _remove(self, find: Callable[[Snapshot], Sequence[Model]]) -> None:
        async def end(models: Sequence[Model]) -> None:
            await self._supervisor.retire_all(model.revision_id for model in models)

        await self._changes.remove(find, self._store.remove, end)
