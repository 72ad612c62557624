"""Pipelines that end their workers: refused for a while, tried now and then, and healed by one good answer."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator

import onnx_models
import pytest
from puppets import PUPPET, SUM, answer, answered_in_the_end, workers
from targets import Targets

from sluice.entities import Policy
from sluice.errors import DeadlineExceeded, PipelineBroken, PredictionFailed, WorkerDied
from sluice.workers.body import IN_MEMORY_BYTES, collect
from sluice.workers.breaker import MOST_LOSSES
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target


@pytest.fixture
async def single(targets: Targets) -> Target:
    return await targets.make(onnx_models.identity(), PUPPET, SUM, policy=Policy(workers=1))


async def break_it(supervisor: Supervisor, target: Target) -> None:
    for _ in range(MOST_LOSSES):
        with pytest.raises(WorkerDied):
            await supervisor.run(target, b"os._exit")
    assert supervisor.state(target.key).state == "broken"


async def test_it_is_broken_and_says_why(supervisor: Supervisor, single: Target) -> None:
    await break_it(supervisor, single)
    state = supervisor.state(single.key)
    assert state.step == "pre-processing"
    assert (
        state.reason
        == "Its workers ended 5 times in a row, the last in the step pre-processing ('pre.py'): exit status 3."
    )
    with pytest.raises(PipelineBroken, match="Its workers ended 5 times in a row") as broken:
        supervisor.submit(single, b"abc")
    assert (broken.value.retry_after_s, broken.value.details["step"]) == (1, "pre-processing")


async def test_a_good_input_opens_it_again(supervisor: Supervisor, single: Target) -> None:
    await break_it(supervisor, single)
    await answered_in_the_end(supervisor, single)
    assert supervisor.state(single.key).state == "ready"
    assert await asyncio.gather(*(answer(supervisor, single, b"abc") for _ in range(20))) == [294] * 20


async def test_a_trial_that_fails_keeps_it_closed_for_longer(supervisor: Supervisor, single: Target) -> None:
    await break_it(supervisor, single)
    async with asyncio.timeout(20):
        while True:
            try:
                await supervisor.run(single, b"os._exit")
            except WorkerDied:
                break
            except PipelineBroken:
                await asyncio.to_thread(time.sleep, 0)
    assert "6 times" in str(supervisor.state(single.key).reason)
    with pytest.raises(PipelineBroken):
        supervisor.submit(single, b"abc")
    await answered_in_the_end(supervisor, single)


async def test_somebody_retries(supervisor: Supervisor, single: Target) -> None:
    await break_it(supervisor, single)
    supervisor.retry(single.key)
    assert supervisor.state(single.key).state == "starting"
    assert await answer(supervisor, single, b"abc") == 294


async def test_who_waits_while_it_breaks_is_served(supervisor: Supervisor, single: Target) -> None:
    await supervisor.warm(single)
    bad = [supervisor.submit(single, b"os._exit") for _ in range(MOST_LOSSES)]
    good = [supervisor.submit(single, b"abc") for _ in range(5)]
    assert all(isinstance(call, WorkerDied) for call in await asyncio.gather(*bad, return_exceptions=True))
    assert [bytes(call.body) for call in await asyncio.gather(*good)] == [b"294"] * 5


async def test_who_waits_behind_a_lost_trial_is_refused(supervisor: Supervisor, single: Target) -> None:
    await supervisor.warm(single)
    bodies = [b"os._exit"] * (MOST_LOSSES + 1) + [b"segfault"] * 2 + [b"abc"]
    got = await asyncio.gather(*(supervisor.submit(single, body) for body in bodies), return_exceptions=True)
    known, trial, behind = PipelineBroken, WorkerDied, PipelineBroken
    assert [type(call) for call in got] == [WorkerDied] * MOST_LOSSES + [known, trial, behind, behind]


async def test_an_error_of_a_script_changes_nothing(supervisor: Supervisor, single: Target) -> None:
    for _ in range(MOST_LOSSES - 1):
        with pytest.raises(WorkerDied):
            await supervisor.run(single, b"os._exit")
        with pytest.raises(PredictionFailed):
            await supervisor.run(single, b"raise")
    assert supervisor.state(single.key).state != "broken"
    with pytest.raises(WorkerDied):
        await supervisor.run(single, b"os._exit")
    assert supervisor.state(single.key).state == "broken"


async def test_deadlines_and_clients_that_leave_do_not_count(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), PUPPET, SUM, policy=Policy(workers=8))
    await supervisor.warm(target)
    late = [supervisor.submit(target, b"loop", 1.0) for _ in range(MOST_LOSSES + 1)]
    left = [supervisor.submit(target, b"loop") for _ in range(2)]
    await asyncio.wait(late)
    for call in left:
        call.cancel()
    assert all(isinstance(call.exception(), DeadlineExceeded) for call in late)
    assert supervisor.state(target.key).state != "broken"
    assert await answer(supervisor, target, b"abc") == 294


async def test_served_again_within_a_second(supervisor: Supervisor, single: Target) -> None:
    assert await answer(supervisor, single, b"abc") == 294
    with pytest.raises(WorkerDied):
        await supervisor.run(single, b"segfault")
    async with asyncio.timeout(1):
        assert await answer(supervisor, single, b"abc") == 294


async def test_a_lost_worker_is_replaced_before_the_next_call(supervisor: Supervisor, single: Target) -> None:
    assert await answer(supervisor, single, b"abc") == 294
    (lost,) = workers()
    with pytest.raises(WorkerDied):
        await supervisor.run(single, b"os._exit")
    async with asyncio.timeout(10):
        while supervisor.state(single.key).state != "ready":
            await asyncio.to_thread(time.sleep, 0)
    (new,) = workers()
    assert new != lost


HIDES = """
import mmap, os
def process(content):
    if content != b"abc":
        for fd in map(int, os.listdir("/proc/self/fd")):
            try:
                if os.readlink(f"/proc/self/fd/{fd}").startswith("/memfd:sluice-status"):
                    mmap.mmap(fd, mmap.PAGESIZE)[:8] = bytes(8)  # no call was ever begun
            except OSError:
                pass
        os._exit(3)
    import numpy as np
    return {"x": np.ones(1, np.float32)}
