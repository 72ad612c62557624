"""Keeps who changed what, and when: an entry is committed together with the change that it tells of, or not at all.

`transaction` writes them, so that a repository can't change anything without saying what is to be told of it.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from sluice.acting import Actor, acting
from sluice.logs import request_id
from sluice.storage.ids import now
from sluice.storage.tables import AuditRow

REFUSED = "session.refuse"
"""The one action that anybody can have written, without any right; see `AuditLog.keep`."""

_MOST_AT_ONCE = 500
_ID_CHARACTERS = 64  # of what is found as a whole only


@dataclass(frozen=True)
class Subject:
    """What was changed.

    Attributes:
        kind: `model`, `pipeline`, `token`, ...
        name: as it was called then, or by its new name where that was changed.
        id: that it keeps; empty where it has none.
    """

    kind: str
    name: str
    id: str = ""


@dataclass(frozen=True)
class Entry:
    """What is to be recorded of one change; who makes it is known from `acting`.

    Attributes:
        action: such as `pipeline.change`.
        subject: what it is done to.
        detail: what changed, as JSON; never content, a secret or what could be one.
        actor: who, where the request doesn't say so: it is just signing in.
    """

    action: str
    subject: Subject | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)
    actor: Actor | None = None


@dataclass(frozen=True)
class Recorded:
    """An entry as it is kept; for its attributes see `Entry` and `acting.Acting`.

    Attributes:
        id: higher than those of all earlier entries.
    """

    id: int
    at: datetime
    actor: Actor
    action: str
    subject: Subject | None
    dialect: str
    request_id: str
    address: str | None
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which entries to read; None leaves all.

    Attributes:
        q: what an entry has in its action or a name, or as its request's id or address; case doesn't count.
        actor: whose.
        action: such as `pipeline.change`, or `pipeline` for all that ends in a dot and more.
        subject: whose name or id it is.
    """

    q: str | None = None
    actor: str | None = None
    action: str | None = None
    subject: str | None = None

    def rows(self) -> QuerySet[AuditRow]:
        """Return the query for them."""
        found = AuditRow.all()
        if self.q is not None:
            key = _key(self.q)
            names = Q(actor_key__contains=key) | Q(subject_key__contains=key) | Q(action__contains=key)
            found = found.filter(names | _is("request_id", self.q) | _is("address", self.q))
        if self.actor is not None:
            found = found.filter(actor_key=_key(self.actor))
        if self.action is not None:
            found = found.filter(Q(action=self.action) | Q(action__startswith=self.action + "."))
        if self.subject is not None:
            found = found.filter(Q(subject_key=_key(self.subject)) | _is("subject_id", self.subject))
        return found


class AuditLog:
    """All entries, newest first."""

    async def page(self, wanted: Wanted, most: int, before: int | None = None) -> list[Recorded]:
        """Return the newest entries, or those before one.

        Args:
            wanted: which.
            most: of them.
            before: the id of an entry.
        """
        rows = wanted.rows() if before is None else wanted.rows().filter(id__lt=before)
        return [_recorded(row) for row in await rows.order_by("-id").limit(most)]

    async def each(self, wanted: Wanted) -> AsyncIterator[Recorded]:
        """Yield them all; what is written meanwhile isn't among them."""
        before: int | None = None
        while page := await self.page(wanted, _MOST_AT_ONCE, before):
            for entry in page:
                yield entry
            before = page[-1].id

    async def keep(self, since: datetime, most: int) -> int:
        """Remove older entries and those beyond a number, and return how many they were.

        Failed attempts to sign in get a tenth of the room, so that nobody can drown the other entries in them.
        """
        removed = await AuditRow.filter(at__lt=since).delete()
        for rows, room in (
            (AuditRow.filter(action=REFUSED), most // 10),
            (AuditRow.exclude(action=REFUSED), most - most // 10),
        ):
            beyond = await rows.order_by("-id").offset(room).limit(1).values_list("id", flat=True)
            if beyond:
                removed += await rows.filter(id__lte=beyond[0]).delete()
        return removed


async def write(entries: Iterable[Entry]) -> None:
    """Write entries; to be called in a transaction."""
    for entry in entries:
        await AuditRow.create(**_columns(entry))


def _columns(entry: Entry) -> dict[str, Any]:
    current = acting.get()
    actor, subject = entry.actor or current.actor, entry.subject
    return {
        "at": now(),
        "actor": actor.name,
        "actor_key": _key(actor.name),
        "actor_by": actor.by,
        "action": entry.action,
        "subject_kind": subject.kind if subject else None,
        "subject": subject.name if subject else None,
        "subject_key": _key(subject.name) if subject else None,
        "subject_id": subject.id if subject else None,
        "dialect": current.dialect,
        "request_id": request_id.get(),
        "address": current.address,
        "detail": json.dumps(dict(entry.detail)),  # ASCII: PostgreSQL refuses some characters
    }


def _is(column: str, value: str) -> Q:
    # Asked for a longer text than a column holds, Tortoise raises instead of finding nothing.
    return Q(**{column: value}) if len(value) <= _ID_CHARACTERS else Q(id=0)


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _recorded(row: AuditRow) -> Recorded:
    subject = None
    if row.subject_kind is not None:
        subject = Subject(row.subject_kind, row.subject or "", row.subject_id or "")
    return Recorded(
        id=row.id,
        at=row.at,
        actor=Actor(row.actor, row.actor_by),
        action=row.action,
        subject=subject,
        dialect=row.dialect,
        request_id=row.request_id,
        address=row.address,
        detail=json.loads(row.detail),
    )
