"""Browser sessions: opened by a one-time link, a token or a password, kept by the hash of their cookie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sluice.access.secret import digest, new_secret
from sluice.access.tokens import Tokens
from sluice.access.users import Users
from sluice.entities import Identity, Role, SignedInBy, Token

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
    def user_id(self) -> str | None:
        """The user who signed in, whose end is its end too."""

    @property
    def signed_in_by(self) -> SignedInBy:
        """What proved who it is."""

    @property
    def created_at(self) -> datetime:
        """When it began."""

    @property
    def expires_at(self) -> datetime:
        """When it ends at the latest."""


class SessionStore(Protocol):
    """Where sessions outlive the process."""

    async def add(
        self,
        id_hash: str,
        name: str,
        role: Role,
        expires_at: datetime,
        token_id: str | None = None,
        user_id: str | None = None,
        signed_in_by: SignedInBy = "link",
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

    def __init__(self, store: SessionStore, tokens: Tokens, users: Users) -> None:
        self._store = store
        self._tokens = tokens
        self._users = users
        self._by_hash: dict[str, SessionRecord] = {}

    async def load(self) -> None:
        """Take over what is stored, and forget what ended; tokens and users must be loaded before."""
        await self._store.remove_expired(datetime.now(UTC))
        for session in await self._store.all():
            if self._identity(session) is not None:
                self._by_hash[session.id_hash] = session
            else:
                await self._store.forget(session.id_hash)

    async def open(
        self, identity: Identity, token: Token | None = None, lifetime: timedelta = LIFETIME
    ) -> tuple[Identity, str]:
        """Return who is signed in now, and the cookie's secret.

        Args:
            identity: who signs in; it says by what.
            token: that it was, if it was one.
            lifetime: after which it ends at the latest.
        """
        expires_at = datetime.now(UTC) + lifetime
        if token is not None and token.expires_at is not None:
            expires_at = min(expires_at, token.expires_at)
        secret = new_secret()
        session = await self._store.add(
            digest(secret),
            identity.name,
            identity.role,
            expires_at,
            token_id=token.id if token else None,
            user_id=identity.user_id,
            signed_in_by=identity.by,
        )
        for ended in [known for known in self._by_hash.values() if self._identity(known) is None]:
            await self._store.forget(ended.id_hash)
            self._by_hash.pop(ended.id_hash, None)
        self._by_hash[session.id_hash] = session
        return replace(identity, session_id=session.id_hash), secret

    def identify(self, secret: str) -> Identity | None:
        """Return who holds this cookie, if the session still lives."""
        session = self._by_hash.get(digest(secret))
        identity = None if session is None else self._identity(session)
        if identity is not None and identity.user_id is not None:
            self._users.uses.note(identity.user_id)
        return identity

    def all(self) -> list[tuple[SessionRecord, Identity]]:
        """Return those that live, oldest first, each with who it is."""
        known = sorted(self._by_hash.values(), key=lambda session: (session.created_at, session.id_hash))
        return [(session, identity) for session in known if (identity := self._identity(session)) is not None]

    async def close(self, session_id: str) -> None:
        """End a session; ending it twice does no harm."""
        # The store first: a session that stayed there would live again after the next start.
        await self._store.remove(session_id)
        self._by_hash.pop(session_id, None)

    async def close_of_user(self, user_id: str, but: str | None = None) -> None:
        """End all sessions of a user, except for one."""
        for session in list(self._by_hash.values()):
            if session.user_id == user_id and session.id_hash != but:
                await self.close(session.id_hash)

    def _identity(self, session: SessionRecord) -> Identity | None:
        """Return who it is now, or None where it has ended; what a token or user may do is asked anew each time."""
        if session.expires_at <= datetime.now(UTC):
            return None
        if session.token_id is not None:
            token = self._tokens.get(session.token_id)
            return None if token is None else replace(token.identity, session_id=session.id_hash)
        if session.user_id is not None:
            user = self._users.get(session.user_id)
            if user is None:
                return None
            return replace(user.identity, session_id=session.id_hash, by=session.signed_in_by)
        return Identity(session.name, session.role, session.id_hash, session.signed_in_by)


def public_id(session: SessionRecord) -> str:
    """Return by what others name a session: what opens it can't be found from that."""
    return digest(f"session {session.id_hash}")[:32]
