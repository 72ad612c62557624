"""Keeps the users. Passwords arrive here as argon2 hashes only.

What changes them raises `DiskFull` or `NotAvailable` as `transaction` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tortoise.exceptions import IntegrityError

from sluice.entities import Role, User
from sluice.errors import NameTaken
from sluice.storage.audit import Entry, Subject
from sluice.storage.encoding import ids_from_text, ids_to_text
from sluice.storage.ids import new_id
from sluice.storage.tables import UserRow
from sluice.storage.transaction import transaction


class Users:
    """The users."""

    async def add(
        self, name: str, name_key: str, role: Role, pipelines: frozenset[str] | None, password_hash: str | None
    ) -> User:
        """Keep a new user and return it.

        Raises:
            NameTaken: another one got the name in the meantime.
        """
        id = new_id()
        try:
            async with transaction([Entry("user.add", Subject("user", name, id), _may(role, pipelines))]):
                row = await UserRow.create(
                    id=id,
                    name=name,
                    name_key=name_key,
                    role=role.value,
                    pipelines=ids_to_text(pipelines),
                    password_hash=password_hash,
                )
        except IntegrityError:
            raise _taken(name) from None
        return _user(row)

    async def change(self, old: User, user: User, name_key: str) -> None:
        """Keep a user as it is now.

        Raises:
            NameTaken: another one got the name in the meantime.
        """
        try:
            async with transaction([Entry("user.change", Subject("user", user.name, user.id), _changes(old, user))]):
                await UserRow.filter(id=user.id).update(
                    name=user.name,
                    name_key=name_key,
                    role=user.role.value,
                    pipelines=ids_to_text(user.pipelines),
                    password_hash=user.password_hash,
                    revision=user.revision,
                )
        except IntegrityError:
            raise _taken(user.name) from None

    async def all(self) -> list[tuple[User, datetime | None]]:
        """Return every user and when it was last there, oldest first."""
        return [(_user(row), row.last_used_at) for row in await UserRow.all().order_by("created_at", "id")]

    async def remove(self, user: User) -> None:
        """Remove a user."""
        async with transaction([Entry("user.delete", Subject("user", user.name, user.id), _may(user.role, None))]):
            await UserRow.filter(id=user.id).delete()

    async def note_uses(self, used_at: Mapping[str, datetime]) -> None:
        """Keep, by id, when each was last there."""
        async with transaction(None):
            for user_id, at in used_at.items():
                await UserRow.filter(id=user_id).update(last_used_at=at)


def _may(role: Role, pipelines: frozenset[str] | None) -> dict[str, Any]:
    return {"role": role.value} if pipelines is None else {"role": role.value, "pipelineIds": sorted(pipelines)}


def _changes(old: User, user: User) -> dict[str, Any]:
    """Return what the audit log tells of a change: of a password, that it is another one."""
    told: dict[str, Any] = {}
    if user.name != old.name:
        told["name"] = {"from": old.name, "to": user.name}
    if (user.role, user.pipelines) != (old.role, old.pipelines):
        told["may"] = {"from": _may(old.role, old.pipelines), "to": _may(user.role, user.pipelines)}
    if user.password_hash != old.password_hash:
        told["password"] = "changed"
    return told


def _user(row: UserRow) -> User:
    return User(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        created_at=row.created_at,
        pipelines=ids_from_text(row.pipelines),
        password_hash=row.password_hash,
        revision=row.revision,
    )


def _taken(name: str) -> NameTaken:
    return NameTaken(f"There is a user named '{name}' already.", "user", name)
