"""Removes a model or resource that nothing needs."""

from __future__ import annotations

from tortoise.expressions import Q

from sluice.entities import Model, Resource
from sluice.storage.heads import Kind, in_use
from sluice.storage.statistics import forget_records
from sluice.storage.tables import Head, PipelineRevisionRow, Revision
from sluice.storage.transaction import transaction


async def remove_part(
    kind: Kind, part: Model | Resource, heads: type[Head], revisions: type[Revision], users: Q
) -> None:
    """Remove a part with all its revisions.

    Args:
        kind: of it.
        part: to be removed.
        heads: the table of its name.
        revisions: the table of its content.
        users: finds the revisions of pipelines that need it.

    Raises:
        InUse: a pipeline needs it.
    """
    async with transaction():
        if names := await PipelineRevisionRow.filter(users).distinct().values_list("head__name", flat=True):
            raise in_use(kind, part.name, names)
        await revisions.filter(head_id=part.id).delete()
        await heads.filter(id=part.id).delete()
        await forget_records([part.id])
