"""Removes models or resources that nothing needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tortoise.expressions import Q

from sluice.entities import Model, Resource
from sluice.storage.entries import deleted
from sluice.storage.heads import Kind, in_use
from sluice.storage.statistics import forget_records
from sluice.storage.tables import Head, PipelineRevisionRow, Revision
from sluice.storage.transaction import transaction


async def remove_parts(
    kind: Kind,
    parts: Sequence[Model | Resource],
    heads: type[Head],
    revisions: type[Revision],
    users_of: Callable[[str], Q],
) -> None:
    """Remove parts with all their revisions, all or none.

    Args:
        kind: of them.
        parts: to be removed.
        heads: the table of their names.
        revisions: the table of their content.
        users_of: returns what finds the revisions of pipelines that need the part of an id.

    Raises:
        InUse: a pipeline needs one; tells of the first.
    """
    async with transaction(deleted(parts)):
        for part in parts:
            users = PipelineRevisionRow.filter(users_of(part.id)).distinct()
            if names := await users.values_list("head__name", flat=True):
                raise in_use(kind, part.name, names)
            await revisions.filter(head_id=part.id).delete()
            await heads.filter(id=part.id).delete()
        await forget_records([part.id for part in parts])
