"""What people say of a model: its name, a description, and whether it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sluice.catalog.activity import warm_pinned
from sluice.catalog.changes import Changes
from sluice.catalog.names import checked_description, checked_name, checked_new_name, name_key
from sluice.catalog.snapshot import Current, Entity, Snapshot
from sluice.entities import Expected, Model, Pipeline
from sluice.storage.files import FileStore
from sluice.storage.heads import name_taken
from sluice.storage.models import ModelStore
from sluice.workers.supervisor import Supervisor


@dataclass(frozen=True)
class ModelEdit:
    """What to change; None leaves it as it is."""

    name: str | None = None
    description: str | None = None
    active: bool | None = None

    def applied(self, model: Model, snapshot: Snapshot) -> Model:
        """Return a model's next revision, or the same where nothing changes.

        Raises:
            InvalidName: the name can't be kept.
            NameTaken: another model has it.
            Unprocessable: the description can't be kept.
        """
        name = model.name if self.name is None else self._checked_name(self.name, model, snapshot)
        edited = replace(
            model,
            name=name,
            description=model.description if self.description is None else checked_description(self.description),
            active=model.active if self.active is None else self.active,
        )
        return model if edited == model else replace(edited, revision=model.revision + 1)

    @staticmethod
    def _checked_name(text: str, model: Model, snapshot: Snapshot) -> str:
        if name_key(text) == name_key(model.name):
            return checked_name(text)
        name = checked_new_name(text)
        if snapshot.has_model(name):
            raise name_taken("model", snapshot.model(name).name)
        return name


class Describing:
    """Changes what is said of models. The content stays, so no worker has to be loaded for it."""

    def __init__(self, current: Current, changes: Changes, files: FileStore, supervisor: Supervisor) -> None:
        self._current = current
        self._changes = changes
        self._files = files
        self._supervisor = supervisor
        self._store = ModelStore()

    async def edit(self, name: str, edit: ModelEdit, expected: Expected) -> Model:
        """Change a model at once and return it; for the rest see `Models.edit`."""
        old = new = self._current.value.model(name)
        users: list[Pipeline] = []

        def choose(snapshot: Snapshot) -> Sequence[Entity]:
            nonlocal old, new
            old = snapshot.model(name)
            old.assert_expected(expected)
            new = edit.applied(old, snapshot)
            if new is not old:
                users.extend(replace(user, model=new) for user in snapshot.users_of(old))
            return [new, *users]

        async def write() -> None:
            if new is not old:
                await self._store.describe(old, new, name_key(new.name))

        async def follow() -> None:
            # All pools are closed without a pause, so before any later change of this model.
            if not new.active:
                await self._supervisor.retire_all([new.revision_id, *(user.revision_id for user in users)])
            elif new.name != old.name:
                await self._supervisor.retire(new.revision_id)  # its messages have the old name
            if new.active and not old.active:
                await warm_pinned(self._current, self._files, self._supervisor, users)

        await self._changes.replace(choose, write, follow)
        return new
