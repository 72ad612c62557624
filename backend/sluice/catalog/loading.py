"""Loads revisions that nobody sees yet, so that workers are up before the first call goes to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from typing import Any, Self

from sluice.catalog.activity import model_of
from sluice.catalog.environments import PASSING, blamed
from sluice.catalog.secrets import UNREADABLE
from sluice.catalog.target import target_of
from sluice.entities import Model, Pipeline
from sluice.errors import InvalidPipeline, PipelineBroken
from sluice.storage.files import FileStore
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target

_FIELD_OF_STEP = {"pre-processing": "preProcessing", "model": "model", "post-processing": "postProcessing"}

_FIELD_OF_KIND = {"ports-not-held": "network", UNREADABLE: "secrets"}


class ChangedMeanwhile(Exception):
    """Another change came first: what was loaded is out of date."""


class Loading:
    """A block in which revisions are loaded; the pools of those that nobody took end with it.

    Args:
        files: where what is kept lies.
        supervisor: of the workers.
        target: returns what the workers of a revision need, where that isn't all kept.
    """

    def __init__(
        self,
        files: FileStore,
        supervisor: Supervisor,
        target: Callable[[Pipeline | Model, FileStore], Target] = target_of,
    ) -> None:
        self._files = files
        self._supervisor = supervisor
        self._target = target
        self._loaded: set[str] = set()
        self._ended = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._ended = True
        await asyncio.shield(self._supervisor.retire_all(self._loaded))

    async def load(self, entity: Pipeline | Model) -> None:
        """Return once it has a worker.

        Raises:
            PipelineBroken: it doesn't load; says what and why.
        """
        self._loaded.add(entity.revision_id)
        try:
            await self._supervisor.warm(self._target(entity, self._files))
        except PipelineBroken as broken:
            raise blamed(broken, entity) if isinstance(entity, Pipeline) else broken from None

    async def load_pipeline(self, pipeline: Pipeline) -> None:
        """Load the only pipeline of a request.

        Raises:
            InvalidPipeline: it doesn't load; blames the field of the request.
            PipelineBroken: what its scripts import is still being installed, or the index is away, or there is no room
                for a worker.
        """
        try:
            await self.load(pipeline)
        except PipelineBroken as broken:
            if broken.details.get("kind") in PASSING:
                raise
            kind, step = broken.details.get("kind", ""), broken.details.get("step", "")
            field = _FIELD_OF_KIND.get(kind) or _FIELD_OF_STEP.get(step)
            fields = {field: broken.message} if field else {}
            raise InvalidPipeline(broken.message, fields=fields, **broken.details) from broken

    async def load_all(self, entities: Iterable[Pipeline | Model], resting: Collection[str] = ()) -> None:
        """Load several, as many at once as there are cores.

        Args:
            entities: each is loaded, also when another isn't.
            resting: ids of those that nobody uses now; they aren't kept loaded.

        Raises:
            InvalidPipeline: tells of each that doesn't load.
            PipelineBroken: what the scripts of one import is still being installed, or the index is away, or there is
                no room for a worker.
        """
        gate = asyncio.Semaphore(self._supervisor.limits.cores)
        broken: list[tuple[Pipeline | Model, PipelineBroken]] = []

        async def load(entity: Pipeline | Model) -> None:
            async with gate:
                try:
                    await self.load(entity)
                except PipelineBroken as error:
                    broken.append((entity, error))
                if entity.id in resting:
                    await self._supervisor.retire(entity.revision_id)

        outcomes = await asyncio.gather(*map(load, entities), return_exceptions=True)
        for outcome in outcomes:
            if outcome is not None:
                raise outcome
        for _, error in broken:
            if error.details.get("kind") in PASSING:
                raise error
        if broken:
            broken.sort(key=lambda each: each[0].name)
            raise InvalidPipeline(
                "\n".join(_sentence(*each) for each in broken), pipelines=[_told(*each) for each in broken]
            )

    @asynccontextmanager
    async def taken(self, entities: Iterable[Pipeline | Model]) -> AsyncIterator[None]:
        """Leave the pools of these open when the block ends, unless what happens inside fails; not of inactive ones.

        Raises:
            ChangedMeanwhile: the block has ended: who asked for this has left.
        """
        if self._ended:
            raise ChangedMeanwhile
        keys = {entity.revision_id for entity in entities if model_of(entity).active}
        self._loaded.difference_update(keys)
        try:
            yield
        except BaseException:
            self._loaded.update(keys)
            if self._ended:
                await self._supervisor.retire_all(keys)
            raise


def _told(entity: Pipeline | Model, error: PipelineBroken) -> dict[str, Any]:
    kind = "pipeline" if isinstance(entity, Pipeline) else "model"
    return {kind: entity.name, "message": error.message, **error.details}


def _sentence(entity: Pipeline | Model, error: PipelineBroken) -> str:
    """Return the message, which ends before the next one begins and tells whose it is."""
    named = "" if f"'{entity.name}'" in error.message else f"'{entity.name}': "
    return named + error.message.rstrip() + ("" if error.message.rstrip().endswith((".", "!", "?")) else ".")
