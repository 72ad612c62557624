"""Workers that take more than they may, or starve others: seen by the server, whatever the kernel limits by itself."""

from __future__ import annotations

import asyncio
import ctypes
import os
import struct
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import onnx_models
import pytest
from puppets import LIMITS, PUPPET, SUM, answer, supervised, until, workers
from targets import Targets

from sluice.entities import Policy
from sluice.errors import DeadlineExceeded, WorkerDied
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.confinement import CONFINED, UNCONFINED
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target

pytestmark = pytest.mark.alone

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
NAMELESS_FILES = """
import tempfile, time
held = [tempfile.TemporaryFile() for _ in range(3)]
for file in held:
    file.write(bytes(3_000_000))
    file.flush()
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
    ends = time.process_time() + float(content)
    while time.process_time() < ends:
        pass
    import numpy as np
    return {"x": np.zeros(1, np.float32)}
"""


CAP_SYS_NICE = 23


def effective_capabilities() -> tuple[bytes, ctypes.Array[ctypes.c_char]]:
    header, data = struct.pack("=Ii", 0x20080522, 0), ctypes.create_string_buffer(24)
    assert ctypes.CDLL(None).capget(header, data) == 0
    return header, data


def may_raise_priorities() -> bool:
    _, data = effective_capabilities()
    return bool(struct.unpack_from("=I", data)[0] & 1 << CAP_SYS_NICE)


@contextmanager
def unable_to_raise_priorities() -> Iterator[None]:
    """Be, for a while, as most servers are that don't run as root."""
    header, data = effective_capabilities()
    lowered = ctypes.create_string_buffer(data.raw, 24)
    struct.pack_into("=I", lowered, 0, struct.unpack_from("=I", data)[0] & ~(1 << CAP_SYS_NICE))
    assert ctypes.CDLL(None).capset(header, lowered) == 0
    try:
        yield
    finally:
        assert ctypes.CDLL(None).capset(header, data) == 0


@pytest.mark.parametrize(
    ("does", "kind", "said"),
    [
        (
            THREADS,
            "threads-limit",
            r"it had 21 threads, and may have 8 \(`threads` of the pipeline, SLUICE_THREADS for all\): start fewer",
        ),
        (
            SEVERAL_FILES,
            "scratch-limit",
            r"more than the 8 MB that it may \(`scratchMb` of the pipeline, SLUICE_SCRATCH_MB for all\): remove",
        ),
        (
            NAMELESS_FILES,
            "scratch-limit",
            r"more than the 8 MB that it may \(`scratchMb` of the pipeline, SLUICE_SCRATCH_MB for all\): remove",
        ),
        (MANY_FILES, "scratch-limit", "more than the 10000 files and folders that it may: remove"),
        (SHARED_MEMORY, "memory-limit", r"beside the loaded model, and may take 64 \(`memoryMb`.*SLUICE_MEMORY_MB"),
    ],
    ids=["threads", "files", "nameless-files", "file-count", "memory"],
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


LEAVES = """
import threading, time
import numpy as np
def process(content):
    if content == b"leave":
        for _ in range(20):
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    else:
        time.sleep(1)
    return {"x": np.ones(2, np.float32)}
"""


async def test_what_a_call_leaves_behind_costs_no_other(tmp_path: Path, targets: Targets) -> None:
    async with supervised(tmp_path, scripts=ScriptPolicy(threads=8)) as supervisor:
        target = await targets.make(onnx_models.identity(), LEAVES, SUM, policy=Policy(workers=1))
        assert await answer(supervisor, target, b"leave") == 2
        assert await answer(supervisor, target, b"innocent") == 2
        assert "A worker was ended: it had 21 threads" in supervisor.state(target.key).notes[0].text


@pytest.fixture
async def busy(targets: Targets) -> Target:
    return await targets.make(onnx_models.identity(), BUSY, SUM, policy=Policy(workers=1))


async def stand_back(supervisor: Supervisor, target: Target) -> int:
    """Return the worker of a call that took so long that it got a lower priority."""
    assert await answer(supervisor, target, b"0") == 0
    (worker,) = workers()
    assert os.getpriority(os.PRIO_PROCESS, worker) == 0
    call = asyncio.create_task(answer(supervisor, target, b"1"))
    await until(lambda: os.getpriority(os.PRIO_PROCESS, worker) == 10)
    assert await call == 0
    return worker


async def test_a_long_call_stands_back_and_comes_forward_again(supervisor: Supervisor, busy: Target) -> None:
    if not may_raise_priorities():
        pytest.skip("only who may raise priorities can take it back")
    worker = await stand_back(supervisor, busy)
    assert os.getpriority(os.PRIO_PROCESS, worker) == 0
    assert workers() == [worker]


async def test_a_call_of_some_length_lets_shorter_ones_go_first(supervisor: Supervisor, busy: Target) -> None:
    if not may_raise_priorities():
        pytest.skip("only who may raise priorities can take it back")
    await supervisor.warm(busy)
    (worker,) = workers()
    call = asyncio.create_task(answer(supervisor, busy, b"0.2"))
    await until(lambda: 0 < os.getpriority(os.PRIO_PROCESS, worker) < 10)
    assert await call == 0
    assert os.getpriority(os.PRIO_PROCESS, worker) == 0


async def test_nobody_stands_back_early_who_could_not_return(supervisor: Supervisor, busy: Target) -> None:
    with unable_to_raise_priorities():
        await supervisor.warm(busy)
        (worker,) = workers()
        call = asyncio.create_task(answer(supervisor, busy, b"0.2"))
        while not call.done():
            assert os.getpriority(os.PRIO_PROCESS, worker) == 0
            await asyncio.wait([call], timeout=0.02)
        assert workers() == [worker]


async def test_after_a_crash_the_next_worker_stands_back_for_a_while(
    supervisor: Supervisor,
    targets: Targets,
) -> None:
    if not may_raise_priorities():
        pytest.skip("only who may raise priorities can take it back")
    target = await targets.make(onnx_models.identity(), PUPPET, SUM, policy=Policy(workers=1))
    with pytest.raises(WorkerDied):
        await supervisor.run(target, b"segfault")
    assert await answer(supervisor, target, b"a") == 97
    (worker,) = workers()
    assert os.getpriority(os.PRIO_PROCESS, worker) == 15
    await until(lambda: os.getpriority(os.PRIO_PROCESS, worker) == 0, within_s=30)


async def test_what_computes_without_a_call_stands_back(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), RESTLESS, SUM, policy=Policy(workers=1))
    assert await answer(supervisor, target, b"rest") == 2
    (worker,) = workers()
    assert await answer(supervisor, target, b"burn") == 2
    await until(lambda: worker not in workers() or os.getpriority(os.PRIO_PROCESS, worker) > 0)
    assert worker in workers()


