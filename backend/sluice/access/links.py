"""The one-time link that makes whoever can read the server's output an administrator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol

from sluice.access.secret import digest, new_secret

LIFETIME = timedelta(minutes=15)


class LinkStore(Protocol):
    """Where links are kept, so that each works once."""

    async def add(self, code_hash: str, expires_at: datetime | None) -> None:
        """Keep a new link; without `expires_at` it lives until it is used."""

    async def use(self, code_hash: str, now: datetime) -> bool:
        """Use a link up; tell whether it was good."""

    async def remove_unused(self) -> int:
        """Void every link that nobody used."""


class Links:
    """One link at a time: a new one voids the last."""

    def __init__(self, store: LinkStore) -> None:
        self._store = store

    async def renew(self, claimed: bool) -> str:
        """Return the code of a new link.

        It lives 15 minutes where the server is `claimed`, that is, somebody can sign in without it; else until used.
        """
        await self._store.remove_unused()
        code = new_secret()
        await self._store.add(digest(code), datetime.now(UTC) + LIFETIME if claimed else None)
        return code

    async def use(self, code: str) -> bool:
        """Use a code up; tell whether it was good, which it is once."""
        return await self._store.use(digest(code), datetime.now(UTC))
