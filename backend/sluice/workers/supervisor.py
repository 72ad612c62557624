"""All pools: which pipeline has workers, and the folders that they live in."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from sluice.errors import NotAvailable
from sluice.workers import scratch
from sluice.workers.body import Body
from sluice.workers.call import Prediction
from sluice.workers.child.sandbox import Stage1
from sluice.workers.confinement import CONFINED, Confinement
from sluice.workers.folder import PoolFolder
from sluice.workers.limits import Limits
from sluice.workers.pool import Pool
from sluice.workers.state import PoolState, Tally
from sluice.workers.target import Target, Unseal
from sluice.workers.watch import Watch
from sluice.workers.zygotes import Prepare, Zygotes

CLOSE_GRACE_S = 10.0
_MOST_TALLIES = 10_000


class Supervisor:
    """Starts a pool on a pipeline's first call and ends it when the pipeline goes.

    Args:
        limits: server-wide defaults.
        folder: emptied at start; each pool gets one inside.
        models: folder of the model files, which only zygotes read.
        confinement: which mechanisms of the sandbox to use.
    """

    def __init__(
        self,
        limits: Limits,
        folder: Path,
        models: Path,
        confinement: Confinement = CONFINED,
    ) -> None:
        self._limits = limits
        self._unseal: Unseal = lambda _: {}
        self._folder = folder
        rules = Stage1(
            readable=(str(models),),
            writable=(str(folder),),
            private=(str(models), str(folder)),
            landlock=confinement.landlock,
            seccomp=confinement.seccomp,
        )
        self._zygotes = Zygotes(limits.start_timeout_s, rules, folder, self._note_room, confinement.uid)
        self._pools: dict[str, Pool] = {}
        self._draining: dict[asyncio.Task[None], Pool] = {}
        self._numbers = itertools.count(1)
        self._tallies: dict[str, Tally] = {}
        self._closed = False
        self._watch = Watch(lambda: (*self._pools.values(), *self._draining.values()))

    @property
    def limits(self) -> Limits:
        """Server-wide defaults."""
        return self._limits

    @property
    def can_start(self) -> bool:
        """Whether a worker could be started now, and would be."""
        return self.hindrance is None

    @property
    def hindrance(self) -> str | None:
        """Why none could be or would be, in a sentence, for which no single pipeline is to blame."""
        return "The server is stopping." if self._closed else self._zygotes.hindrance

    def unseal_by(self, unseal: Unseal) -> None:
        """Say what opens the secrets of a worker that is about to be started."""
        self._unseal = unseal

    def prepare_by(self, prepare: Prepare) -> None:
        """Say what installs the libraries of targets that have their own."""
        self._zygotes.prepare = prepare

    async def start(self) -> None:
        """Prepare the folder; what an earlier run left behind is removed."""
        await asyncio.to_thread(_make_empty, self._folder)
        self._zygotes.start()
        self._watch.start()

    @property
    def unfinished(self) -> int:
        """How many calls aren't answered yet."""
        return sum(pool.unfinished for pool in (*self._pools.values(), *self._draining.values()))

    async def finish(self, grace_s: float) -> None:
        """Take no more calls, and return when those that it has are answered; after `grace_s` they fail."""
        self._closed = True
        for key in list(self._pools):
            self.retire(key)
        if self._draining:
            await asyncio.wait(self._draining, timeout=grace_s)
        for pool in self._draining.values():
            pool.stop()
        if self._draining:
            await asyncio.wait(self._draining)

    async def close(self) -> None:
        """End every worker; calls that it has may finish for a while."""
        await self.finish(CLOSE_GRACE_S)
        await self._watch.close()
        await self._zygotes.close()
        await asyncio.to_thread(scratch.remove, self._folder)

    async def warm(self, target: Target) -> None:
        """Return once the target has a worker.

        Raises:
            PipelineBroken: it doesn't load; says what and why.
            NotAvailable: it was retired meanwhile, or the server is stopping.
        """
        await self.open(target).warm()

    def submit(
        self, target: Target, body: Body, deadline_s: float | None = None, trace: bool = False
    ) -> asyncio.Future[Prediction]:
        """Return the future answer to one call, as `Pool.submit` does; a target without a pool gets one."""
        return self.open(target).submit(body, deadline_s, trace)

    async def run(self, target: Target, body: Body, deadline_s: float | None = None, trace: bool = False) -> Prediction:
        """Return the answer to one call; raises what `Pool.submit` and its future do."""
        return await self.submit(target, body, deadline_s, trace)

    def pool(self, key: str) -> Pool | None:
        """Return the open pool of a revision."""
        return self._pools.get(key)

    def open(self, target: Target) -> Pool:
        """Return the target's pool; opened without waiting, so that no call can meet one that is half open.

        Raises:
            NotAvailable: the server is stopping.
        """
        pool = self._pools.get(target.key)
        if pool is None:
            if self._closed:
                raise NotAvailable("The server is stopping. Try again.")
            pool = self._pools[target.key] = Pool(
                target,
                self._limits,
                self._zygotes,
                self._new_folder,
                partial(self._tally, target.owner),
                partial(self._unseal, target),
            )
        return pool

    def state(self, key: str) -> PoolState:
        """Return how the pool of a revision is doing; one that isn't there is idle."""
        pool = self._pools.get(key)
        return pool.state if pool else PoolState("idle")

    def take_tallies(self) -> dict[str, Tally]:
        """Return what happened to workers since the last time, by the owner of their target."""
        tallies, self._tallies = self._tallies, {}
        return tallies

    def retry(self, key: str) -> None:
        """Try again what is broken; harmless if nothing is."""
        if pool := self._pools.get(key):
            pool.retry()

    def retire(self, key: str, grace_s: float | None = None) -> asyncio.Future[None]:
        """End the pool of a revision that isn't needed any more; harmless if there is none.

        From now on its calls are another pool's. Those that it has finish, whether or not anybody awaits the result.

        Args:
            key: of the revision.
            grace_s: calls that aren't answered by then fail; without it each has its own deadline.

        Returns:
            A future that is done when all its processes are gone; cancelling it changes nothing.
        """
        loop = asyncio.get_running_loop()
        pool = self._pools.pop(key, None)
        if pool is None:
            nothing: asyncio.Future[None] = loop.create_future()
            nothing.set_result(None)
            return nothing
        draining = loop.create_task(pool.drain())
        self._draining[draining] = pool
        draining.add_done_callback(self._draining.pop)
        if grace_s is not None:
            timer = loop.call_later(grace_s, pool.stop)
            draining.add_done_callback(lambda _: timer.cancel())
        return asyncio.shield(draining)

    async def retire_all(self, keys: Iterable[str]) -> None:
        """Retire several, all before anything else happens, and return when all their processes are gone."""
        await asyncio.gather(*[self.retire(key) for key in keys])

    def _note_room(self) -> None:
        for pool in self._pools.values():
            pool.note_room()

    def _tally(self, owner: str) -> Tally:
        tally = self._tallies.setdefault(owner, Tally())
        if len(self._tallies) > _MOST_TALLIES:  # nobody takes them, and what they are of may be gone
            del self._tallies[next(iter(self._tallies))]
        return tally

    def _new_folder(self, target: Target) -> PoolFolder:
        return PoolFolder(self._folder / f"{target.key}-{next(self._numbers)}", target)


def _make_empty(folder: Path) -> None:
    scratch.remove(folder)
    folder.mkdir(parents=True)
