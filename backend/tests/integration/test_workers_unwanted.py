"""Calls that nobody waits for any more, but that were sent behind others: no worker is lost to them."""

from __future__ import annotations

import asyncio

import onnx_models
import pytest
from puppets import SUM, answer, until, workers
from targets import Targets

from sluice.entities import Policy
from sluice.errors import DeadlineExceeded, SluiceError
from sluice.workers.body import Body
from sluice.workers.call import Call, Prediction
from sluice.workers.supervisor import Supervisor

TAKES = """
import time
import numpy as np
def process(content):
    time.sleep(float(content))
    return {"x": np.zeros(1, np.float32)}
"""


class Recorder:
    """Keeps the bodies of calls that went wrong, as the records of failures do."""

    def __init__(self) -> None:
        self.bodies: list[Body] = []

    def answered(self, call: Call, ended_at: float, timings_ms: dict[str, float], size_bytes: int) -> None: ...

    def failed(self, call: Call, error: SluiceError) -> None:
        self.bodies.append(call.body)


@pytest.mark.parametrize("most", [1, 2])
@pytest.mark.parametrize("leaves", [True, False], ids=["left", "late"])
async def test_one_that_begins_when_nobody_waits_for_it_ends_soon(
    supervisor: Supervisor, targets: Targets, most: int, leaves: bool
) -> None:
    target = await targets.make(onnx_models.identity(), TAKES, SUM, policy=Policy(workers=most))
    for _ in range(60):  # a pipeline this fast has calls waiting in its worker
        assert await answer(supervisor, target, b"0") == 0
    (worker,) = workers()
    pool = supervisor.open(target)
    first = supervisor.submit(target, b"0.3")
    unwanted: asyncio.Future[Prediction] = asyncio.get_running_loop().create_future()
    recorder = Recorder()
    behind = pool.accept(unwanted, b"60", None if leaves else 0.1, witness=recorder)
    if leaves:
        unwanted.cancel()
        pool.abandon(behind)
    else:
        with pytest.raises(DeadlineExceeded, match="other calls were before it") as late:
            await unwanted
        assert late.value.retry == "ran"  # it may be, later
    assert not first.done()
    await first
    assert await answer(supervisor, target, b"0") == 0
    await until(lambda: worker not in (pid for pid, _ in pool.occupancy.processes))
    assert supervisor.state(target.key).state == "ready"
    (tally,) = supervisor.take_tallies().values()
    assert tally.ends == {"client-left" if leaves else "deadline": 1}
    assert recorder.bodies == ([] if leaves else [b"60"])
    assert not behind.body  # it isn't kept in memory until it ends
