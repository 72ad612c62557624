"""Measures the rows under load: all contenders of a row run at the same time, and are loaded in turn."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from pathlib import Path

from benchmarks import contenders
from benchmarks.contenders import Contender, Served
from benchmarks.load import ask
from benchmarks.report import FASTAPI, LIMIT, OURS, Results
from benchmarks.rows import Row
from benchmarks.sluice_server import Refused
from benchmarks.workloads import Workload, workloads

WARM_UP_S = 1
SETTLE_S = 1.0
"""What clients had asked when they left is computed all the same; the next one isn't measured beside that."""


def measure_load(rows: Sequence[Row], folder: Path, rounds: int, seconds: int, results: Results) -> None:
    """Add each row's measurements to the results."""
    known = workloads(folder)
    for _, scene in itertools.groupby(rows, lambda row: row.scene):
        with ExitStack() as stack:
            _measure_scene(list(scene), known, folder, rounds, seconds, results, stack)


def _measure_scene(
    rows: list[Row],
    known: dict[str, Workload],
    folder: Path,
    rounds: int,
    seconds: int,
    results: Results,
    stack: ExitStack,
) -> None:
    first = rows[0]
    workload = known[first.workload]
    openings: dict[str, Callable[[], AbstractContextManager[Contender]]] = {
        OURS: lambda: contenders.sluice(folder, workload, first.policy, first.basic),
        LIMIT: lambda: _limit(folder, workload, first),
    }
    if not workload.inference:  # a server for that protocol isn't written in ten lines
        openings[FASTAPI] = lambda: contenders.plain_fastapi(folder, workload, first.threads)
    running: dict[str, Contender] = {}
    for name, opening in openings.items():
        try:
            running[name] = stack.enter_context(opening())
        except Refused as refused:
            for row in rows:
                results.note(f"{row.name}: {name} left out, {refused}")
    _compare_answers(running)
    for contender in running.values():
        contender.measure(8 if workload.body.stat().st_size < 50_000_000 else 1, WARM_UP_S)
    for _ in range(rounds):
        for row in rows:
            for name, contender in running.items():
                time.sleep(SETTLE_S)
                measured = asdict(contender.measure(row.connections, seconds))
                results.add(row.name, name, {key: value for key, value in measured.items() if value is not None})


def _limit(folder: Path, workload: Workload, row: Row) -> AbstractContextManager[Contender]:
    match row.limit.kind:
        case "bare":
            return contenders.bare_http(folder, workload)
        case "token":
            return contenders.sluice(folder, workload, row.policy)
        case "loop":
            return contenders.loops(folder, workload, row.limit.processes, row.threads)


def _compare_answers(running: dict[str, Contender]) -> None:
    """Make sure that whoever runs the steps answers the same."""
    answers = {
        name: ask(contender.target)
        for name, contender in running.items()
        if name in (OURS, FASTAPI) and isinstance(contender, Served)
    }
    if len({json.dumps(answer, sort_keys=True) for answer in answers.values()}) > 1:
        raise ValueError(f"The answers differ: {answers}")
