"""Callers take turns: a flood of one holds nobody else up, or out."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import onnx_models
import pytest
from puppets import LIMITS, PUPPET, SUM
from targets import Targets

from sluice.entities import Policy
from sluice.errors import QueueFull
from sluice.workers.supervisor import Supervisor


async def test_a_flood_of_one_caller(tmp_path: Path, targets: Targets) -> None:
    supervisor = Supervisor(replace(LIMITS, queue_calls=20), tmp_path / "pools", tmp_path)
    await supervisor.start()
    pool = supervisor.open(await targets.make(onnx_models.identity(), PUPPET, SUM, policy=Policy(workers=1)))
    ended: list[str] = []

    def submitted(caller: str) -> asyncio.Future[object]:
        call: asyncio.Future[object] = pool.submit(b"abc", caller=caller)
        call.add_done_callback(lambda _: ended.append(caller))
        return call

    flood = [submitted("flood") for _ in range(20)]  # no worker is there yet: all of them wait
    with pytest.raises(QueueFull, match="SLUICE_QUEUE_CALLS"):
        submitted("flood")
    single = submitted("single")
    await asyncio.wait([single, *flood])
    assert bytes(single.result().body) == b"294"  # type: ignore[attr-defined]
    assert isinstance(flood[-1].exception(), QueueFull)
    assert all(call.exception() is None for call in flood[:-1])
    assert ended.index("single") <= 2  # behind the refusal and one call of the flood
    await supervisor.close()
