"""Keeps models."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F, Q

from sluice.entities import Model
from sluice.storage.encoding import facts_from_text, facts_to_text
from sluice.storage.entries import added, replaced
from sluice.storage.heads import name_taken
from sluice.storage.ids import now
from sluice.storage.removing import remove_parts
from sluice.storage.tables import ModelRevisionRow, ModelRow
from sluice.storage.transaction import transaction


class ModelStore:
    """The models, each with its current revision."""

    async def all(self) -> list[Model]:
        """Return every model."""
        rows = await ModelRevisionRow.filter(number=F("head__current")).select_related("head")
        return [model_of(row) for row in rows]

    async def add(self, model: Model, key: str) -> None:
        """Keep a new model under `key`, the form of its name by which names are compared.

        Raises:
            NameTaken: a model has that key already.
        """
        async with transaction([added(model)]):
            try:
                await ModelRow.create(id=model.id, created_at=model.created_at, **_head(model, key))
            except IntegrityError:
                raise name_taken("model", model.name) from None
            await add_model_revision(model)

    async def describe(self, old: Model, model: Model, key: str) -> None:
        """Keep what is said of a model as its next revision; its content, and so its `revision_id`, stays.

        Args:
            old: its revision until now.
            model: the next one.
            key: the form of its name by which names are compared.

        Raises:
            NameTaken: another model has that key.
        """
        async with transaction([replaced(old, model)]):
            try:
                await ModelRow.filter(id=model.id).update(**_head(model, key))
            except IntegrityError:
                raise name_taken("model", model.name) from None
            await ModelRevisionRow.filter(id=model.revision_id).update(number=model.revision)

    async def remove(self, models: Sequence[Model]) -> None:
        """Remove models with all their revisions, all or none.

        Raises:
            InUse: a pipeline needs one of them.
        """
        await remove_parts("model", models, ModelRow, ModelRevisionRow, lambda id: Q(model__head_id=id))


def _head(model: Model, key: str) -> dict[str, Any]:
    return {
        "name": model.name,
        "name_key": key,
        "current": model.revision,
        "description": model.description,
        "active": model.active,
    }


async def add_model_revision(model: Model) -> None:
    """Write the row of a model's revision."""
    await ModelRevisionRow.create(
        id=model.revision_id,
        head_id=model.id,
        number=model.revision,
        created_at=now(),
        file_name=model.file_name,
        sha256=model.sha256,
        size_bytes=model.size_bytes,
        facts=facts_to_text(model.facts),
    )


def model_of(row: ModelRevisionRow) -> Model:
    """Return the model of a revision that was read together with its head."""
    return Model(
        id=row.head.id,
        name=row.head.name,
        created_at=row.head.created_at,
        revision_id=row.id,
        revision=row.number,
        file_name=row.file_name,
        sha256=row.sha256,
        size_bytes=row.size_bytes,
        facts=facts_from_text(row.facts),
        description=row.head.description,
        active=row.head.active,
    )
