"""Puts new revisions in the place of the current ones: all of them or none, and no earlier one stays."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tortoise.exceptions import IntegrityError

from sluice.entities import Model, Pipeline, Resource
from sluice.storage.entries import Thing, replaced
from sluice.storage.heads import name_taken
from sluice.storage.models import add_model_revision
from sluice.storage.pipelines import add_pipeline_revision
from sluice.storage.resources import add_resource_revision
from sluice.storage.tables import (
    ModelRevisionRow,
    ModelRow,
    PipelineDataFileRow,
    PipelineRevisionRow,
    PipelineRow,
    ResourceRevisionRow,
    ResourceRow,
)
from sluice.storage.transaction import transaction

Named = Callable[[str], str]
"""Returns the form of a name by which names are compared."""


async def write_revisions(old: Thing, part: Model | Resource | None, pipelines: Sequence[Pipeline], key: Named) -> None:
    """Make these revisions the current ones and remove the earlier ones.

    Args:
        old: what was current until now, of the part, or without one of the only pipeline.
        part: a model or resource with its new content or name.
        pipelines: each pinning the new revisions; all that use the part.
        key: of a name.

    Raises:
        NameTaken: another one has that name.
        Conflict: a part of a pipeline is gone.
    """
    entry = replaced(old, part, pipelines) if part else replaced(old, pipelines[0])
    async with transaction([entry]):
        # New rows first and old ones last: every foreign key holds at each moment.
        await _add_part(part, key)
        for pipeline in pipelines:
            await _replace_pipeline(pipeline, key(pipeline.name))
        await _remove_earlier(part)


async def _add_part(part: Model | Resource | None, key: Named) -> None:
    if isinstance(part, Model):
        await add_model_revision(part)
        await ModelRow.filter(id=part.id).update(current=part.revision)
    elif part:
        await add_resource_revision(part)
        head = ResourceRow.filter(id=part.id)
        try:
            await head.update(name=part.name, name_key=key(part.name), current=part.revision)
        except IntegrityError:
            raise name_taken("resource", part.name) from None


async def _replace_pipeline(pipeline: Pipeline, key: str) -> None:
    await add_pipeline_revision(pipeline)
    head = PipelineRow.filter(id=pipeline.id)
    try:
        await head.update(name=pipeline.name, name_key=key, current=pipeline.revision)
    except IntegrityError:
        raise name_taken("pipeline", pipeline.name) from None
    earlier = PipelineRevisionRow.filter(head_id=pipeline.id, id__not=pipeline.revision_id)
    ids = await earlier.values_list("id", flat=True)
    await PipelineDataFileRow.filter(pipeline_id__in=ids).delete()
    await earlier.delete()


async def _remove_earlier(part: Model | Resource | None) -> None:
    if isinstance(part, Model):
        await ModelRevisionRow.filter(head_id=part.id, id__not=part.revision_id).delete()
    elif part:
        await ResourceRevisionRow.filter(head_id=part.id, id__not=part.revision_id).delete()
