"""Pools that go: what they have still gets its answer, and the same pipeline may come back at any time."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import onnx_models
import pytest
from puppets import PUPPET, SUM, answer, supervised, workers
from targets import Targets

from sluice.entities import Policy
from sluice.errors import NotAvailable, PipelineBroken
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target

SLOW = PUPPET.replace("    order =", "    time.sleep(0.3)\n    order =")


@pytest.fixture
async def slow(targets: Targets) -> Target:
    return await targets.make(onnx_models.identity(), SLOW, SUM, policy=Policy(workers=1))


async def test_running_and_waiting_calls_finish(supervisor: Supervisor, slow: Target) -> None:
    calls = [supervisor.submit(slow, b"abc") for _ in range(3)]
    await supervisor.warm(slow)
    await supervisor.retire(slow.key)
    assert [bytes(call.result().body) for call in calls] == [b"294"] * 3
    assert workers() == []


async def test_a_call_that_came_before_any_worker_finishes(supervisor: Supervisor, puppet: Target) -> None:
    call = supervisor.submit(puppet, b"abc")
    await supervisor.retire(puppet.key)
    assert bytes(call.result().body) == b"294"


async def test_new_calls_get_new_workers_at_once(supervisor: Supervisor, slow: Target) -> None:
    old = supervisor.submit(slow, b"abc")
    await supervisor.warm(slow)
    retired = supervisor.retire(slow.key)
    new = supervisor.submit(slow, b"abc")
    assert [bytes(call.body) for call in await asyncio.gather(old, new)] == [b"294", b"294"]
    await retired
    assert await answer(supervisor, slow, b"abc") == 294
    assert len(workers()) == 1


async def test_closing_and_coming_back_never_collide(supervisor: Supervisor, targets: Targets) -> None:
    post = "def process(outputs): return open('labels.txt').read()"
    target = await targets.make(onnx_models.identity(), None, post, {"labels.txt": "cat"})
    calls = []
    for _ in range(6):
        calls.append(supervisor.submit(target, b'{"x": [1]}'))
        supervisor.retire(target.key)
    assert [json.loads(bytes(call.body)) for call in await asyncio.gather(*calls)] == ["cat"] * 6


async def test_the_grace_bounds_it(supervisor: Supervisor, slow: Target) -> None:
    await supervisor.warm(slow)
    calls = [supervisor.submit(slow, body) for body in (b"loop", b"abc")]
    await supervisor.retire(slow.key, grace_s=0.1)
    for call in calls:
        assert isinstance(call.exception(), NotAvailable)
    assert workers() == []


async def test_a_waiter_that_leaves_changes_nothing(supervisor: Supervisor, slow: Target) -> None:
    call = supervisor.submit(slow, b"abc")
    supervisor.retire(slow.key).cancel()
    assert bytes((await call).body) == b"294"


async def test_the_end_of_the_server_lets_calls_finish_and_takes_no_more(tmp_path: Path, targets: Targets) -> None:
    async with supervised(tmp_path) as supervisor:
        target = await targets.make(onnx_models.identity(), SLOW, SUM, policy=Policy(workers=1))
        calls = [supervisor.submit(target, b"abc") for _ in range(3)]
        await supervisor.warm(target)
        closing = asyncio.create_task(supervisor.close())
        await asyncio.wait([calls[0]])
        with pytest.raises(NotAvailable, match="stopping"):
            supervisor.submit(target, b"abc")
        await closing
        assert [bytes(call.result().body) for call in calls] == [b"294"] * 3


async def test_warming_what_is_retired_meanwhile(supervisor: Supervisor, puppet: Target) -> None:
    warming = asyncio.create_task(supervisor.warm(puppet))
    await asyncio.wait([warming], timeout=0)
    assert supervisor.state(puppet.key).state == "starting"
    supervisor.retire(puppet.key)
    with pytest.raises(NotAvailable):
        await warming


async def test_retrying_what_is_broken(supervisor: Supervisor, puppet: Target) -> None:
    assert puppet.pre
    away = puppet.pre.path.with_suffix(".away")
    puppet.pre.path.rename(away)
    with pytest.raises(PipelineBroken):
        await supervisor.warm(puppet)
    assert supervisor.state(puppet.key).state == "broken"
    away.rename(puppet.pre.path)
    supervisor.retry(puppet.key)
    assert supervisor.state(puppet.key).state == "starting"
    assert await answer(supervisor, puppet, b"abc") == 294
