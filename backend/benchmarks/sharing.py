"""Measures what one more worker takes beside those that it shares a large model with."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks import contenders
from benchmarks.client import Client
from benchmarks.load import Target
from benchmarks.models import write_table
from benchmarks.processes import START_S, tree, workers, written_mib
from benchmarks.workloads import SCRIPTS, Workload

FEW, MANY = 2, 6


def table(folder: Path, megabytes: int) -> Workload:
    """Write a model of that size, and return it with scripts that make a worker wait where they are told to."""
    model, body = folder / "table.onnx", folder / "rows.bin"
    write_table(model, megabytes)
    body.write_bytes(np.array([1, 2], np.int64).tobytes())
    return Workload("table", model, SCRIPTS / "rows_pre.py", SCRIPTS / "bits_post.py", body)


def extra_worker_mib(folder: Path, workload: Workload) -> float:
    """Return the memory of one more worker; libraries count for nothing, for all of them map the same."""
    found = {}
    for count in (FEW, MANY):
        with contenders.sluice(folder, workload, {"workers": count}) as served:
            bring_up(served.root, served.target, count)
            found[count] = written_mib(tree(served.root))
    return (found[MANY] - found[FEW]) / (MANY - FEW)


def bring_up(server: int, target: Target, count: int) -> None:
    """Return when a pipeline of `table` has all its workers: many slow calls at once demand them."""
    end = time.monotonic() + START_S
    body = target.body.read_bytes() + b"slow"
    with ThreadPoolExecutor(4 * count) as threads:
        while len(workers(server)) < count:
            if time.monotonic() > end:
                raise TimeoutError(f"{len(workers(server))} of {count} workers came.")
            list(threads.map(lambda _: Client(target).ask(body), range(8 * count)))
