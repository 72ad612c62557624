"""Pipelines for tests of real workers: a supervisor, and a script that does to its process whatever the body says."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import forked_commands
import pytest

from sluice.errors import PipelineBroken, PredictionFailed
from sluice.workers.confinement import CONFINED, Confinement
from sluice.workers.limits import Limits
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target

_FORKS = forked_commands.__file__.encode()
_GONE = (FileNotFoundError, ProcessLookupError)
"""What the kernel says of a process that was reaped: before its file was opened, and before it was read."""

LIMITS = Limits(
    workers=2, deadline_s=20, queue_calls=100, queue_bytes=1 << 30, start_timeout_s=60, max_answer_bytes=1 << 20
)

# Does to its worker whatever the body says.
PUPPET = """
import os, sys, time, ctypes
import numpy as np

def process(content):
    print("got", len(content))
    order = content[:20].decode(errors="replace")
    if order == "raise":
        values = {}
        return values["nothing"]
    if order == "exit":
        sys.exit(3)
    if order == "os._exit":
        os._exit(3)
    if order == "segfault":
        ctypes.string_at(0)
    if order == "loop":
        while True:
            pass
    if order == "close":
        os.closerange(3, 100)
    if order == "truncate":
        for descriptor in range(100):
            try:
                os.ftruncate(descriptor, 0)
            except OSError:
                pass
        os._exit(3)
    return {"x": np.frombuffer(content, np.uint8).astype(np.float32)}
"""
SUM = """
def process(outputs):
    return int(outputs[0].sum())
"""


@asynccontextmanager
async def supervised(folder: Path, confinement: Confinement = CONFINED, **limits: Any) -> AsyncIterator[Supervisor]:
    """Yield a supervisor that leaves no folder and no process behind; `limits` differ from LIMITS."""
    supervisor = Supervisor(replace(LIMITS, **limits), folder / "pools", folder, confinement)
    await supervisor.start()
    try:
        yield supervisor
    finally:
        await supervisor.close()
    assert not (folder / "pools").exists()
    assert children() == []


async def until(condition: Callable[[], object], within_s: float = 20.0) -> None:
    """Return as soon as something is so."""
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.to_thread(time.sleep, 0)  # lets the event loop, and other processes, go on


def children() -> list[int]:
    """Return the processes that this one has, dead ones that nobody reaped included, but not for inspections."""
    return children_of(os.getpid())


def children_of(pid: int) -> list[int]:
    return [child for child in _all_children_of(pid) if not _is(child, b"inspectors") and not _is(child, _FORKS)]


def inspectors() -> list[int]:
    """Return the processes that this one has for inspections: they stay for a while."""
    return [child for child in _all_children_of(os.getpid()) if _is(child, b"inspectors")]


def _all_children_of(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except _GONE:
        return []


def _is(pid: int, word: bytes) -> bool:
    try:
        return word in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except _GONE:
        return False


def workers() -> list[int]:
    """Return the worker processes: children of the models' zygotes, which are the base zygote's."""
    return [worker for base in children() for model in children_of(base) for worker in children_of(model)]


async def answer(supervisor: Supervisor, target: Target, given: Any) -> Any:
    body = given if isinstance(given, bytes) else json.dumps(given).encode()
    return json.loads(bytes((await supervisor.run(target, body)).body))


async def answered_in_the_end(supervisor: Supervisor, target: Target) -> None:
    """Return once a pipeline that is broken answers again."""
    async with asyncio.timeout(20):
        while True:
            try:
                await answer(supervisor, target, b"abc")
                return
            except PipelineBroken:
                await asyncio.to_thread(time.sleep, 0)


async def failure(supervisor: Supervisor, target: Target, body: bytes) -> dict[str, Any]:
    with pytest.raises(PredictionFailed) as failed:
        await supervisor.run(target, body)
    return failed.value.failure
