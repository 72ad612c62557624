"""Brings back the pipelines that waited for their packages, once these are installed."""

from __future__ import annotations

from contextlib import suppress

from sluice.catalog.snapshot import Current
from sluice.catalog.target import target_of
from sluice.entities import Pipeline
from sluice.errors import SluiceError
from sluice.storage.files import FileStore
from sluice.workers.supervisor import Supervisor

_STEP = "environment"


async def heal(current: Current, files: FileStore, supervisor: Supervisor, environment: str) -> None:
    """Load the pipelines of an environment that are pinned, or broken for want of it, one after another."""
    for pipeline in [each for each in current.value.pipelines if each.environment == environment and each.has_scripts]:
        for _ in range(2):  # one that starts just now may still end as broken, for what was so before
            now = current.value.find(pipeline.id)
            if not isinstance(now, Pipeline) or now.revision_id != pipeline.revision_id or not now.model.active:
                break
            state = supervisor.state(now.revision_id)
            if state.state == "broken" and state.step == _STEP:
                supervisor.retry(now.revision_id)
            elif state.state != "starting" and not (state.state == "idle" and pipeline.policy.pinned):
                break
            with suppress(SluiceError):  # it is broken for another reason, and says so
                await supervisor.warm(target_of(now, files))
