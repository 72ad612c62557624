"""When tokens and users last called: noted in memory, stored now and then, so that no call waits for the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from time import time
from typing import Protocol


class UseStore(Protocol):
    """Where it outlives the process."""

    async def note_uses(self, used_at: Mapping[str, datetime]) -> None:
        """Keep, by id, when each last called; an id that is gone doesn't matter."""


class Uses:
    """By id, when each last called."""

    def __init__(self, store: UseStore) -> None:
        self._store = store
        self._at: dict[str, float] = {}
        self._stored: dict[str, float] = {}
        self._unstored: set[str] = set()

    def leave_unstored(self, id: str) -> None:
        """Store nothing of one that the store doesn't know."""
        self._unstored.add(id)

    def take_over(self, id: str, used_at: datetime | None) -> None:
        """Take over what is stored."""
        if used_at is not None:
            self._at[id] = self._stored[id] = used_at.timestamp()

    def note(self, id: str) -> None:
        """Take notice of a call; every one comes through here."""
        self._at[id] = time()

    def get(self, id: str) -> datetime | None:
        """Return when the last call was, if there was one."""
        at = self._at.get(id)
        return None if at is None else datetime.fromtimestamp(at, UTC)

    def forget(self, id: str) -> None:
        """Forget one that is gone."""
        self._at.pop(id, None)
        self._stored.pop(id, None)

    async def store(self) -> None:
        """Store what is new since the last time."""
        new = {id: at for id, at in self._at.items() if self._stored.get(id) != at and id not in self._unstored}
        if new:
            await self._store.note_uses({id: datetime.fromtimestamp(at, UTC) for id, at in new.items()})
            self._stored.update(new)