async def test_a_worker_that_has_to_stay_behind_is_replaced(supervisor: Supervisor, busy: Target) -> None:
    with unable_to_raise_priorities():
        worker = await stand_back(supervisor, busy)
        async with asyncio.timeout(20):
            while len(workers()) != 1 or workers() == [worker]:
                assert await answer(supervisor, busy, b"0") == 0  # it is a quick pipeline
        assert [os.getpriority(os.PRIO_PROCESS, pid) for pid in workers()] == [0]


async def test_calls_behind_one_that_hangs_go_to_others(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), PUPPET, SUM)
    for _ in range(60):  # a pipeline this fast has calls waiting in its worker
        assert await answer(supervisor, target, b"a") == 97
    (hanging,) = workers()
    call = asyncio.create_task(supervisor.run(target, b"loop"))
    behind = [asyncio.create_task(answer(supervisor, target, b"a")) for _ in range(5)]
    async with asyncio.timeout(LIMITS.deadline_s / 2):
        assert await asyncio.gather(*behind) == [97] * 5
    assert not call.done()
    call.cancel()
    await until(lambda: hanging not in workers())
    assert await answer(supervisor, target, b"a") == 97


async def test_many_that_hang_cost_no_more_than_as_many_workers_again(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), PUPPET, SUM, policy=Policy(workers=2, deadline_s=5))
    for _ in range(60):
        assert await answer(supervisor, target, b"a") == 97
    calls = [supervisor.submit(target, b"loop") for _ in range(8)]
    seen = set[int]()

    def all_are_late() -> bool:
        seen.add(len(workers()))
        return all(call.done() for call in calls)

    await until(all_are_late)
    assert all(isinstance(call.exception(), DeadlineExceeded) for call in calls)
    assert 2 < max(seen) <= 4
    assert await answer(supervisor, target, b"a") == 97


async def test_who_took_longer_than_usual_answers_once(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), BUSY, SUM)
    for _ in range(60):
        assert await answer(supervisor, target, b"0") == 0
    (slow,) = workers()
    calls = [asyncio.create_task(answer(supervisor, target, given)) for given in (b"2", b"0", b"0")]
    assert await asyncio.gather(*calls) == [0] * 3
    await until(lambda: slow not in workers())
    assert await answer(supervisor, target, b"0") == 0
    assert supervisor.state(target.key).state == "ready"


async def test_workers_of_a_slow_pipeline_stay_and_stand_back(supervisor: Supervisor, busy: Target) -> None:
    with unable_to_raise_priorities():
        for _ in range(8):
            assert await answer(supervisor, busy, b"0.6") == 0
        slow = workers()
        for _ in range(3):
            assert await answer(supervisor, busy, b"0.6") == 0
            assert workers() == slow
        assert [os.getpriority(os.PRIO_PROCESS, pid) for pid in slow] == [10]


async def test_a_call_that_waits_does_not(supervisor: Supervisor, targets: Targets) -> None:
    sleeps = BUSY.replace("process_time", "monotonic").replace("        pass", "        time.sleep(0.01)")
    target = await targets.make(onnx_models.identity(), sleeps, SUM, policy=Policy(workers=1))
    assert await answer(supervisor, target, b"0") == 0
    (worker,) = workers()
    call = asyncio.create_task(answer(supervisor, target, b"1"))
    while not call.done():
        assert os.getpriority(os.PRIO_PROCESS, worker) == 0
        await asyncio.wait([call], timeout=0.02)


async def test_a_loop_stands_back_still_more(supervisor: Supervisor, busy: Target) -> None:
    await supervisor.warm(busy)
    (worker,) = workers()
    call = supervisor.submit(busy, b"60")
    await until(lambda: os.getpriority(os.PRIO_PROCESS, worker) == 19, within_s=40)
    call.cancel()


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
