"""API tokens, answered from memory so that no call waits for the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sluice.access.secret import TOKEN_PREFIX, digest, new_secret
from sluice.access.uses import Uses, UseStore
from sluice.entities import Role, Token
from sluice.errors import NotFound, Unprocessable

SHOWN_AFTER_END = timedelta(days=30)
"""How long a token is listed after it has ended; then it goes when the next one is made."""


class TokenStore(UseStore, Protocol):
    """Where tokens outlive the process."""

    async def add(
        self,
        name: str,
        role: Role,
        secret_hash: str,
        expires_at: datetime | None,
        pipelines: frozenset[str] | None = None,
    ) -> Token:
        """Keep a new token and return it."""

    async def all(self) -> Sequence[tuple[Token, str, datetime | None]]:
        """Return every token with the hash of its secret, and when it was last used."""

    async def remove(self, token_id: str) -> bool:
        """Remove a token, as somebody wants; tell whether there was one."""

    async def forget(self, token_id: str) -> None:
        """Remove a token that ended by itself."""


class Tokens:
    """Every token that is valid now."""

    def __init__(self, store: TokenStore) -> None:
        self._store = store
        self.uses = Uses(store)
        self._by_hash: dict[str, Token] = {}
        self._by_id: dict[str, Token] = {}
        self._unlisted: set[str] = set()

    async def load(self) -> None:
        """Take over what is stored."""
        for token, secret_hash, used_at in await self._store.all():
            self._remember(token, secret_hash)
            self.uses.take_over(token.id, used_at)

    def admit(self, name: str, role: Role, secret: str) -> Token:
        """Accept a secret for as long as this process runs; it is neither stored nor listed."""
        secret_hash = digest(secret)
        # The id follows from the secret: what was opened with it stays valid over a restart, unless it changed.
        token = Token(f"run-{secret_hash[:32]}", name, role, datetime.now(UTC), None)
        self._unlisted.add(token.id)
        self.uses.leave_unstored(token.id)
        self._remember(token, secret_hash)
        return token

    def identify(self, secret: str) -> Token | None:
        """Return the token that has this secret, if it is still valid."""
        return self.by_digest(digest(secret))

    def by_digest(self, secret_hash: str) -> Token | None:
        """Return the token whose secret has this `digest`, if it is still valid; it counts as used."""
        token = self._valid(self._by_hash.get(secret_hash))
        if token is not None:
            self.uses.note(token.id)
        return token

    def has(self, secret_hash: str) -> bool:
        """Tell whether `by_digest` would find one; that doesn't count as use."""
        return self._valid(self._by_hash.get(secret_hash)) is not None

    def get(self, token_id: str) -> Token | None:
        """Return the token of this id, if it is still valid."""
        return self._valid(self._by_id.get(token_id))

    def all(self) -> list[Token]:
        """Return the stored tokens, oldest first; expired ones too."""
        return [token for token in self._by_id.values() if token.id not in self._unlisted]

    async def create(
        self, name: str, role: Role, expires_at: datetime | None = None, pipelines: frozenset[str] | None = None
    ) -> tuple[Token, str]:
        """Return a new token and its secret, which can't be read again; `pipelines` is as of `Identity`.

        Raises:
            Unprocessable: it would have expired already.
        """
        if expires_at is not None and expires_at <= datetime.now(UTC):
            message = "The time lies in the past."
            raise Unprocessable(f"The token can't be made: {message}", fields={"expiresAt": message})
        await self.forget_ended(datetime.now(UTC) - SHOWN_AFTER_END)
        secret = new_secret(TOKEN_PREFIX)
        secret_hash = digest(secret)
        token = await self._store.add(name, role, secret_hash, expires_at, pipelines)
        self._remember(token, secret_hash)
        return token, secret

    async def forget_ended(self, before: datetime) -> None:
        """Forget the stored tokens that ended before a time: nobody will look for them any more."""
        for token in [one for one in self.all() if one.expires_at is not None and one.expires_at < before]:
            await self._store.forget(token.id)
            self._drop(token.id)

    async def revoke(self, token_id: str) -> None:
        """Make a token invalid, from this moment on.

        Raises:
            NotFound: no stored token has this id.
        """
        if token_id in self._unlisted or token_id not in self._by_id:
            raise NotFound(f"There is no token with the id '{token_id}'.")
        # The store first: a token that stayed there would be valid again after the next start.
        await self._store.remove(token_id)
        self._drop(token_id)

    def _drop(self, token_id: str) -> None:
        self._by_id.pop(token_id, None)
        self.uses.forget(token_id)
        self._by_hash = {key: token for key, token in self._by_hash.items() if token.id != token_id}

    def _remember(self, token: Token, secret_hash: str) -> None:
        self._by_hash[secret_hash] = token
        self._by_id[token.id] = token

    @staticmethod
    def _valid(token: Token | None) -> Token | None:
        if token is None or (token.expires_at is not None and token.expires_at <= datetime.now(UTC)):
            return None
        return token
