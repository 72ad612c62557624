"""What a pipeline's own policy says is really in force in its workers, and an error names the field to change."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import onnx_models
import pytest
import workers
from targets import Targets

from sluice.entities import Policy
from sluice.errors import PipelineBroken, PredictionFailed
from sluice.workers.child import landlock
from sluice.workers.confinement import Confinement
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


SEVERAL = """
import socket, tempfile

def process(content):
    what, number = content.split()
    if what == b"connect":
        socket.create_connection(("127.0.0.1", int(number)), 5).close()
    elif what == b"write":
        tempfile.TemporaryFile().write(bytes(int(number) << 20))
    return {"x": [0.0]}
"""


async def test_pipelines_reach_the_ports_of_their_own_policies(supervisor: Supervisor, targets: Targets) -> None:
    if landlock.abi() < landlock.KNOWS_PORTS:
        pytest.skip("this kernel's Landlock has no ports")
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        ports = one.getsockname()[1], other.getsockname()[1]
        narrow, wide, closed = [
            await targets.make(onnx_models.identity(), SEVERAL, FIRST, policy=Policy(network=network))
            for network in ((ports[0],), "open", None)
        ]
        for target in (narrow, wide):
            assert await answered(supervisor, target, b"connect %d" % ports[0]) == b"0.0"
        assert await answered(supervisor, wide, b"connect %d" % ports[1]) == b"0.0"
        with pytest.raises(PredictionFailed, match=rf"to port {ports[0]} here \(`network` of the pipeline, SLUICE_"):
            await answered(supervisor, narrow, b"connect %d" % ports[1])
        with pytest.raises(PredictionFailed, match=r"network is closed to scripts.*\(`network` of the pipeline, SLUI"):
            await answered(supervisor, closed, b"connect %d" % ports[0])


async def test_a_pipeline_may_keep_less_on_disk_than_others(supervisor: Supervisor, targets: Targets) -> None:
    small, none = [
        await targets.make(onnx_models.identity(), SEVERAL, FIRST, policy=Policy(scratch_mb=size)) for size in (2, 0)
    ]
    assert await answered(supervisor, small, b"write 1") == b"0.0"
    with pytest.raises(PredictionFailed, match=r"the 2 MB .*\(`scratchMb` of the pipeline, SLUICE_SCRATCH_MB for all"):
        await answered(supervisor, small, b"write 3")
    with pytest.raises(PredictionFailed, match="`scratchMb` of the pipeline gives them one"):
        await answered(supervisor, none, b"write 1")


async def test_a_list_of_ports_is_refused_where_it_cant_be_held(tmp_path: Path, targets: Targets) -> None:
    supervisor = Supervisor(LIMITS, tmp_path / "pools", tmp_path, Confinement(landlock=landlock.KNOWS_PORTS - 1))
    await supervisor.start()
    try:
        target = await targets.make(onnx_models.identity(), SEVERAL, FIRST, policy=Policy(network=(443,)))
        with pytest.raises(PipelineBroken, match=r"can't hold scripts to a list of ports.*Change `network`"):
            await supervisor.warm(target)
    finally:
        await supervisor.close()
