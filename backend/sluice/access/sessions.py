"""Browser sessions: opened by a one-time link or a token, kept by the hash of their cookie."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sluice.access.secret import digest, new_secret
from sluice.access.tokens import Tokens
from sluice.entities import Identity, Role, Token

LIFETIME = timedelta(days=30)


class SessionRecord(Protocol):
    """A session as it is stored."""

    @property
    def id_hash(self) -> str:
        """SHA-256 of the cookie."""

    @property
    def name(self) -> str:
        """Who signed in."""

    @property
    def role(self) -> Role:
        """What they may do."""

    @property
    def token_id(self) -> str | None:
        """The token that opened it, whose end is its end too."""

    @property
    def expires_at(self) -> datetime:
        """When it ends at the latest."""


class SessionStore(Protocol):
    """Where sessions outlive the process."""

    async def add(
        self, id_hash: str, name: str, role: Role, expires_at: datetime, token_id: str | None = None
    ) -> SessionRecord:
        """Keep a new session and return it."""

    async def all(self) -> Sequence[SessionRecord]:
        """Return every session."""

    async def remove(self, id_hash: str) -> bool:
        """End a session, as somebody wants; tell whether there was one."""

    async def forget(self, id_hash: str) -> None:
        """Forget a session that has ended by itself."""

    async def remove_expired(self, now: datetime) -> int:
        """Forget what ended before `now` and return how many they were."""


class Sessions:
    """Every browser that is signed in now."""

    def __init__(self, store: SessionStore, tokens: Tokens) -> None:
        self._store = store
        self._tokens = tokens
        self._by_hash: dict[str, SessionRecord] = {}

    async def load(self) -> None:
        """Take over what is stored, and forget what ended; the tokens must be loaded before."""
        await self._store.remove_expired(datetime.now(UTC))
        for session in await self._store.all():
            if self._lives(session):
                self._by_hash[session.id_hash] = session
            else:
                await self._store.forget(session.id_hash)

    async def open(self, name: str, role: Role, token: Token | None = None) -> tuple[Identity, str]:
        """Return who is signed in now, and the cookie's secret."""
        now = datetime.now(UTC)
        expires_at = now + LIFETIME
        if token is not None and token.expires_at is not None:
            expires_at = min(expires_at, token.expires_at)
        secret = new_secret()
        session = await self._store.add(digest(secret), name, role, expires_at, token.id if token else None)
        for ended in [known for known in self._by_hash.values() if not self._lives(known)]:
            await self._store.forget(ended.id_hash)
            self._by_hash.pop(ended.id_hash, None)
        self._by_hash[session.id_hash] = session
        return _identity(session), secret

    def identify(self, secret: str) -> Identity | None:
        """Return who holds this cookie, if the session still lives."""
        session = self._by_hash.get(digest(secret))
        if session is None or not self._lives(session):
            return None
        return _identity(session)

    async def close(self, session_id: str) -> None:
        """End a session; ending it twice does no harm."""
        # The store first: a session that stayed there would live again after the next start.
        await self._store.remove(session_id)
        self._by_hash.pop(session_id, None)

    def _lives(self, session: SessionRecord) -> bool:
        by_valid_token = session.token_id is None or self._tokens.get(session.token_id) is not None
        return by_valid_token and session.expires_at > datetime.now(UTC)


def _identity(session: SessionRecord) -> Identity:
    return Identity(session.name, session.role, session.id_hash, by="token" if session.token_id else "link")
