"""A pipeline is called all the time while its model, its script and its policy are replaced again and again."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, running
from puppets import children, workers

from sluice.entities import Role

V1 = "/api/v1"
ROUNDS = 8
CALLERS = 6
# One of three calls is slow, so that some always run while a revision goes.
PRE = """
import time
import numpy as np

def process(content):
    time.sleep(0.03 * (int(content) % 3 == 0))
    return {{'x': np.full((1, 4), {}, np.float32)}}
"""
FIRST = b"def process(content):\n    return content[0][0, 0]\n"


@dataclass
class Hammer:
    """Callers that check each answer against what was there between its call and its arrival."""

    client: httpx2.AsyncClient
    url: str
    values: list[Any]
    settled: int = 0
    answered: int = 0
    wrong: list[str] = field(default_factory=list)
    stopped: bool = False

    def expect(self, value: Any) -> None:
        """Note what will be answered once the change that begins now has been made."""
        self.values.append(value)

    def settle(self) -> None:
        """Note that the change was made: from now on only its value counts."""
        self.settled = len(self.values) - 1

    async def call(self, caller: int) -> None:
        number = caller
        while not self.stopped:
            oldest = self.settled
            body = b'{"x": [[1, 1, 1, 1]]}' if "models" in self.url else b"%d" % number
            answer = await self.client.post(self.url, content=body)
            number += 1
            self.answered += 1
            if answer.status_code != 200 or answer.json() not in self.values[oldest:]:
                self.wrong.append(f"{answer.text} instead of one of {self.values[oldest:]}")


async def replace(admin: httpx2.AsyncClient, path: str, content: bytes | str) -> None:
    answer = await admin.put(f"{V1}/{path}/content", content=content)
    assert answer.status_code == 200, answer.text


@pytest.fixture
async def app(data_dir: Path) -> Any:
    async with running(data_dir) as app:
        yield app
    assert children() == []
    assert not (data_dir / "run").exists()


async def test_no_call_fails_while_everything_is_replaced(app: App, data_dir: Path) -> None:
    async with await app.caller(Role.ADMIN) as admin, asyncio.TaskGroup() as callers:
        for collection, name, content in [
            ("models", "m.onnx", onnx_models.times(1)),
            ("resources", "pre.py", PRE.format(1)),
            ("resources", "first.py", FIRST),
        ]:
            await admin.post(f"{V1}/{collection}?fileName={name}", content=content)
        new = {"name": "p", "model": "m", "preProcessing": "pre.py", "postProcessing": "first.py"}
        assert (await admin.post(f"{V1}/pipelines", json=new)).status_code == 201
        hammer = Hammer(admin, f"{V1}/pipelines/p/predictions", [1.0])
        bare = Hammer(admin, f"{V1}/models/m/predictions", [{"y": [[1.0] * 4]}])
        for number in range(CALLERS):
            callers.create_task(hammer.call(number))
        callers.create_task(bare.call(0))
        try:
            for number in range(1, ROUNDS + 1):
                factor, value = number + 1, 10 * number
                hammer.expect(value * float(number))
                await replace(admin, "resources/pre.py", PRE.format(value))
                hammer.settle()
                hammer.expect(value * float(factor))
                bare.expect({"y": [[float(factor)] * 4]})
                await replace(admin, "models/m", onnx_models.times(factor))
                hammer.settle()
                bare.settle()
                policy = {"workers": number % 2 + 1, "memoryMb": 512 + number}
                changed = await admin.patch(f"{V1}/pipelines/p", json=policy, headers={"If-Match": "*"})
                assert changed.status_code == 200, changed.text
        finally:
            hammer.stopped = bare.stopped = True
    assert hammer.wrong == bare.wrong == []
    assert hammer.answered > 10 * ROUNDS
    assert bare.answered > 10 * ROUNDS
    await app.services.changes.cleaned()
    (pipeline,), (model,) = app.services.current.value.pipelines, app.services.current.value.models
    assert (pipeline.revision, model.revision) == (1 + 3 * ROUNDS, 1 + ROUNDS)
    kept = {resource.sha256 for resource in app.services.current.value.resources} | {model.sha256}
    assert set(os.listdir(data_dir / "blobs")) == kept
    pools = {folder.partition("-")[0] for folder in os.listdir(data_dir / "run")}
    assert pools == {pipeline.revision_id, model.revision_id}
    assert len(workers()) <= 3
