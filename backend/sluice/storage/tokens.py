"""Keeps API tokens, browser sessions and one-time links. Secrets arrive here as SHA-256 only.

What changes them raises `DiskFull` or `NotAvailable` as `transaction` says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from tortoise.expressions import Q

from sluice.acting import Actor
from sluice.entities import Role, SignedInBy, Token
from sluice.storage.audit import Entry, Subject
from sluice.storage.encoding import ids_from_text, ids_to_text
from sluice.storage.ids import new_id
from sluice.storage.tables import LinkRow, SessionRow, TokenRow, UserRow
from sluice.storage.transaction import transaction


class Tokens:
    """The API tokens."""

    async def add(
        self,
        name: str,
        role: Role,
        secret_hash: str,
        expires_at: datetime | None,
        pipelines: frozenset[str] | None = None,
    ) -> Token:
        """Keep a new token and return it."""
        id = new_id()
        detail: dict[str, Any] = {"role": role.value, "expiresAt": expires_at.isoformat() if expires_at else None}
        if pipelines is not None:
            detail["pipelineIds"] = sorted(pipelines)
        async with transaction([Entry("token.add", Subject("token", name, id), detail)]):
            row = await TokenRow.create(
                id=id,
                name=name,
                role=role.value,
                secret_hash=secret_hash,
                expires_at=expires_at,
                pipelines=ids_to_text(pipelines),
            )
        return _token(row)

    async def all(self) -> list[tuple[Token, str, datetime | None]]:
        """Return every token with the hash of its secret and its last use, oldest first; expired ones too."""
        rows = await TokenRow.all().order_by("created_at", "id")
        return [(_token(row), row.secret_hash, row.last_used_at) for row in rows]

    async def note_uses(self, used_at: Mapping[str, datetime]) -> None:
        """Keep, by id, when each last called."""
        async with transaction(None):
            for token_id, at in used_at.items():
                await TokenRow.filter(id=token_id).update(last_used_at=at)

    async def remove(self, token_id: str) -> bool:
        """Remove a token; tell whether there was one."""
        async with transaction(None):
            row = await TokenRow.get_or_none(id=token_id)
        if row is None:
            return False
        async with transaction([Entry("token.revoke", Subject("token", row.name, token_id), {"role": row.role})]):
            return await TokenRow.filter(id=token_id).delete() > 0

    async def forget(self, token_id: str) -> None:
        """Remove a token that ended by itself."""
        await TokenRow.filter(id=token_id).delete()


@dataclass(frozen=True)
class BrowserSession:
    """A browser that is signed in, until `expires_at` or until the token or user that it signed in with goes."""

    id_hash: str
    name: str
    role: Role
    token_id: str | None
    user_id: str | None
    signed_in_by: SignedInBy
    created_at: datetime
    expires_at: datetime


class Sessions:
    """The browsers that are signed in."""

    async def add(
        self,
        id_hash: str,
        name: str,
        role: Role,
        expires_at: datetime,
        token_id: str | None = None,
        user_id: str | None = None,
        signed_in_by: SignedInBy = "link",
    ) -> BrowserSession:
        """Keep a new session and return it."""
        entry = Entry("session.start", None, {"role": role.value}, Actor(name, signed_in_by))
        async with transaction([entry]):
            row = await SessionRow.create(
                id_hash=id_hash,
                name=name,
                role=role.value,
                expires_at=expires_at,
                token_id=token_id,
                user_id=user_id,
                signed_in_by=signed_in_by,
            )
        return _session(row)

    async def all(self) -> list[BrowserSession]:
        """Return every session, expired ones too."""
        return [_session(row) for row in await SessionRow.all().order_by("created_at", "id_hash")]

    async def find(self, id_hash: str) -> BrowserSession | None:
        """Return the session, or None where there is none; the caller looks at `expires_at`."""
        row = await SessionRow.get_or_none(id_hash=id_hash)
        return _session(row) if row else None

    async def remove(self, id_hash: str) -> bool:
        """End a session; tell whether there was one."""
        async with transaction(None):
            row = await SessionRow.get_or_none(id_hash=id_hash)
        if row is None:
            return False
        async with transaction([Entry("session.end", Subject("session", row.name))]):
            return await SessionRow.filter(id_hash=id_hash).delete() > 0

    async def forget(self, id_hash: str) -> None:
        """Remove a session that has ended by itself."""
        await SessionRow.filter(id_hash=id_hash).delete()

    async def remove_expired(self, now: datetime) -> int:
        """Forget the sessions that ended before `now` and return how many they were."""
        return await SessionRow.filter(expires_at__lte=now).delete()


class Links:
    """The one-time links by which a browser signs in."""

    async def add(self, code_hash: str, expires_at: datetime | None) -> None:
        """Keep a new link; without `expires_at` it lives until it is used."""
        await LinkRow.create(code_hash=code_hash, expires_at=expires_at)

    async def use(self, code_hash: str, now: datetime) -> bool:
        """Use a link up; tell whether it was good, which is true for one caller only."""
        unexpired = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        async with transaction(None):  # the session that it opens is recorded
            unused = LinkRow.filter(unexpired, code_hash=code_hash, used_at__isnull=True)
            return await unused.update(used_at=now) == 1

    async def remove_unused(self) -> int:
        """Void every link that nobody used and return how many they were; used ones stay as proof of a sign-in."""
        return await LinkRow.filter(used_at__isnull=True).delete()

    async def ever_used(self) -> bool:
        """Tell whether anybody ever signed in by a link."""
        return await LinkRow.filter(used_at__isnull=False).exists()


async def claimed() -> bool:
    """Tell whether the server has an owner: somebody signed in once, or a token or user exists."""
    links_used = await Links().ever_used()
    return links_used or await TokenRow.exists() or await UserRow.exists() or await SessionRow.exists()


def _token(row: TokenRow) -> Token:
    return Token(row.id, row.name, Role(row.role), row.created_at, row.expires_at, ids_from_text(row.pipelines))


def _session(row: SessionRow) -> BrowserSession:
    # Older rows don't say it; there were two ways then.
    by = row.signed_in_by or ("token" if row.token_id else "link")
    return BrowserSession(
        id_hash=row.id_hash,
        name=row.name,
        role=Role(row.role),
        token_id=row.token_id,
        user_id=row.user_id,
        signed_in_by=cast(SignedInBy, by),
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
