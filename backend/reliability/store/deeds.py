"""Uploads, replaces and deletes, in one order, with all that a server does for it: what faults are injected into.

Everything but SQLite's own thread runs in the main thread, so that each system call has one number at each run.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sluice.catalog.changes import Changes
from sluice.catalog.opening import open_catalog
from sluice.catalog.resources import Resources
from sluice.catalog.uploads import Upload
from sluice.storage.database import opened
from sluice.storage.files import FileStore
from sluice.workers.inspection import Inspector
from sluice.workers.limits import Limits
from sluice.workers.supervisor import Supervisor

_LIMITS = Limits(
    workers=1, deadline_s=1, queue_calls=1, queue_bytes=1, start_timeout_s=1, max_answer_bytes=1
)  # of workers that are never started


@dataclass(frozen=True)
class Deed:
    """One change.

    Attributes:
        name: of the resource.
        content: that it has afterwards; None deletes it.
        replaces: whether it is there before.
    """

    name: str
    content: bytes | None
    replaces: bool = False


FIRST, SECOND, THIRD = b"a" * 1_500_000, b"b" * 1_500_000, b"c" * 10
DEEDS = (
    Deed("a.bin", FIRST),
    Deed("b.bin", FIRST),
    Deed("a.bin", SECOND, replaces=True),
    Deed("c.bin", SECOND),
    Deed("c.bin", None),
    Deed("b.bin", None),
    Deed("d.bin", THIRD),
)
"""Two resources share a file each time before one of them goes."""


async def do_all(data: Path, tell: Callable[[str], None], begin: Callable[[], None]) -> None:
    """Do all deeds in a data folder; one that fails doesn't keep the next from being tried.

    Args:
        data: the folder.
        tell: told `done` or `failed` after each.
        begin: called when all is open, before the first.
    """
    asyncio.get_running_loop().set_default_executor(_Here())
    async with opened(data):
        files = FileStore(data)
        current = await open_catalog(files)
        changes = Changes(files, current)
        supervisor = Supervisor(_LIMITS, data / "run", files.kept)
        resources = Resources(
            current, changes, files, Inspector(timeout_s=1, memory_mb=1, folders=files.folders), supervisor
        )
        begin()
        for deed in DEEDS:
            try:
                await _do(deed, files, resources)
            except Exception as error:
                tell(f"failed {type(error).__name__}")
            else:
                tell("done")
            await changes.cleaned()


async def _do(deed: Deed, files: FileStore, resources: Resources) -> None:
    if deed.content is None:
        await resources.delete(deed.name)
        return
    staged = await files.receive(_chunks(deed.content), 1 << 30)
    try:
        upload = Upload(deed.name, staged)
        await (resources.replace(deed.name, upload) if deed.replaces else resources.add(upload))
    finally:
        await files.discard(staged)


async def _chunks(content: bytes) -> AsyncIterator[bytes]:
    for begin in range(0, len(content), 1 << 16):
        yield content[begin : begin + (1 << 16)]


class _Here(ThreadPoolExecutor):
    """Runs everything at once, in the thread that asks for it."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(work(*args, **named))
        except BaseException as error:
            future.set_exception(error)
        return future
