"""Finds kept files that are missing or damaged: by their sizes at the start, by their hashes soon after."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

from sluice.catalog.snapshot import Current
from sluice.entities import Model, Pipeline, Resource
from sluice.errors import PipelineBroken
from sluice.storage.files import FileStore

log = logging.getLogger(__name__)

_Seen = tuple[int, int] | None
"""What tells that a file was exchanged: its inode and its time; None is no file."""


class KeptFiles:
    """Which files of models and resources can't be used; what was put right since is seen by itself."""

    def __init__(self, current: Current, files: FileStore) -> None:
        self._current = current
        self._files = files
        self._faults: dict[str, tuple[str, _Seen]] = {}

    async def look(self) -> None:
        """Compare all sizes with what was uploaded."""
        sizes = {part.sha256: part.size_bytes for part in self._parts()}

        def compare() -> None:
            for sha256, size_bytes in sizes.items():
                path = self._files.path(sha256)
                if not path.exists():
                    self._faults[sha256] = "missing", None
                elif path.stat().st_size != size_bytes:
                    self._faults[sha256] = "damaged", _seen(path)

        await asyncio.to_thread(compare)
        for told in self.told():
            log.error("%s", told)

    async def read_all(self) -> None:
        """Read every file once, one after the other, and compare it with its name."""
        for sha256 in {part.sha256 for part in self._parts()} - self._faults.keys():
            path = self._files.path(sha256)
            try:
                seen, found = _seen(path), await asyncio.to_thread(_hash, path)
            except OSError:  # deleted or replaced meanwhile
                continue
            if found != sha256:
                self._faults[sha256] = "damaged", seen
                for told in self.told():
                    log.error("%s", told)

    def told(self) -> list[str]:
        """Return a sentence about each model and resource whose file can't be used."""
        return [told for part in self._parts() if (told := self._fault(part))] if self._faults else []

    def fault_of(self, entity: Model | Pipeline) -> str | None:
        """Return why it can't be loaded, and what mends it; None where nothing is known to be wrong."""
        if not self._faults:
            return None
        parts: Sequence[Model | Resource]
        parts = [entity] if isinstance(entity, Model) else [entity.model, *entity.resources()]
        return next((told for part in parts if (told := self._fault(part))), None)

    def check(self, entity: Model | Pipeline) -> None:
        """Return if its files are there.

        Raises:
            PipelineBroken: one can't be used.
        """
        if fault := self.fault_of(entity):
            raise PipelineBroken(f"'{entity.name}' doesn't work: {fault}")

    def _parts(self) -> Sequence[Model | Resource]:
        return [*self._current.value.models, *self._current.value.resources]

    def _fault(self, part: Model | Resource) -> str | None:
        how, seen = self._faults.get(part.sha256, ("", None))
        if not how:
            return None
        if _seen(self._files.path(part.sha256)) != seen:
            self._faults.pop(part.sha256, None)
            return None
        kind = "model" if isinstance(part, Model) else "resource"
        return (
            f"The file of the {kind} '{part.name}' is {how}. Upload the same file again as its content, "
            f"or restore {part.sha256} from a backup."
        )


def _seen(path: Path) -> _Seen:
    try:
        found = os.stat(path)
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
