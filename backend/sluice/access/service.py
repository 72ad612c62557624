"""Who is calling: the one place where credentials become an identity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sluice.access.attempts import Attempts
from sluice.access.credentials import Credentials
from sluice.access.links import Links
from sluice.access.names import user_key, without_tenant
from sluice.access.passwords import Passwords, check_new_password
from sluice.access.secret import TOKEN_PREFIX, digest
from sluice.access.sessions import Sessions
from sluice.access.tokens import Tokens
from sluice.access.users import Users
from sluice.access.verified import PREFIX, Verified
from sluice.entities import Expected, Identity, Role, User
from sluice.errors import NotAllowed, NotAvailable, NotSignedIn, PreconditionFailed, Unprocessable

_NO_TOKEN = "The API token is unknown, revoked or expired."
_WRONG = "The user's name or the password is wrong."


@dataclass(frozen=True)
class Access:
    """Tokens, users, sessions and links of one running server."""

    tokens: Tokens
    users: Users
    sessions: Sessions
    links: Links
    passwords: Passwords
    attempts: Attempts
    verified: Verified

    def key_of(self, given: Credentials) -> str | None:
        """Return the key by which `by_key` knows who calls, which stays the same as long as the credentials do.

        None for a password that isn't known to be right: it needs `by_password`.
        """
        token_key = digest(given.secret)
        if given.name is None or self.tokens.has(token_key) or given.secret.startswith(TOKEN_PREFIX):
            return token_key
        user = self._named(given.name)
        if user is None:
            # Where nobody has a password, there is no use in looking at one.
            return None if self.users.any_has_password else token_key
        key = self.verified.key(user.id, given.secret)
        return key if self.verified.user_id(key) else None

    def by_key(self, key: str) -> Identity:
        """Return whom the credentials stand for that have this key.

        Raises:
            NotSignedIn: they are no longer good.
        """
        if key[0] != PREFIX:
            token = self.tokens.by_digest(key)
            if token is None:
                raise NotSignedIn(_NO_TOKEN)
            return token.identity
        user = self.users.get(self.verified.user_id(key) or "")
        if user is None:
            raise NotSignedIn(_WRONG)
        self.users.uses.note(user.id)
        return user.identity

    def knows(self, key: str) -> bool:
        """Tell whether `by_key` has a say: of a password, that it is still known to be right."""
        return key[0] != PREFIX or self.verified.user_id(key) is not None

    async def by_password(self, name: str, password: str, address: str) -> Identity:
        """Return the user of this name with this password, which may be `tenant/name`.

        Args:
            name: of the user.
            password: as it was typed.
            address: from which it comes.

        Raises:
            NotSignedIn: one of the two is wrong; which one isn't told, nor by how long it takes.
            TooManyAttempts: it was wrong too often; nothing was looked at.
            NotAvailable: too many wait already.
        """
        user = self._named(name)
        if user is not None and self.verified.user_id(self.verified.key(user.id, password)) == user.id:
            return user.identity
        account = user.id if user else f"?{user_key(without_tenant(name))[:200]}"
        if not await self._is_right(user, account, password, address):
            raise NotSignedIn(_WRONG)
        assert user is not None
        self.users.uses.note(user.id)
        return user.identity

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
            raise NotSignedIn(_NO_TOKEN)
        _check_signs_in(token.role)
        return await self.sessions.open(token.identity, token)

    async def sign_in_by_password(self, name: str, password: str, address: str) -> tuple[Identity, str]:
        """Open a session of a user; return it and the cookie's secret; raises as `by_password`."""
        identity = await self.by_password(name, password, address)
        _check_signs_in(identity.role)
        return await self.sessions.open(identity)

    async def add_user(self, name: str, role: Role, pipelines: frozenset[str] | None, password: str) -> User:
        """Return a new user; `pipelines` is as of `Identity`.

        Raises:
            Unprocessable: name or password can't be one.
            NameTaken: another user has the name.
        """
        self.users.free_name(name)
        check_new_password(password)
        return await self.users.create(name, role, pipelines, await self.passwords.hash(password))

    async def change_user(
        self, user_id: str, password: str | None = None, expected: Expected = None, **changes: Any
    ) -> User:
        """Return a user with other attributes, and with another password if there is one, which ends its sessions.

        Raises:
            NotFound: it is gone.
            PreconditionFailed: it is at another revision than is expected.
            Unprocessable: name or password can't be one.
            NameTaken: another user has the name.
            LastAdministrator: no other user is one.
        """
        self.users.found(user_id)
        if "name" in changes:
            self.users.free_name(changes["name"], but=user_id)
        if password is not None:
            check_new_password(password)
            changes["password_hash"] = await self.passwords.hash(password)
        changed = await self.users.change(user_id, expected, **changes)
        if password is not None:
            self.verified.forget(user_id)
            await self.sessions.close_of_user(user_id)
        return changed

    async def remove_user(self, user_id: str, expected: Expected = None) -> None:
        """Remove a user with all its sessions.

        Raises:
            NotFound: there is none of this id.
            PreconditionFailed: it is at another revision than is expected.
            LastAdministrator: no other user is one.
        """
        await self.users.remove(user_id, expected)
        self.verified.forget(user_id)
        await self.sessions.close_of_user(user_id)

    async def change_own_password(self, identity: Identity, current: str, new: str, address: str) -> None:
        """Give the user who calls another password, and end all its sessions but the one that calls.

        Raises:
            NotAllowed: no user calls, or one without a password.
            Unprocessable: the current password is wrong, the new one can't be one, or somebody else changed the user.
            TooManyAttempts: as `by_password`.
        """
        user = self.users.get(identity.user_id or "")
        if user is None or user.password_hash is None:
            raise NotAllowed("Only a user who has a password can change it; nobody of that kind calls.")
        check_new_password(new, "new")
        if not await self._is_right(user, user.id, current, address):
            message = "This isn't the current password."
            raise Unprocessable(message, fields={"current": message})
        changed = {"password_hash": await self.passwords.hash(new)}
        try:
            await self.users.change(user.id, frozenset([user.version]), **changed)
        except PreconditionFailed:  # it was given another one, which mustn't be undone by who knew this one
            raise Unprocessable("An administrator changed this user just now. Nothing was changed.") from None
        self.verified.forget(user.id)
        await self.sessions.close_of_user(user.id, but=identity.session_id)

    async def store_uses(self) -> None:
        """Store when tokens and users last called."""
        await self.tokens.uses.store()
        await self.users.uses.store()

    def _named(self, name: str) -> User | None:
        return self.users.by_name(without_tenant(name))

    async def _is_right(self, user: User | None, account: str, password: str, address: str) -> bool:
        """Tell whether it is the user's password, and remember if so; each try counts."""
        self.attempts.begin(account, address)
        tried = user.password_hash if user else None
        try:
            right = await self.passwords.verify(tried, password)
        except NotAvailable:
            self.attempts.given_up(account, address)
            raise
        now = self.users.get(user.id) if user else None
        # Meanwhile the user may be gone, or have another password.
        if not right or user is None or now is None or now.password_hash != tried:
            return False
        self.attempts.succeeded(account, address)
        self.verified.remember(user.id, self.verified.key(user.id, password))
        return True


def _check_signs_in(role: Role) -> None:
    if not role.allows(Role.PREDICT):
        raise NotSignedIn("This one reads the metrics only; sign in as somebody else.")
