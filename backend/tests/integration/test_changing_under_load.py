"""A pipeline is called all the time while its model, its script and its policy are replaced again and again."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import Server, served
from puppets import children_of

from sluice.access.secret import new_secret

V1 = "/api/v1"
ROUNDS = 8
# One of three calls is slow, so that some always run while a revision goes.
PRE = """
import time
import numpy as np

def process(content):
    time.sleep(0.03 * (int(content) % 3 == 0))
    return {{'x': np.full((1, 4), {}, np.float32)}}
"""
FIRST = b"def process(content):\n    return content[0][0, 0]\n"
TOKEN = new_secret("slc_")


@dataclass
class Hammer:
    """A caller that checks each answer against what was there between its call and the answer's arrival."""

    call: Callable[[int], Any]
    values: list[Any]
    settled: int = 0
    answered: int = 0
    wrong: list[str] = field(default_factory=list)

    def expect(self, value: Any) -> None:
        """Note what will be answered once the change that begins now has been made."""
        self.values.append(value)

    def settle(self) -> None:
        """Note that the change was made: from now on only its value counts."""
        self.settled = len(self.values) - 1

    async def run(self, stopped: asyncio.Event) -> None:
        while not stopped.is_set():
            oldest = self.settled
            answer = await self.call(self.answered)
            self.answered += 1
            if answer.status_code != 200 or answer.json() not in self.values[oldest:]:
                self.wrong.append(f"{answer.text} instead of one of {self.values[oldest:]}")


@pytest.fixture
async def server(data_dir: Path) -> AsyncIterator[Server]:
    async with served(data_dir, SLUICE_ADMIN_TOKEN=TOKEN, SLUICE_WORKERS="1") as server:
        yield server
    assert not (data_dir / "run").exists()


@pytest.fixture
async def admin(server: Server) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx2.AsyncClient(base_url=server.url + V1, headers=headers, timeout=60) as client:
        yield client


async def replace(admin: httpx2.AsyncClient, path: str, content: bytes | str) -> None:
    answer = await admin.put(f"{path}/content", content=content)
    assert answer.status_code == 200, answer.text


def workers_of(server: Server) -> list[int]:
    return [
        worker
        for base in children_of(server.process.pid)
        for model in children_of(base)
        for worker in children_of(model)
    ]


async def test_no_call_fails_while_everything_is_replaced(
    admin: httpx2.AsyncClient, server: Server, data_dir: Path
) -> None:
    for collection, name, content in [
        ("models", "m.onnx", onnx_models.times(1)),
        ("resources", "pre.py", PRE.format(1)),
        ("resources", "first.py", FIRST),
    ]:
        await admin.post(f"{collection}?fileName={name}", content=content)
    new = {"name": "p", "model": "m", "preProcessing": "pre.py", "postProcessing": "first.py"}
    assert (await admin.post("pipelines", json=new)).status_code == 201
    predictions = "pipelines/p/predictions"
    pipeline = [
        *(Hammer(lambda number: admin.post(predictions, content=b"%d" % number), [1.0]) for _ in range(4)),
        # A form doesn't take the shortcut.
        *(Hammer(lambda number: admin.post(predictions, files={"file": b"%d" % number}), [1.0]) for _ in range(2)),
    ]
    bare = Hammer(lambda _: admin.post("models/m/predictions", json={"x": [[1] * 4]}), [{"y": [[1.0] * 4]}])
    stopped = asyncio.Event()
    async with asyncio.TaskGroup() as callers:
        for hammer in (*pipeline, bare):
            callers.create_task(hammer.run(stopped))
        try:
            for number in range(1, ROUNDS + 1):
                factor, value = number + 1, 10 * number
                for hammer in pipeline:
                    hammer.expect(value * float(number))
                await replace(admin, "resources/pre.py", PRE.format(value))
                for hammer in pipeline:
                    hammer.settle()
                    hammer.expect(value * float(factor))
                bare.expect({"y": [[float(factor)] * 4]})
                await replace(admin, "models/m", onnx_models.times(factor))
                for hammer in (*pipeline, bare):
                    hammer.settle()
                policy = {"workers": number % 2 + 1, "memoryMb": 512 + number}
                changed = await admin.patch("pipelines/p", json=policy, headers={"If-Match": "*"})
                assert changed.status_code == 200, changed.text
        finally:
            stopped.set()
    for hammer in (*pipeline, bare):
        assert hammer.wrong == []
        assert hammer.answered > 2 * ROUNDS
    assert (await admin.get("pipelines/p")).json()["revision"] == 1 + 3 * ROUNDS
    model = (await admin.get("models/m")).json()
    assert model["revision"] == 1 + ROUNDS
    kept = {part["sha256"] for part in (model, *(await admin.get("resources")).json()["items"])}
    async with asyncio.timeout(30):
        while (
            set(os.listdir(data_dir / "blobs")) != kept
            or len(os.listdir(data_dir / "run")) != 2
            or len(workers_of(server)) > 3
        ):
            await admin.get("models")
