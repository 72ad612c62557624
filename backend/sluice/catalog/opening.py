"""Brings the catalog up: what the database knows, and no file besides."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sluice.catalog.changes import Changes
from sluice.catalog.models import Models
from sluice.catalog.pipelines import Pipelines
from sluice.catalog.resources import Resources
from sluice.catalog.snapshot import Current, Snapshot
from sluice.storage.blobs import named_blobs
from sluice.storage.files import FileStore
from sluice.storage.models import ModelStore
from sluice.storage.pipelines import PipelineStore
from sluice.storage.resources import ResourceStore
from sluice.workers.inspection import Inspector
from sluice.workers.supervisor import Supervisor

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Catalog:
    """The use cases, and the snapshot that they keep up to date."""

    current: Current
    models: Models
    resources: Resources
    pipelines: Pipelines
    changes: Changes

    async def close(self) -> None:
        """Return once every change that was begun has ended; only then may the database be closed."""
        await self.changes.settle()


async def open_catalog(files: FileStore, inspector: Inspector, supervisor: Supervisor) -> Catalog:
    """Return the catalog of the open database, after sweeping away every file that it doesn't name."""
    await files.prepare()
    await _sweep(files)
    current = Current(
        Snapshot.of(await ModelStore().all(), await ResourceStore().all(), await PipelineStore().all()),
    )
    changes = Changes(files, current)
    return Catalog(
        current=current,
        models=Models(current, changes, files, inspector, supervisor),
        resources=Resources(current, changes, files, inspector),
        pipelines=Pipelines(current, changes, files, supervisor),
        changes=changes,
    )


async def _sweep(files: FileStore) -> None:
    named = await named_blobs()
    if missing := await files.missing(named):
        log.error("Stored files are missing, restore them from a backup: %s", ", ".join(sorted(missing)))
    if removed := await files.remove_unnamed(named):
        log.info("Removed %d files that an interrupted upload left behind", removed)
