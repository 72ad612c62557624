"""Brings the catalog up: what the database knows, and no file besides."""

from __future__ import annotations

import logging

from sluice.catalog.snapshot import Current, Snapshot
from sluice.storage.blobs import named_blobs
from sluice.storage.files import FileStore
from sluice.storage.models import ModelStore
from sluice.storage.pipelines import PipelineStore
from sluice.storage.resources import ResourceStore

log = logging.getLogger(__name__)


async def open_catalog(files: FileStore) -> Current:
    """Return the catalog of the open database, after sweeping away every file that it doesn't name."""
    await files.prepare()
    named = await named_blobs()
    if removed := await files.remove_unnamed(named):
        log.info("Removed %d files that an interrupted upload left behind", removed)
    models, resources, pipelines = await ModelStore().all(), await ResourceStore().all(), await PipelineStore().all()
    return Current(Snapshot.of(models, resources, pipelines))
