"""Who is calling: the one place where credentials become an identity."""

from __future__ import annotations

from dataclasses import dataclass

from sluice.access.links import Links
from sluice.access.secret import digest
from sluice.access.sessions import Sessions
from sluice.access.tokens import Tokens
from sluice.access.users import Users
from sluice.entities import Identity, Role
from sluice.errors import NotSignedIn


@dataclass(frozen=True)
class Access:
    """Tokens, users, sessions and links of one running server."""

    tokens: Tokens
    users: Users
    sessions: Sessions
    links: Links

    def by_token(self, secret: str) -> Identity:
        """Return whom an API token stands for.

        Raises:
            NotSignedIn: the token is unknown, revoked or expired.
        """
        return self.by_digest(digest(secret))

    def by_digest(self, secret_hash: str) -> Identity:
        """Return the same for the `digest` of a secret, which stays the same as long as the secret does."""
        token = self.tokens.by_digest(secret_hash)
        if token is None:
            raise NotSignedIn("The API token is unknown, revoked or expired.")
        return token.identity

    async def sign_in_by_link(self, code: str) -> tuple[Identity, str]:
        """Open an administrator's session with the code of a one-time link; return it and the cookie's secret.

        Raises:
            NotSignedIn: the code was used, expired or never valid.
        """
        if not await self.links.use(code):
            raise NotSignedIn(
                "This link was used already or is too old. Each start of the server prints a new one; "
                "an API token works too."
            )
        return await self.sessions.open(Identity("operator", Role.ADMIN, by="link"))

    async def sign_in_by_token(self, secret: str) -> tuple[Identity, str]:
        """Open a session with an API token's name and role; return it and the cookie's secret.

        Raises:
            NotSignedIn: the token is unknown, revoked or expired.
        """
        token = self.tokens.identify(secret)
        if token is None:
            raise NotSignedIn("The API token is unknown, revoked or expired.")
        if not token.role.allows(Role.PREDICT):
            raise NotSignedIn("This token reads the metrics only; sign in with another one.")
        return await self.sessions.open(token.identity, token)

    async def store_uses(self) -> None:
        """Store when tokens and users last called."""
        await self.tokens.uses.store()
        await self.users.uses.store()
