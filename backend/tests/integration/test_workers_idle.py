"""Pipelines without calls give their processes back, and come back on demand without a failed call."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import onnx_models
import pytest
from puppets import PUPPET, SUM, answer, children, children_of, supervised, until, workers
from targets import Targets

from benchmarks import processes
from benchmarks.sluice_server import sluice_server
from sluice.entities import Policy
from sluice.errors import PipelineBroken
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target

pytestmark = pytest.mark.alone


@pytest.fixture
async def resting(tmp_path: Path) -> AsyncIterator[Supervisor]:
    async with supervised(tmp_path, idle_s=0.2) as supervisor:
        yield supervisor


def model_zygotes() -> list[int]:
    return [model for base in children() for model in children_of(base)]


async def test_all_is_given_back(resting: Supervisor, puppet: Target, tmp_path: Path) -> None:
    assert await answer(resting, puppet, b"abc") == 294
    await until(lambda: resting.state(puppet.key).state == "idle")
    await until(lambda: not model_zygotes() and not os.listdir(tmp_path / "pools"))
    assert resting.can_start


async def test_the_setting_of_a_server_counts(tmp_path: Path) -> None:
    with sluice_server(tmp_path / "data", {"SLUICE_IDLE_S": "0.2"}) as server:
        server.call("POST", "models?fileName=m.onnx", content=onnx_models.double_it())
        for _ in range(2):
            answered = server.call("POST", "models/m/predictions", json={"x": [[1, 2, 3, 4]]})
            assert answered == {"y": [[2, 4, 6, 8]]}
            await until(lambda: not processes.workers(server.process.pid))


async def test_time_counts_from_the_end_of_the_last_call(tmp_path: Path, targets: Targets) -> None:
    loops = "import time\ndef process(content):\n  ends = time.monotonic() + 2\n  while time.monotonic() < ends: pass\n"
    async with supervised(tmp_path, idle_s=1) as supervisor:
        target = await targets.make(onnx_models.identity(), loops + "  return {'x': [1]}", SUM)
        assert await answer(supervisor, target, b"") == 1
        ended_at = asyncio.get_running_loop().time()
        await until(lambda: supervisor.state(target.key).state == "idle")
        assert asyncio.get_running_loop().time() - ended_at > 0.7  # it is looked at in steps of a quarter


async def test_no_call_fails_between_going_and_coming_back(resting: Supervisor, puppet: Target) -> None:
    seen = set()
    for n in range(200):
        call = asyncio.create_task(answer(resting, puppet, b"abc"))
        while not call.done():
            seen.add(resting.state(puppet.key).state)
            await asyncio.wait([call], timeout=0.01)
        assert await call == 294
        if n % 20 == 0:  # once it goes by itself, at times it is about to
            await until(lambda: not workers())
    assert seen >= {"starting", "ready"}


async def test_pinned_pipelines_stay(resting: Supervisor, targets: Targets, puppet: Target) -> None:
    pinned = await targets.make(onnx_models.identity(), PUPPET, SUM, policy=Policy(pinned=True))
    assert await answer(resting, pinned, b"abc") == 294
    (stays,) = workers()
    for _ in range(3):
        assert await answer(resting, puppet, b"abc") == 294
        await until(lambda: len(workers()) == 1)
    assert workers() == [stays]
    assert resting.state(pinned.key).state == "ready"


async def test_a_pinned_pipeline_gets_a_new_worker_without_a_call(resting: Supervisor, targets: Targets) -> None:
    pinned = await targets.make(onnx_models.identity(), PUPPET, SUM, policy=Policy(pinned=True))
    await resting.warm(pinned)
    (lost,) = workers()
    os.kill(lost, signal.SIGKILL)
    await until(lambda: resting.state(pinned.key).state == "ready" and workers() not in ([lost], []))


async def test_workers_that_are_too_many_go(resting: Supervisor, targets: Targets) -> None:
    slow = PUPPET.replace("    order =", "    time.sleep(0.05)\n    order =")
    target = await targets.make(onnx_models.identity(), slow, SUM, policy=Policy(workers=3))
    await asyncio.gather(*(answer(resting, target, b"abc") for _ in range(30)))
    assert len(workers()) == 3
    async with asyncio.timeout(20):
        while len(workers()) > 1:
            assert await answer(resting, target, b"abc") == 294
    assert resting.state(target.key).state == "ready"


async def test_what_is_broken_gives_its_processes_back_and_stays_broken(resting: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), "1/0")
    with pytest.raises(PipelineBroken):
        await resting.warm(target)
    await until(lambda: not model_zygotes())
    assert resting.state(target.key).state == "broken"


async def test_who_is_closing_isnt_given_back_once_more(targets: Targets, puppet: Target, tmp_path: Path) -> None:
    async with supervised(tmp_path, idle_s=1000.0) as supervisor:
        other = replace(puppet, key="other")  # of the same model, and so of the same zygote
        assert await answer(supervisor, other, b"abc") == 294
        (stays,) = workers()
        assert await answer(supervisor, puppet, b"abc") == 294
        pool = supervisor.pool(puppet.key)
        assert pool
        going = supervisor.retire(puppet.key)
        await asyncio.sleep(0)
        assert pool._closed and not going.done()
        pool.look(asyncio.get_running_loop().time() + 2000.0, everybody=True)
        await going
        assert await answer(supervisor, other, b"abc") == 294
        assert workers() == [stays]


async def test_dozens_of_pipelines_at_once_answer_right_and_give_everything_back(
    resting: Supervisor, targets: Targets, tmp_path: Path
) -> None:
    post = "def process(outputs):\n    return [{}, float(outputs[0].sum())]\n"
    many = [await targets.make(onnx_models.identity(), None, post.format(n)) for n in range(36)]
    for _ in range(2):  # the second time they come back from nothing
        given = asyncio.gather(*(answer(resting, target, {"x": [n]}) for n, target in enumerate(many)))
        assert await given == [[n, n] for n in range(36)]
        await until(lambda: not model_zygotes() and not os.listdir(tmp_path / "pools"), within_s=60)
