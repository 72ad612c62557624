"""Workers that take more than they may, or starve others: seen by the server, whatever the kernel limits by itself."""

from __future__ import annotations

import asyncio
import os
import textwrap
from pathlib import Path

import onnx_models
import pytest
from puppets import SUM, answer, supervised, until, workers
from targets import Targets

from sluice.entities import Policy
from sluice.errors import WorkerDied
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.confinement import CONFINED, UNCONFINED
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target

OBEDIENT = """
import numpy as np
def process(content):
    if content == b"ok":
        return {"x": np.ones(2, np.float32)}
"""
THREADS = """
import threading, time
for _ in range(20):
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
time.sleep(60)
"""
SEVERAL_FILES = """
import os, tempfile, time
for n in range(3):
    with open(os.path.join(tempfile.gettempdir(), str(n)), "wb") as file:
        file.write(bytes(3_000_000))
time.sleep(60)
"""
MANY_FILES = """
import os, tempfile, time
for n in range(10_001):
    open(os.path.join(tempfile.gettempdir(), str(n)), "wb").close()
time.sleep(60)
"""
SHARED_MEMORY = """
import mmap, time
held = mmap.mmap(-1, 200_000_000)
for _ in range(200):
    held.write(bytes(1_000_000))
time.sleep(60)
"""
BUSY = """
import time
def process(content):
    ends = time.monotonic() + float(content)
    while time.monotonic() < ends:
        pass
    import numpy as np
    return {"x": np.zeros(1, np.float32)}
"""


@pytest.mark.parametrize(
    ("does", "kind", "said"),
    [
        (THREADS, "threads-limit", r"it had 21 threads, and may have 8 \(SLUICE_THREADS\): start fewer"),
        (SEVERAL_FILES, "scratch-limit", r"more than the 8 MB that it may \(SLUICE_SCRATCH_MB\): remove"),
        (MANY_FILES, "scratch-limit", "more than the 10000 files and folders that it may: remove"),
        (SHARED_MEMORY, "memory-limit", r"beside the loaded model, and may take 64 \(`memoryMb`.*SLUICE_MEMORY_MB"),
    ],
    ids=["threads", "files", "file-count", "memory"],
)
async def test_who_takes_too_much_is_ended(tmp_path: Path, targets: Targets, does: str, kind: str, said: str) -> None:
    # The sandbox permits no shared memory at all; kernels without one do.
    confinement = UNCONFINED if does is SHARED_MEMORY else CONFINED
    policy = ScriptPolicy(memory_mb=64 if does is SHARED_MEMORY else 1024, scratch_mb=8, threads=8)
    async with supervised(tmp_path, confinement, scripts=policy) as supervisor:
        pre = OBEDIENT + textwrap.indent(does, "    ")
        target = await targets.make(onnx_models.identity(), pre, SUM)
        assert await answer(supervisor, target, b"ok") == 2
        with pytest.raises(WorkerDied, match=said) as died:
            await supervisor.run(target, b"too much")
        assert (died.value.details["kind"], died.value.details["step"]) == (kind, "pre-processing")
        assert await answer(supervisor, target, b"ok") == 2
        assert "A worker was ended: it" in supervisor.state(target.key).notes[0].text


@pytest.fixture
async def busy(targets: Targets) -> Target:
    return await targets.make(onnx_models.identity(), BUSY, SUM, policy=Policy(workers=1))


async def test_a_long_call_stands_back(supervisor: Supervisor, busy: Target) -> None:
    assert await answer(supervisor, busy, b"0") == 0
    (worker,) = workers()
    assert os.getpriority(os.PRIO_PROCESS, worker) == 0
    call = asyncio.create_task(answer(supervisor, busy, b"1.5"))
    await until(lambda: os.getpriority(os.PRIO_PROCESS, worker) == 10)
    assert await call == 0
    # Root may raise it again; where nobody may, another worker takes the place.
    await until(lambda: workers() != [] and all(os.getpriority(os.PRIO_PROCESS, pid) == 0 for pid in workers()))
    assert (workers() == [worker]) == (os.geteuid() == 0)


async def test_a_quick_call_does_not(supervisor: Supervisor, busy: Target) -> None:
    loop = asyncio.get_running_loop()
    ends_at = loop.time() + 1
    await supervisor.warm(busy)
    while loop.time() < ends_at:
        await answer(supervisor, busy, b"0.01")
        assert all(os.getpriority(os.PRIO_PROCESS, worker) == 0 for worker in workers())


RESTLESS = """
import threading
import numpy as np

def compute():
    while True:
        pass

def process(content):
    if content == b"burn":
        threading.Thread(target=compute, daemon=True).start()
    return {"x": np.ones(2, np.float32)}
"""


async def test_who_computes_without_a_call_is_ended(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), RESTLESS, SUM, policy=Policy(workers=1))
    assert await answer(supervisor, target, b"rest") == 2
    (worker,) = workers()
    assert await answer(supervisor, target, b"burn") == 2
    await until(lambda: worker not in workers())
    assert await answer(supervisor, target, b"rest") == 2
    (worker,) = workers()
    ends_at = asyncio.get_running_loop().time() + 6
    await until(lambda: asyncio.get_running_loop().time() > ends_at)
    assert workers() == [worker]
