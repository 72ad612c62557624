"""Which models answer: one that was deactivated doesn't, nor does a pipeline that uses it, until it is activated.

Nothing works for what doesn't answer: its workers go, and none is started.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress

from sluice.catalog.snapshot import Current
from sluice.catalog.target import target_of
from sluice.entities import Model, Pipeline
from sluice.errors import ModelInactive, SluiceError
from sluice.storage.files import FileStore
from sluice.workers.supervisor import Supervisor


def model_of(entity: Pipeline | Model) -> Model:
    """Return the model that answers."""
    return entity.model if isinstance(entity, Pipeline) else entity


def why_inactive(entity: Pipeline | Model) -> str | None:
    """Return why it doesn't answer, and the way out; None where its model is active."""
    model = model_of(entity)
    if model.active:
        return None
    without = f", so the pipeline '{entity.name}' doesn't answer" if isinstance(entity, Pipeline) else ""
    return (
        f"The model '{model.name}' is inactive{without}. Activate it on the Models page, "
        f'or by PATCH models/{model.name} with {{"active": true}}.'
    )


def check_active(entity: Pipeline | Model) -> None:
    """Refuse what doesn't answer.

    Raises:
        ModelInactive: says the way out.
    """
    model = entity.model if isinstance(entity, Pipeline) else entity  # spelt out: every call asks
    if not model.active:
        raise ModelInactive(why_inactive(entity) or "", model.name)


async def warm_pinned(
    current: Current, files: FileStore, supervisor: Supervisor, pipelines: Iterable[Pipeline]
) -> None:
    """Load those that are pinned, one after another; one that doesn't load is broken, and told of in the log."""
    for pipeline in [each for each in pipelines if each.policy.pinned]:
        now = current.value.find(pipeline.id)
        if isinstance(now, Pipeline) and now.revision_id == pipeline.revision_id and now.model.active:
            with suppress(SluiceError):
                await supervisor.warm(target_of(now, files))
