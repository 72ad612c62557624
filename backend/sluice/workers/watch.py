"""One look at all workers now and then: what they take, and who has nothing to do."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from sluice.workers.pool import Pool
from sluice.workers.vitals import measure

log = logging.getLogger(__name__)

EVERY_S = 0.05
_LOOK_ROUNDS = 5
# Who has had no call isn't measured each time: threads of scripts may go on, but a hundred idle pipelines are many.
_IDLE_ROUNDS = 100


class Watch:
    """Looks after the workers of all pools, in one task.

    Args:
        pools: returns those that there are.
    """

    def __init__(self, pools: Callable[[], Iterable[Pool]]) -> None:
        self._pools = pools
        self._task: asyncio.Task[None] | None = None
        self._round = 0
        # Of its own: slow disks may keep the threads that others share.
        self._thread = ThreadPoolExecutor(1, "watch")

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._go_on())

    async def close(self) -> None:
        """End."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self._thread.shutdown()

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            self._round += 1
            try:
                for pool in self._pools():
                    pool.glance()
                if self._round % _LOOK_ROUNDS == 0:
                    await self._look()
            except Exception:
                log.exception("looking after the workers failed")

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        patients = [
            (pool, worker, patient)
            for pool in list(self._pools())
            for worker, patient in pool.look(loop.time(), everybody=self._round % _IDLE_ROUNDS == 0)
        ]
        if not patients:
            return
        whom = [patient for _, _, patient in patients]
        measured = await loop.run_in_executor(self._thread, lambda: [measure(patient) for patient in whom])
        for (pool, worker, _), (vitals, zygote) in zip(patients, measured, strict=True):
            if vitals:
                pool.judge(worker, vitals, zygote)
