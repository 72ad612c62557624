"""Workers that are replaced while calls go on: by count and by growth, and not one call fails."""

from __future__ import annotations

import asyncio
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

import onnx_models
from puppets import LIMITS, answer, supervised, until, workers
from targets import Targets

from sluice.entities import Policy
from sluice.errors import PredictionFailed
from sluice.workers.crew import Plan
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target
from sluice.workers.tending import TIDY_AFTER_S

WHO = "import os\ndef process(outputs): return os.getpid()"
LEAKS = """
import os
kept = []
def process(outputs):
    kept.append(bytearray(b"x" * 4_000_000))
    return os.getpid()
"""
SWELLS = """
import os
def process(outputs):
    taken = bytearray(b"x" * int(outputs[0][0]))
    return os.getpid()
"""
GIVEN = {"x": [1]}


async def asked_until(supervisor: Supervisor, target: Target, pids: int) -> Counter[int]:
    """Return who answered how many calls, once so many workers had their turn."""
    who: Counter[int] = Counter()
    async with asyncio.timeout(60):
        while len(who) < pids:
            who.update(await asyncio.gather(*(answer(supervisor, target, GIVEN) for _ in range(32))))
    return who


async def test_by_count(tmp_path: Path, targets: Targets) -> None:
    async with supervised(tmp_path, recycle_calls=20) as supervisor:
        target = await targets.make(onnx_models.identity(), None, WHO, policy=Policy(workers=1))
        who = await asked_until(supervisor, target, 4)
        assert min(list(who.values())[:-1]) >= 20
        await until(lambda: len(workers()) == 1)


async def test_by_growth(tmp_path: Path, targets: Targets) -> None:
    async with supervised(tmp_path, recycle_growth_mb=100) as supervisor:
        target = await targets.make(onnx_models.identity(), None, LEAKS, policy=Policy(workers=1))
        await asked_until(supervisor, target, 2)
        await until(lambda: supervisor.state(target.key).notes)
        (note,) = supervisor.state(target.key).notes
        assert "A worker was replaced: in " in note.text
        assert "post.py" in note.text and "kept" in note.text
        grown = int(note.text.split("had grown by ")[1].split()[0])
        assert grown >= 100


async def test_a_worker_whose_memory_is_used_up_is_replaced(tmp_path: Path, targets: Targets) -> None:
    async with supervised(tmp_path) as supervisor:
        target = await targets.make(onnx_models.identity(), None, LEAKS, policy=Policy(workers=1, memory_mb=64))
        who, refused = set(), 0
        async with asyncio.timeout(60):
            while len(who) < 4:
                try:
                    who.add(await answer(supervisor, target, GIVEN))
                except PredictionFailed as failed:
                    assert "MemoryError" in failed.failure["exception"]
                    refused += 1
        assert refused >= 3


async def test_growth_is_judged_by_what_the_pipeline_may_take(targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), None, LEAKS, policy=Policy(memory_mb=64))
    assert Plan.of(target, replace(LIMITS, recycle_growth_mb=1000)).growth_bytes == 32 << 20
    assert Plan.of(target, replace(LIMITS, recycle_growth_mb=10)).growth_bytes == 10 << 20
    assert Plan.of(target, replace(LIMITS, recycle_growth_mb=0)).growth_bytes == 0


async def test_memory_that_a_call_gives_back_is_no_growth(tmp_path: Path, targets: Targets) -> None:
    async with supervised(tmp_path, recycle_growth_mb=100) as supervisor:
        target = await targets.make(onnx_models.identity(), None, SWELLS, policy=Policy(workers=1))
        loop = asyncio.get_running_loop()
        who = set()
        for size, for_s in ((1, 1.5), (200_000_000, 3)):
            ends_at = loop.time() + for_s
            while loop.time() < ends_at:
                who.add(await answer(supervisor, target, {"x": [size]}))
        assert len(who) == 1
        assert supervisor.state(target.key).notes == ()


async def test_a_replacement_that_does_not_start_leaves_the_old_worker(tmp_path: Path, targets: Targets) -> None:
    once = "import sys\nsys.path.count('')\nopen('ticket.txt').read()\n" + WHO
    async with supervised(tmp_path, recycle_calls=20) as supervisor:
        target = await targets.make(onnx_models.identity(), None, once, {"ticket.txt": "x"}, policy=Policy(workers=1))
        first = await answer(supervisor, target, GIVEN)
        (ticket,) = (tmp_path / "pools").glob("*/files/ticket.txt")
        ticket.unlink()
        assert {await answer(supervisor, target, GIVEN) for _ in range(200)} == {first}


def resident_mib(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


async def test_memory_goes_back_after_a_while_without_calls(tmp_path: Path, targets: Targets) -> None:
    async with supervised(tmp_path) as supervisor:
        target = await targets.make(onnx_models.identity(), None, SWELLS, policy=Policy(workers=1))
        worker = await answer(supervisor, target, {"x": [1]})
        before = resident_mib(worker)
        assert await answer(supervisor, target, {"x": [300_000_000]}) == worker
        assert resident_mib(worker) > before + 200  # it is kept for the next call, which makes large ones quicker
        await until(lambda: resident_mib(worker) < before + 50, within_s=2 * TIDY_AFTER_S + 10)
        assert await answer(supervisor, target, {"x": [1]}) == worker
