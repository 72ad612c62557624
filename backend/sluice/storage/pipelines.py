"""Keeps pipelines."""

from __future__ import annotations

from collections.abc import Sequence

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.query_utils import Prefetch

from sluice.entities import FIRST_STANDARD, Pipeline
from sluice.errors import Conflict
from sluice.storage.encoding import policy_from_text, policy_to_text, secrets_from_text, secrets_to_text
from sluice.storage.entries import added, deleted
from sluice.storage.heads import name_taken
from sluice.storage.ids import now
from sluice.storage.models import model_of
from sluice.storage.resources import resource_of
from sluice.storage.statistics import forget_records
from sluice.storage.tables import PipelineDataFileRow, PipelineRevisionRow, PipelineRow
from sluice.storage.transaction import transaction


class PipelineStore:
    """The pipelines, each with its current revision and the revisions of its parts."""

    async def all(self) -> list[Pipeline]:
        """Return every pipeline."""
        files = PipelineDataFileRow.all().order_by("position").select_related("resource__head")
        rows = (
            await PipelineRevisionRow.filter(number=F("head__current"))
            .select_related("head", "model__head", "pre_processing__head", "post_processing__head")
            .prefetch_related(Prefetch("data_files", queryset=files))
        )
        return [_pipeline(row) for row in rows]

    async def add(self, pipeline: Pipeline, key: str) -> None:
        """Keep a new pipeline under `key`, the form of its name by which names are compared.

        Raises:
            NameTaken: a pipeline has that key already.
            Conflict: one of its parts is gone.
        """
        async with transaction([added(pipeline)]):
            try:
                await PipelineRow.create(
                    id=pipeline.id,
                    name=pipeline.name,
                    name_key=key,
                    current=pipeline.revision,
                    created_at=pipeline.created_at,
                )
            except IntegrityError:
                raise name_taken("pipeline", pipeline.name) from None
            await add_pipeline_revision(pipeline)

    async def reseal(self, pipeline: Pipeline) -> None:
        """Keep the secrets of a pipeline as they are sealed now; nothing else of its revision is different."""
        sealed = secrets_to_text(pipeline.secrets)
        await PipelineRevisionRow.filter(id=pipeline.revision_id).update(secrets=sealed)

    async def remove(self, pipelines: Sequence[Pipeline]) -> None:
        """Remove pipelines with all their revisions, all or none; their parts stay."""
        async with transaction(deleted(pipelines)):
            for pipeline in pipelines:
                await PipelineDataFileRow.filter(pipeline__head_id=pipeline.id).delete()
                await PipelineRevisionRow.filter(head_id=pipeline.id).delete()
                await PipelineRow.filter(id=pipeline.id).delete()
            await forget_records([pipeline.id for pipeline in pipelines])


async def add_pipeline_revision(pipeline: Pipeline) -> None:
    """Write the rows of a pipeline's revision.

    Raises:
        Conflict: one of its parts is gone.
    """
    pre, post = pipeline.pre_processing, pipeline.post_processing
    try:
        await PipelineRevisionRow.create(
            id=pipeline.revision_id,
            head_id=pipeline.id,
            number=pipeline.revision,
            created_at=now(),
            model_id=pipeline.model.revision_id,
            pre_processing_id=pre.revision_id if pre else None,
            post_processing_id=post.revision_id if post else None,
            policy=policy_to_text(pipeline.policy),
            environment=pipeline.environment,
            secrets=secrets_to_text(pipeline.secrets),
        )
        for position, file in enumerate(pipeline.data_files):
            await PipelineDataFileRow.create(
                pipeline_id=pipeline.revision_id, resource_id=file.revision_id, position=position
            )
    except IntegrityError:
        raise Conflict(f"A part of the pipeline '{pipeline.name}' was deleted meanwhile.") from None


def _pipeline(row: PipelineRevisionRow) -> Pipeline:
    return Pipeline(
        id=row.head.id,
        name=row.head.name,
        created_at=row.head.created_at,
        revision_id=row.id,
        revision=row.number,
        model=model_of(row.model),
        pre_processing=resource_of(row.pre_processing) if row.pre_processing else None,
        post_processing=resource_of(row.post_processing) if row.post_processing else None,
        data_files=tuple(resource_of(file.resource) for file in row.data_files),
        policy=policy_from_text(row.policy),
        environment=row.environment or FIRST_STANDARD,
        secrets=secrets_from_text(row.secrets),
    )
