"""Sends files through a pipeline or a model, some at a time, and writes a line for each."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from sluice.client import address, checked, length_of, patiently, problem_of, streamed

_NOBODY_ANSWERS = {401, 403, 404}
"""What is answered to every file alike."""


@dataclass(frozen=True)
class Asked:
    """What to ask, of every file.

    Attributes:
        collection: `pipelines` or `models`.
        name: of the pipeline or model.
        deadline_s: for one file, or None for its own.
        wait_s: how long to go on trying while the server has no time or is away.
    """

    collection: str
    name: str
    deadline_s: float | None
    wait_s: float

    @property
    def headers(self) -> dict[str, str]:
        """What goes with every file."""
        return {} if self.deadline_s is None else {"Sluice-Deadline": f"{self.deadline_s:.6f}"}


@dataclass
class Sums:
    """How it went.

    Attributes:
        stopped: why not all files were sent, in a sentence; None if they were.
    """

    answered: int = 0
    failed: int = 0
    stopped: str | None = None


@dataclass
class Applying:
    """One run over files.

    Attributes:
        write: takes a line.
        advance: told how many more are done.
    """

    client: httpx2.AsyncClient
    asked: Asked
    write: Callable[[bytes], None]
    advance: Callable[[int], None]
    sums: Sums = field(default_factory=Sums)

    async def all(self, files: Iterable[Path], jobs: int) -> Sums:
        """Send the files, at most `jobs` at once, and return how it went.

        Raises:
            CallFailed: there is no such pipeline or model.
            OSError: a line can't be written.
        """
        checked(await self.client.get(address(self.asked.collection, self.asked.name)))
        left = iter(files)

        async def worker() -> None:
            for path in left:
                if self.sums.stopped:
                    return
                await self._one(path)

        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(jobs):
                    group.create_task(worker())
        except* OSError as unwritten:
            raise unwritten.exceptions[0] from None
        return self.sums

    async def _one(self, path: Path) -> None:
        started_at = time.perf_counter()
        try:
            answer = await patiently(lambda: self._send(path), self.asked.wait_s)
        except OSError as unreadable:
            self._failed(path, started_at, {"code": "unreadable", "detail": unreadable.strerror or str(unreadable)})
            return
        except httpx2.TransportError as error:
            what = str(error) or type(error).__name__
            self.sums.stopped = f"stopped at '{path}': the server can't be reached any more: {what}"
            return
        if answer.is_success:
            self.sums.answered += 1
            # As it came: no digit changes on the way. A line break in JSON is a space.
            self._line(path, started_at, b'"output":' + answer.content.strip().replace(b"\n", b" "))
            return
        problem = problem_of(answer)
        if answer.status_code in _NOBODY_ANSWERS:
            self.sums.stopped = f"stopped at '{path}': {problem['detail']}"
        else:
            self._failed(path, started_at, problem)

    def _failed(self, path: Path, started_at: float, problem: dict[str, Any]) -> None:
        self.sums.failed += 1
        self._line(path, started_at, b'"problem":' + json.dumps(problem).encode())

    def _line(self, path: Path, started_at: float, said: bytes) -> None:
        ok = said.startswith(b'"output":')
        head = json.dumps({"file": str(path), "ok": ok})[:-1].encode()
        ms = round((time.perf_counter() - started_at) * 1e3, 3)
        self.write(b'%s, %s, "ms": %s}' % (head, said, json.dumps(ms).encode()))
        self.advance(1)

    async def _send(self, path: Path) -> httpx2.Response:
        target = address(self.asked.collection, self.asked.name, "predictions")
        headers = {**length_of(path), **self.asked.headers}
        return await self.client.post(target, content=streamed(path), headers=headers)
