"""The folder of one pool: its files, read-only, and a scratch folder for each worker."""

from __future__ import annotations

import asyncio
import itertools
import logging
import shutil
from pathlib import Path

from sluice.workers import scratch
from sluice.workers.target import Part, Target

log = logging.getLogger(__name__)


class PoolFolder:
    """What the workers of one pool find on disk.

    Args:
        path: of this opening of the pool alone, so that one that closes never meets one that opens.
        target: whose scripts and files go in.

    Attributes:
        files: the workers' working folder.
    """

    def __init__(self, path: Path, target: Target) -> None:
        self._path = path
        self._target = target
        self._laying_out: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)
        self.files = path / "files"

    async def lay_out(self) -> None:
        """Return once the files are there.

        Raises:
            OSError: they can't be copied; the next attempt begins anew.
        """
        task = self._laying_out
        if task is None or (task.done() and task.exception()):
            task = self._laying_out = asyncio.create_task(asyncio.to_thread(_lay_out, self.files, self._target))
        await asyncio.shield(task)

    def next_scratch(self) -> Path:
        """Return where one more worker may write; nothing is there yet."""
        return self._path / f"scratch-{next(self._numbers)}"

    async def remove(self) -> None:
        """Remove it with all in it; nobody may write in it any more."""
        if self._laying_out:
            await asyncio.wait([self._laying_out])
        try:
            await asyncio.to_thread(scratch.remove, self._path)
        except OSError as error:
            log.warning("the folder of %s can't be removed: %s", self._target.label, error)


def _lay_out(files: Path, target: Target) -> None:
    """Copy scripts and files under their own names, read-only; a copy, so that no script can touch a stored file."""
    scratch.remove(files)
    files.mkdir(parents=True)
    parts: list[Part | None] = [target.pre, target.post, *target.files]
    for part in parts:
        if part and not (files / part.name).exists():
            shutil.copyfile(part.path, files / part.name)
            (files / part.name).chmod(0o444)
