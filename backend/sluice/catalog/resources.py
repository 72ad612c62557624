"""Adding, reading, replacing and deleting resources."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from keyword import iskeyword
from pathlib import Path

from sluice.catalog.changes import Changes
from sluice.catalog.differences import rename_changes, resource_changes
from sluice.catalog.names import checked_file_name, name_key
from sluice.catalog.replacing import Replaced, Replacing
from sluice.catalog.snapshot import Current, Snapshot
from sluice.catalog.uploads import Upload
from sluice.entities import Expected, Resource, ResourceKind
from sluice.errors import InvalidName, NotFound
from sluice.storage.files import FileStore
from sluice.storage.heads import name_taken
from sluice.storage.ids import new_id, now
from sluice.storage.resources import ResourceStore
from sluice.workers.inspection import InspectedScript, Inspector
from sluice.workers.supervisor import Supervisor

MAX_TEXT_BYTES = 1024 * 1024


class Resources:
    """The use cases of the Resources page."""

    def __init__(
        self, current: Current, changes: Changes, files: FileStore, inspector: Inspector, supervisor: Supervisor
    ) -> None:
        self._current = current
        self._changes = changes
        self._files = files
        self._inspector = inspector
        self._replacing = Replacing(current, changes, files, supervisor)
        self._store = ResourceStore()

    def free_name(self, file_name: str) -> str:
        """Return the name that an upload will get, which is its full file name.

        Raises:
            InvalidName: it can't be kept.
            NameTaken: another resource has it.
        """
        wanted = checked_file_name(file_name)
        if self._current.value.has_resource(wanted):
            raise name_taken("resource", self._current.value.resource(wanted).name)
        return wanted

    async def add(self, upload: Upload, kind: ResourceKind | None = None) -> Resource:
        """Check a script or module without running it, and keep the file; data is kept as it is.

        A staged file that wasn't kept remains the caller's to discard.

        Args:
            upload: the file.
            kind: `script` for `.py`, else `data`, unless given.

        Raises:
            InvalidName: the name can't be kept, or isn't that of a Python file where it must be.
            NameTaken: another resource has it.
            InvalidScript: it isn't UTF-8 or Python, or has no fitting `process`.
            DiskFull: no space is left.
        """
        name = self.free_name(upload.file_name)
        kind = kind or kind_of(name)
        staged = upload.staged
        inspected = await self.inspect(upload, kind)
        resource = Resource(
            id=new_id(),
            name=name,
            kind=kind,
            created_at=now(),
            revision_id=new_id(),
            revision=1,
            sha256=staged.sha256,
            size_bytes=staged.size_bytes,
            warnings=inspected.warnings,
            header=inspected.header,
        )
        return await self._changes.add(resource, lambda: self._store.add(resource, name_key(name)), staged)

    async def replace(self, name: str, upload: Upload, expected: Expected = None) -> Replaced[Resource]:
        """Give a resource other content, in every pipeline that needs it; the same content changes nothing.

        Name and kind stay. A staged file that wasn't kept remains the caller's to discard.

        Raises:
            NotFound: no resource has that name.
            PreconditionFailed: it is at another revision.
            InvalidScript: it isn't UTF-8 or Python, or has no fitting `process`.
            InvalidPipeline: pipelines don't load with it; tells of each one.
            Conflict: it was changed meanwhile.
            DiskFull: no space is left.
        """
        old = self._current.value.resource(name)
        old.assert_expected(expected)
        staged = upload.staged
        if staged.sha256 == old.sha256:
            await self._changes.renew(staged)
            return Replaced(old)
        inspected = await self._inspected(staged.path, old.name, old.kind, self._files.path(old.sha256))
        new = replace(
            old,
            revision_id=new_id(),
            revision=old.revision + 1,
            sha256=staged.sha256,
            size_bytes=staged.size_bytes,
            warnings=inspected.warnings,
            header=inspected.header,
        )
        pipelines = await self._replacing.part(old, new, staged)
        return Replaced(new, pipelines, tuple(resource_changes(old, new, inspected.changes)))

    async def rename(self, name: str, new_name: str, expected: Expected = None) -> Replaced[Resource]:
        """Give a resource another name, in every pipeline that needs it; its kind stays.

        Raises:
            NotFound: no resource has that name.
            PreconditionFailed: it is at another revision.
            InvalidName: the new name can't be kept, or isn't that of a Python file where it must be.
            NameTaken: another resource has it.
            InvalidPipeline: pipelines don't load with it; tells of each one.
            Conflict: it was changed meanwhile.
        """
        old = self._current.value.resource(name)
        old.assert_expected(expected)
        wanted = checked_file_name(new_name)
        if wanted == old.name:
            return Replaced(old)
        if name_key(wanted) != name_key(old.name) and self._current.value.has_resource(wanted):
            raise name_taken("resource", self._current.value.resource(wanted).name)
        if old.kind != "data":
            _check_python_name(wanted, old.kind)
        inspected = await self._inspected(self._files.path(old.sha256), wanted, old.kind)
        new = replace(old, name=wanted, revision_id=new_id(), revision=old.revision + 1, warnings=inspected.warnings)
        pipelines = await self._replacing.part(old, new, None)
        return Replaced(new, pipelines, tuple(rename_changes(old, new, pipelines)))

    async def inspect(self, upload: Upload, kind: ResourceKind | None = None) -> InspectedScript:
        """Return what a file would be told as a new resource, or as one's new content; keeps nothing.

        Args:
            upload: the file.
            kind: `script` for `.py`, else `data`, unless given.

        Raises:
            InvalidName: the name can't be kept, or isn't that of a Python file where it must be.
            InvalidScript: it isn't UTF-8 or Python, or has no fitting `process`.
        """
        name = checked_file_name(upload.file_name)
        kind = kind or kind_of(name)
        if kind != "data":
            _check_python_name(name, kind)
        return await self._inspected(upload.staged.path, name, kind)

    async def _inspected(
        self, path: Path, name: str, kind: ResourceKind, replaced: Path | None = None
    ) -> InspectedScript:
        """Return what a script or module says and is warned of; data isn't looked at."""
        if kind == "data":
            return InspectedScript()
        return await self._inspector.inspect_script(path, name, kind, replaced)

    async def read_text(self, name: str) -> str | None:
        """Return a resource's text, or None where it is above 1 MiB or isn't UTF-8.

        Raises:
            NotFound: no resource has that name.
        """
        resource = self._current.value.resource(name)
        if resource.size_bytes > MAX_TEXT_BYTES:
            return None
        try:
            return (await asyncio.to_thread(self._files.path(resource.sha256).read_bytes)).decode()
        except UnicodeDecodeError:
            return None
        except FileNotFoundError:
            if self._current.value.find(resource.id) in (None, resource):
                raise NotFound(f"There is no resource named '{name}'.", "resource", name) from None
            return await self.read_text(name)  # replaced since the snapshot was read

    async def delete(self, name: str) -> None:
        """Delete a resource and its file.

        Raises:
            NotFound: no resource has that name.
            InUse: pipelines need it.
        """
        await self._changes.remove(lambda snapshot: [snapshot.resource(name)], self._store.remove)

    async def delete_all(self, choose: Callable[[Snapshot], Sequence[Resource]]) -> None:
        """Delete the resources that are chosen when it is their turn, with their files; all or none.

        Raises:
            InUse: pipelines need one of them.
        """
        await self._changes.remove(choose, self._store.remove)


def kind_of(file_name: str) -> ResourceKind:
    """Return what a file of this name is taken for."""
    return "script" if file_name.endswith(".py") else "data"


def _check_python_name(name: str, kind: ResourceKind) -> None:
    """Refuse what Python's import would not find."""
    message = None
    if not name.endswith(".py"):
        message = f"The file name of a {kind} must end in .py; '{name}' doesn't."
    elif kind == "module" and not (name[:-3].isidentifier() and not iskeyword(name[:-3])):
        message = f"'{name}' can't be imported under that name. Use letters, digits and _ only, and no digit first."
    if message:
        raise InvalidName(message, fields={"name": message})
