"""Users, answered from memory so that no call waits for the database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Protocol

from sluice.access.names import checked_user_name, user_key
from sluice.access.uses import Uses, UseStore
from sluice.entities import Expected, Role, User
from sluice.errors import LastAdministrator, NameTaken, NotFound


class UserStore(UseStore, Protocol):
    """Where users outlive the process."""

    async def add(
        self, name: str, name_key: str, role: Role, pipelines: frozenset[str] | None, password_hash: str | None
    ) -> User:
        """Keep a new user and return it."""

    async def change(self, old: User, user: User, name_key: str) -> None:
        """Keep a user as it is now."""

    async def all(self) -> Sequence[tuple[User, datetime | None]]:
        """Return every user, and when it was last there."""

    async def remove(self, user: User) -> None:
        """Remove a user."""


class Users:
    """Every user there is.

    Args:
        store: where they are kept.
        may_lack_administrators: whether the last one may go, since administrators sign in elsewhere.
    """

    def __init__(self, store: UserStore, may_lack_administrators: bool = False) -> None:
        self._store = store
        self._may_lack_administrators = may_lack_administrators
        self.uses = Uses(store)
        self._by_id: dict[str, User] = {}
        self._by_key: dict[str, User] = {}
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Take over what is stored."""
        for user, used_at in await self._store.all():
            self._remember(user)
            self.uses.take_over(user.id, used_at)

    @property
    def any_has_password(self) -> bool:
        """Whether anybody can sign in by a password."""
        return any(user.password_hash is not None for user in self._by_id.values())

    def all(self) -> list[User]:
        """Return all, oldest first."""
        return list(self._by_id.values())

    def get(self, user_id: str) -> User | None:
        """Return the user of this id, if there is one."""
        return self._by_id.get(user_id)

    def by_name(self, name: str) -> User | None:
        """Return the user of this name, if there is one; case doesn't matter."""
        return self._by_key.get(user_key(name))

    def found(self, user_id: str) -> User:
        """Return the user of this id.

        Raises:
            NotFound: there is none.
        """
        user = self._by_id.get(user_id)
        if user is None:
            raise NotFound(f"There is no user with the id '{user_id}'.")
        return user

    async def create(
        self, name: str, role: Role, pipelines: frozenset[str] | None, password_hash: str | None = None
    ) -> User:
        """Return a new user; `pipelines` is as of `Identity`.

        Raises:
            InvalidName: it can't have this name.
            NameTaken: another one has.
        """
        name = self.free_name(name)
        user = await self._store.add(name, user_key(name), role, pipelines, password_hash)
        self._remember(user)
        return user

    async def change(self, user_id: str, expected: Expected = None, **changes: Any) -> User:
        """Return a user with other attributes, which are as those of `User`.

        Raises:
            NotFound: it is gone.
            PreconditionFailed: it is at another revision than is expected.
            InvalidName: it can't have its new name.
            NameTaken: another one has that.
            LastAdministrator: no other user is one.
        """
        async with self._changing:  # of two changes at once, none may undo the other
            old = self.found(user_id)
            old.assert_expected(expected)
            user = replace(old, **changes)
            if not user.is_administrator:
                self._check_other_administrator(old)
            if user.name != old.name:
                user = replace(user, name=self.free_name(user.name, but=user_id))
            if user == old:
                return old
            user = replace(user, revision=old.revision + 1)
            await self._store.change(old, user, user_key(user.name))
            self._by_key.pop(user_key(old.name), None)
            self._remember(user)
        return user

    async def remove(self, user_id: str, expected: Expected = None) -> None:
        """Remove a user.

        Raises:
            NotFound: there is none of this id.
            PreconditionFailed: it is at another revision than is expected.
            LastAdministrator: no other user is one.
        """
        async with self._changing:
            user = self.found(user_id)
            user.assert_expected(expected)
            self._check_other_administrator(user)
            await self._store.remove(user)
            self._by_id.pop(user_id, None)
            self._by_key.pop(user_key(user.name), None)
            self.uses.forget(user_id)

    def free_name(self, text: str, but: str | None = None) -> str:
        """Return a name in the form in which it is kept, if nobody has it but perhaps the user of that id.

        Raises:
            InvalidName: it can't be a user's.
            NameTaken: another one has it.
        """
        name = checked_user_name(text)
        other = self._by_key.get(user_key(name))
        if other is not None and other.id != but:
            raise NameTaken(f"There is a user named '{other.name}' already.", "user", other.name)
        return name

    def _check_other_administrator(self, user: User) -> None:
        """Refuse that a user is an administrator no longer, where no other one would be left."""
        others = (other for other in self._by_id.values() if other.id != user.id)
        if self._may_lack_administrators or not user.is_administrator or any(one.is_administrator for one in others):
            return
        raise LastAdministrator(
            f"'{user.name}' is the last user of role ADMIN who can sign in. Without one, only a token or the link that "
            "the server prints at its start would let an administrator in. Give another user the role ADMIN first."
        )

    def _remember(self, user: User) -> None:
        self._by_id[user.id] = user
        self._by_key[user_key(user.name)] = user
