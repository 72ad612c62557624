"""How much room there is for the data folder, and how much it takes."""

from __future__ import annotations

import asyncio
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

from sluice.environments.folders import taken_bytes

_FRESH_S = 60.0


@dataclass(frozen=True)
class Room:
    """Bytes of the file system that holds the data folder, and of the folder itself."""

    free_bytes: int
    total_bytes: int
    data_bytes: int


class Disk:
    """Measures one data folder; all its files are looked at once a minute at most, for there may be many."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._turn = asyncio.Lock()
        self._data_bytes = 0
        self._measured_at: float | None = None

    async def room(self) -> Room:
        """Return how much is free now."""
        async with self._turn:
            if self._measured_at is None or time.monotonic() - self._measured_at >= _FRESH_S:
                self._data_bytes = await asyncio.to_thread(taken_bytes, self._folder)
                self._measured_at = time.monotonic()
        usage = await asyncio.to_thread(shutil.disk_usage, self._folder)
        return Room(usage.free, usage.total, self._data_bytes)
