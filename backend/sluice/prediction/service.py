"""From a name and a body to an answer: resolve in the snapshot, then run in a worker; no database on the way."""

from __future__ import annotations

from sluice.catalog.snapshot import Current
from sluice.catalog.target import target_of
from sluice.storage.files import FileStore
from sluice.workers.body import Body
from sluice.workers.supervisor import Supervisor
from sluice.workers.worker import Prediction


class Predictions:
    """Runs pipelines and bare models."""

    def __init__(self, current: Current, supervisor: Supervisor, files: FileStore) -> None:
        self._current = current
        self._supervisor = supervisor
        self._files = files

    async def run_pipeline(self, name: str, body: Body, deadline_s: float | None = None) -> Prediction:
        """Return the pipeline's answer.

        Args:
            name: of the pipeline.
            body: the raw bytes that pre-processing gets, else JSON.
            deadline_s: may only shorten the pipeline's own.

        Raises:
            NotFound: no pipeline has that name. For the rest see `workers.pool.Pool.submit`.
        """
        pipeline = self._current.value.pipeline(name)
        return await self._supervisor.run(target_of(pipeline, self._files), body, deadline_s)

    async def run_model(self, name: str, body: Body, deadline_s: float | None = None) -> Prediction:
        """Return the bare model's outputs for JSON inputs; as `run_pipeline` otherwise."""
        model = self._current.value.model(name)
        return await self._supervisor.run(target_of(model, self._files), body, deadline_s)