"""


ENDS = """
import os
import numpy as np

def process(content):
    if content[:1] == b"!":
        os._exit(3)
    return {"x": np.ones(1, np.float32)}
"""


@pytest.mark.parametrize("size", [16, IN_MEMORY_BYTES + 1], ids=["small", "large"])
async def test_inputs_that_end_workers_cost_their_caller_only(
    supervisor: Supervisor, targets: Targets, size: int
) -> None:
    pool = supervisor.open(await targets.make(onnx_models.identity(), ENDS, SUM, policy=Policy(workers=2)))
    await pool.warm()
    outcomes: Counter[type[Exception]] = Counter()

    async def flood(name: str, times: int) -> None:
        for number in range(times):
            body = await collect(pieces(f"!{name}{number}".ljust(size).encode()), 2 * size)
            try:
                await pool.submit(body, caller="flood")
            except (WorkerDied, PipelineBroken) as error:
                outcomes[type(error)] += 1
                await asyncio.to_thread(time.sleep, 0)

    await flood("first", MOST_LOSSES + 1)
    assert pool.state.state == "broken", "nobody else has called"
    assert bytes((await pool.submit(b"abc", caller="other")).body) == b"1"
    async with asyncio.TaskGroup() as group:
        floods = [group.create_task(flood(name, 50)) for name in ("a", "b")]
        while not all(each.done() for each in floods):
            assert bytes((await pool.submit(b"abc", caller="other")).body) == b"1"
    assert outcomes[WorkerDied] >= MOST_LOSSES and outcomes[PipelineBroken] > 50, "it was a flood"
    assert pool.state.state == "ready"
    assert "Calls of one caller ended workers" in pool.state.notes[0].text


async def pieces(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def test_a_script_that_hides_what_it_began_is_found_out(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), HIDES, SUM, policy=Policy(workers=1))
    await supervisor.warm(target)
    bad = supervisor.submit(target, b"bad")
    good = [supervisor.submit(target, b"abc") for _ in range(10)]
    with pytest.raises(WorkerDied):
        await bad
    assert [bytes(call.body) for call in await asyncio.gather(*good)] == [b"1"] * 10


async def test_waiting_behind_calls_that_miss_their_deadline_costs_nothing(
    supervisor: Supervisor, targets: Targets
) -> None:
    target = await targets.make(onnx_models.identity(), PUPPET, SUM, policy=Policy(workers=1))
    for _ in range(50):
        assert await answer(supervisor, target, b"abc") == 294  # fast: it gets many calls at once
    late = [supervisor.submit(target, b"loop", 0.5 * n) for n in range(1, 6)]
    good = [supervisor.submit(target, b"abc") for _ in range(5)]
    assert all(isinstance(e, DeadlineExceeded) for e in await asyncio.gather(*late, return_exceptions=True))
    assert [bytes(call.body) for call in await asyncio.gather(*good)] == [b"294"] * 5
