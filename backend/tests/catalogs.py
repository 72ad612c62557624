"""A running catalog with real files, database and workers, and short ways to fill it.

Tests get one as the fixture `catalog`.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import onnx_models

from sluice.catalog.changes import Changes
from sluice.catalog.models import Models
from sluice.catalog.opening import open_catalog
from sluice.catalog.pipelines import Pipelines
from sluice.catalog.resources import Resources
from sluice.catalog.snapshot import Current
from sluice.catalog.target import target_of
from sluice.catalog.uploads import Upload
from sluice.entities import Model, Pipeline, Resource, ResourceKind
from sluice.storage.blobs import named_blobs
from sluice.storage.files import FileStore
from sluice.storage.vault import vault_of
from sluice.workers.inspection import Inspector
from sluice.workers.limits import Limits
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target

LIMITS = Limits(
    workers=1, deadline_s=20, queue_calls=8, queue_bytes=1 << 20, start_timeout_s=60, max_answer_bytes=1 << 20
)
DOUBLE = onnx_models.double_it()
PRE = b"import numpy as np\n\ndef process(content):\n    return {'x': np.ones((1, 4), np.float32)}\n"
POST = b"def process(content):\n    return content[0].tolist()\n"


class Gate(Supervisor):
    """A supervisor that can be held right after a pipeline was loaded."""

    def __init__(self, limits: Limits, folder: Path, models: Path) -> None:
        super().__init__(limits, folder, models)
        self.loads = 0
        self.loaded = asyncio.Event()
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def warm(self, target: Target) -> None:
        await super().warm(target)
        self.loads += 1
        self.loaded.set()
        await self.go_on.wait()


@dataclass
class Catalog:
    """One running catalog, and short ways to fill it."""

    data_dir: Path
    files: FileStore
    current: Current
    supervisor: Gate
    changes: Changes
    models: Models
    resources: Resources
    pipelines: Pipelines

    async def upload(self, file_name: str, content: bytes) -> Upload:
        async def chunks() -> AsyncIterator[bytes]:
            yield content

        return Upload(file_name, await self.files.receive(chunks(), 1 << 30))

    async def model(self, file_name: str = "double.onnx", content: bytes = DOUBLE, name: str | None = None) -> Model:
        return await self.models.add(await self.upload(file_name, content), name=name)

    async def resource(self, name: str, content: bytes, kind: ResourceKind | None = None) -> Resource:
        return await self.resources.add(await self.upload(name, content), kind)

    async def replace(self, name: str, content: bytes) -> tuple[Pipeline, ...]:
        """Give a model or resource other content, and return the pipelines that followed."""
        upload = await self.upload(name, content)
        if self.current.value.has_model(name):
            return (await self.models.replace(name, upload))[1]
        return (await self.resources.replace(name, upload))[1]

    async def answer(self, name: str) -> bytes:
        """Return what a pipeline answers now."""
        pipeline = self.current.value.pipeline(name)
        return bytes((await self.supervisor.run(target_of(pipeline, self.files), b"")).body)

    async def parts(self) -> None:
        await self.model()
        await self.resource("pre.py", PRE)
        await self.resource("post.py", POST)

    def blobs(self) -> set[str]:
        return set(os.listdir(self.data_dir / "blobs"))

    async def agrees(self) -> bool:
        """Tell whether files, rows and snapshot are the same set of things once nothing is being tidied up."""
        await self.changes.cleaned()
        value = self.current.value
        named = {entity.sha256 for entity in (*value.models, *value.resources)}
        reopened = await open_catalog(self.files)
        return self.blobs() == named == await named_blobs() and reopened.value == value


@asynccontextmanager
async def opened_catalog(data_dir: Path, inspector: Inspector | None = None) -> AsyncIterator[Catalog]:
    """Open the catalog of the open database, with an inspector of its own unless there is one already."""
    files = FileStore(data_dir)
    await files.prepare()
    current = await open_catalog(files)
    supervisor = Gate(LIMITS, data_dir / "run", files.kept)
    await supervisor.start()
    changes = Changes(files, current)
    own = Inspector(timeout_s=60, memory_mb=4096, folders=files.folders)
    inspector = inspector or own
    yield Catalog(
        data_dir,
        files,
        current,
        supervisor,
        changes,
        Models(current, changes, files, inspector, supervisor),
        Resources(current, changes, files, inspector, supervisor),
        Pipelines(current, changes, files, supervisor, vault_of(data_dir, ())),
    )
    await changes.settle()
    await supervisor.close()
    await changes.cleaned()
    await own.close()
