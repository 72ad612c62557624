"""What a pipeline's own policy says is really in force in its workers, and an error names the field to change."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import onnx_models
import pytest
import workers
from targets import Targets

from sluice.entities import Policy
from sluice.errors import PredictionFailed
from sluice.workers.inspection import Inspector
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target

LIMITS = replace(workers.LIMITS, workers=0, cores=2)
# Allocates as many MiB as the body says, and answers with the threads of this process.
GREEDY = """
import os
import numpy as np

def process(content):
    np.ones(int(content) << 20, np.uint8)
    return {"x": np.array([len(os.listdir("/proc/self/task"))], np.float32)}
"""
FIRST = """
def process(outputs):
    return outputs[0].ravel()[0]
"""
BIG_MB = 80


@pytest.fixture
def targets(tmp_path: Path) -> Targets:
    return Targets(tmp_path, Inspector(timeout_s=60, memory_mb=4096))


@pytest.fixture
async def supervisor(tmp_path: Path) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(LIMITS, tmp_path / "pools", tmp_path)
    await supervisor.start()
    yield supervisor
    await supervisor.close()


async def made(targets: Targets, policy: Policy) -> Target:
    return await targets.make(onnx_models.identity(), GREEDY, FIRST, policy=policy)


async def answered(supervisor: Supervisor, target: Target, body: bytes = b"1") -> bytes:
    return bytes((await supervisor.run(target, body)).body)


@pytest.mark.parametrize("threads", [1, 2, 3])
async def test_a_worker_has_the_threads_of_its_policy(supervisor: Supervisor, targets: Targets, threads: int) -> None:
    assert await answered(supervisor, await made(targets, Policy(intra_op_threads=threads))) == b"%d.0" % threads


async def test_a_pipeline_may_take_less_memory_than_others(supervisor: Supervisor, targets: Targets) -> None:
    assert await answered(supervisor, await made(targets, Policy()), b"200") == b"1.0"
    small = await made(targets, Policy(memory_mb=64))
    assert await answered(supervisor, small, b"20") == b"1.0"
    with pytest.raises(PredictionFailed, match=r"the 64 MB .*`memoryMb` of the pipeline, SLUICE_MEMORY_MB"):
        await answered(supervisor, small, b"70")


@pytest.mark.parametrize("threads", [1, 2])
async def test_the_model_itself_counts_for_nothing(supervisor: Supervisor, targets: Targets, threads: int) -> None:
    policy = Policy(memory_mb=64, intra_op_threads=threads)
    target = await targets.make(onnx_models.big(BIG_MB), GREEDY.replace("float32", "int64"), FIRST, policy=policy)
    await supervisor.warm(target)
    assert await answered(supervisor, target, b"20") == b"%d.0" % (threads * 250)
    with pytest.raises(PredictionFailed, match="`memoryMb` of the pipeline"):
        await answered(supervisor, target, b"400")  # what loading gave back may be used again


async def test_a_pipeline_may_answer_with_less_than_others(supervisor: Supervisor, targets: Targets) -> None:
    post = "def process(outputs):\n    return 'x' * 2000"
    assert len(await answered(supervisor, await targets.make(onnx_models.identity(), GREEDY, post))) == 2002
    small = await targets.make(onnx_models.identity(), GREEDY, post, policy=Policy(max_answer_bytes=2001))
    with pytest.raises(PredictionFailed, match=r"the limit is 2001 .`maxAnswerBytes` of the pipeline, SLUICE_MAX_"):
        await answered(supervisor, small)
