"""From a name and a body to an answer: resolve in the snapshot, then run in a worker; no database on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial

from sluice.catalog.activity import check_active
from sluice.catalog.snapshot import Current
from sluice.catalog.target import target_of
from sluice.entities import Model, Pipeline
from sluice.storage.files import FileStore
from sluice.workers.body import Body
from sluice.workers.call import Prediction, Reply
from sluice.workers.pool import Pool
from sluice.workers.supervisor import Supervisor


class Predictions:
    """Runs pipelines and bare models."""

    def __init__(self, current: Current, supervisor: Supervisor, files: FileStore) -> None:
        self._current = current
        self._supervisor = supervisor
        self._files = files

    def submit_pipeline(
        self, name: str, body: Body, deadline_s: float | None = None, trace: bool = False
    ) -> asyncio.Future[Prediction]:
        """Return the pipeline's future answer; cancelling it tells that nobody waits any more.

        Args:
            name: of the pipeline.
            body: the raw bytes that pre-processing gets, else JSON.
            deadline_s: may only shorten the pipeline's own.
            trace: whether to look at what each step is given and returns; the answer has `trace` then.

        Raises:
            NotFound: no pipeline has that name.
            ModelInactive: its model was deactivated. For the rest see `workers.pool.Pool.submit`.
        """
        return self._submit(self._current.value.pipeline(name), body, deadline_s, trace)

    def submit_model(
        self, name: str, body: Body, deadline_s: float | None = None, trace: bool = False
    ) -> asyncio.Future[Prediction]:
        """Return the bare model's future outputs for JSON inputs; as `submit_pipeline` otherwise."""
        return self._submit(self._current.value.model(name), body, deadline_s, trace)

    def accept(
        self, answer: Reply, kind: str, name: str, body: Body, deadline_s: float | None = None
    ) -> Callable[[], object]:
        """Have `answer` told the outcome at once when it is there; return what to call when nobody waits any more.

        Args:
            answer: called from within the event loop.
            kind: `pipeline` or `model`.
            name: of it.
            body: as for `submit_pipeline`.
            deadline_s: likewise.

        Raises:
            NotFound: nothing has that name.
            ModelInactive: the model was deactivated. For the rest see `workers.pool.Pool.submit`.
        """
        pool = self._pool(kind, name)
        return partial(pool.abandon, pool.accept(answer, body, deadline_s))

    def expecting(self, kind: str, name: str, size_bytes: int) -> AbstractContextManager[None]:
        """Return the block in which a body arrives: it counts as waiting, and isn't read if it couldn't be run.

        Args:
            kind: `pipeline` or `model`.
            name: of it.
            size_bytes: of the body, as far as that is known.

        Raises:
            NotFound: nothing has that name.
            ModelInactive: the model was deactivated.
                For the rest see `workers.pool.Pool.submit`; on entering the block.
        """
        return self._pool(kind, name).expecting(size_bytes)

    def _pool(self, kind: str, name: str) -> Pool:
        found = self._current.value
        entity = found.pipeline(name) if kind == "pipeline" else found.model(name)
        check_active(entity)
        return self._supervisor.pool(entity.revision_id) or self._supervisor.open(target_of(entity, self._files))

    def _submit(
        self, entity: Pipeline | Model, body: Body, deadline_s: float | None, trace: bool
    ) -> asyncio.Future[Prediction]:
        check_active(entity)
        pool = self._supervisor.pool(entity.revision_id)
        if pool:
            return pool.submit(body, deadline_s, trace)
        return self._supervisor.submit(target_of(entity, self._files), body, deadline_s, trace)
