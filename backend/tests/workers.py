"""Real workers for tests of what runs in them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from targets import Targets

from sluice.errors import SluiceError
from sluice.workers.call import Prediction
from sluice.workers.inspection import Inspector
from sluice.workers.pool import Limits
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target

LIMITS = Limits(
    workers=1, deadline_s=20, queue_calls=100, queue_bytes=1 << 30, start_timeout_s=60, max_answer_bytes=1 << 20
)


class Workers:
    """Makes pipelines and calls them, one worker each."""

    def __init__(self, supervisor: Supervisor, targets: Targets) -> None:
        self.supervisor = supervisor
        self.targets = targets

    async def make(self, model: bytes, pre: str | None = None, post: str | None = None, **more: Any) -> Target:
        return await self.targets.make(model, pre, post, **more)

    async def predict(
        self, target: Target, body: bytes = b"", trace: bool = False, within_s: float | None = None
    ) -> Prediction:
        return await self.supervisor.run(target, body, within_s, trace)

    async def answer(self, target: Target, body: bytes = b"") -> Any:
        return json.loads(bytes((await self.predict(target, body)).body))

    async def trace(self, target: Target, body: bytes = b"") -> dict[str, Any]:
        traced = (await self.predict(target, body, trace=True)).trace
        assert traced is not None
        return traced

    async def failure(
        self, target: Target, body: bytes = b"", trace: bool = False, within_s: float | None = None
    ) -> dict[str, Any]:
        """Return the details of the error that a call ends with, and its `message`."""
        with pytest.raises(SluiceError) as failed:
            await self.predict(target, body, trace, within_s)
        return {"message": failed.value.message, **failed.value.details}

    async def retire_all(self) -> None:
        """End the workers of all pipelines that were made."""
        await self.supervisor.retire_all(list(self.supervisor._pools))


@asynccontextmanager
async def opened_workers(folder: Path, inspector: Inspector, **limits: Any) -> AsyncIterator[Workers]:
    supervisor = Supervisor(replace(LIMITS, **limits), folder / "pools", folder)
    await supervisor.start()
    try:
        yield Workers(supervisor, Targets(folder, inspector))
    finally:
        await supervisor.close()
