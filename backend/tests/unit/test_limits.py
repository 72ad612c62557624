"""What a pipeline may use, from the server's defaults and its own policy."""

from __future__ import annotations

import pytest

from sluice.entities import Policy
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.limits import Limits


def limits(cores: int = 2, workers: int = 0, intra_op_threads: int = 1) -> Limits:
    return Limits(
        workers=workers,
        deadline_s=1,
        queue_calls=1,
        queue_bytes=1,
        start_timeout_s=1,
        max_answer_bytes=1,
        scripts=ScriptPolicy(memory_mb=100, threads=10),
        intra_op_threads=intra_op_threads,
        cores=cores,
    )


@pytest.mark.parametrize(
    ("cores", "threads", "workers"),
    [(1, 1, 1), (1, 2, 1), (2, 1, 2), (2, 2, 1), (2, 3, 1), (64, 1, 64), (64, 2, 32), (64, 5, 12), (64, 64, 1)],
)
def test_workers_and_their_threads_fit_the_cores(cores: int, threads: int, workers: int) -> None:
    assert limits(cores).workers_of(Policy(intra_op_threads=threads)) == workers
    assert limits(cores, intra_op_threads=threads).workers_of(Policy()) == workers


def test_what_was_asked_for_goes_first() -> None:
    assert limits(2, workers=5).workers_of(Policy(intra_op_threads=2)) == 5
    assert limits(2, workers=5).workers_of(Policy(workers=3, intra_op_threads=2)) == 3
    assert limits(2, intra_op_threads=2).threads_of(Policy()) == 2
    assert limits(2, intra_op_threads=2).threads_of(Policy(intra_op_threads=1)) == 1


def test_scripts_may_use_what_the_server_or_the_pipeline_says() -> None:
    assert limits().scripts_of(Policy()) == ScriptPolicy(memory_mb=100, threads=10)
    assert limits().scripts_of(Policy(memory_mb=16)).memory_mb == 16
    assert limits().scripts_of(Policy(intra_op_threads=4)).threads == 13
    wide = limits().scripts_of(Policy(scratch_mb=0, threads=3, network=(443,)))
    assert (wide.scratch_mb, wide.threads, wide.network) == (0, 3, (443,))
