"""All pools: which pipeline has workers, and the folders that they live in."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

from sluice.workers import scratch
from sluice.workers.body import Body
from sluice.workers.child.sandbox import Stage1
from sluice.workers.confinement import CONFINED, Confinement
from sluice.workers.pool import Limits, Pool, PoolState
from sluice.workers.target import Part, Target
from sluice.workers.worker import Prediction
from sluice.workers.zygotes import Zygotes

_CLOSE_GRACE_S = 10.0


class Supervisor:
    """Starts a pool on a pipeline's first call and ends it when the pipeline goes.

    Args:
        limits: server-wide defaults.
        folder: emptied at start; each pool gets one inside.
        models: folder of the model files, which only zygotes read.
        confinement: which mechanisms of the sandbox to use.
    """

    def __init__(self, limits: Limits, folder: Path, models: Path, confinement: Confinement = CONFINED) -> None:
        self._limits = limits
        self._folder = folder
        rules = Stage1(
            readable=(str(models),),
            writable=(str(folder),),
            private=(str(models), str(folder)),
            network=limits.scripts.network,
            landlock=confinement.landlock,
            seccomp=confinement.seccomp,
        )
        self._zygotes = Zygotes(limits.start_timeout_s, rules)
        self._pools: dict[str, Pool] = {}
        self._opening: dict[str, asyncio.Task[Pool]] = {}

    @property
    def limits(self) -> Limits:
        """Server-wide defaults."""
        return self._limits

    @property
    def can_start(self) -> bool:
        """Whether a worker could be started now."""
        return self._zygotes.can_start

    async def start(self) -> None:
        """Prepare the folder; what an earlier run left behind is removed."""
        await asyncio.to_thread(_make_empty, self._folder)
        self._zygotes.start()

    async def close(self) -> None:
        """End every worker; running calls may finish for a while."""
        await asyncio.gather(*(self.retire(key, _CLOSE_GRACE_S) for key in list(self._pools)))
        await self._zygotes.close()
        await asyncio.to_thread(scratch.remove, self._folder)

    async def warm(self, target: Target) -> None:
        """Return once the target has a worker.

        Raises:
            PipelineBroken: it doesn't load; says what and why.
        """
        await (await self._pool(target)).warm()

    async def run(self, target: Target, body: Body, deadline_s: float | None = None, trace: bool = False) -> Prediction:
        """Return the answer to one call; raises what `Pool.submit` and its future do."""
        pool = self._pools.get(target.key) or await self._pool(target)
        return await pool.submit(body, deadline_s, trace)

    def pool(self, key: str) -> Pool | None:
        """Return the open pool of a revision."""
        return self._pools.get(key)

    def state(self, key: str) -> PoolState:
        """Return how the pool of a revision is doing; one that isn't there is idle."""
        pool = self._pools.get(key)
        return pool.state if pool else PoolState("idle")

    async def retire(self, key: str, grace_s: float = _CLOSE_GRACE_S) -> None:
        """End the pool of a revision that isn't needed any more; harmless if there is none."""
        if opening := self._opening.get(key):
            await asyncio.wait([opening])
        pool = self._pools.pop(key, None)
        if pool:
            await pool.close(grace_s)
            await asyncio.to_thread(scratch.remove, self._folder / key)

    async def _pool(self, target: Target) -> Pool:
        """Return the target's pool, opened once however many ask at the same time."""
        if target.key not in self._pools:
            opening = self._opening.get(target.key)
            if opening is None:
                opening = self._opening[target.key] = asyncio.create_task(self._open(target))
                opening.add_done_callback(lambda _: self._opening.pop(target.key))
            return await asyncio.shield(opening)
        return self._pools[target.key]

    async def _open(self, target: Target) -> Pool:
        folder = self._folder / target.key
        await asyncio.to_thread(_lay_out, folder, target)
        self._pools[target.key] = Pool(target, self._limits, self._zygotes, folder)
        return self._pools[target.key]


def _lay_out(folder: Path, target: Target) -> None:
    """Copy scripts and files under their own names, read-only; a copy, so that no script can touch a stored file."""
    files = folder / "files"
    _make_empty(files)
    parts: list[Part | None] = [target.pre, target.post, *target.files]
    for part in parts:
        if part and not (files / part.name).exists():
            shutil.copyfile(part.path, files / part.name)
            (files / part.name).chmod(0o444)


def _make_empty(folder: Path) -> None:
    scratch.remove(folder)
    folder.mkdir(parents=True)
