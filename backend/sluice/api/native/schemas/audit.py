"""The audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field

from sluice.api.native.schemas.base import Body
from sluice.api.native.schemas.samples import AUDIT_ENTRY, example


class ActorBody(Body):
    """Who made a change."""

    name: str = Field(description="Of the token or user as it was then; empty where nobody got in.")
    by: str = Field(description="What they showed: `token`, `link`, ...; `nobody`, or `server` for the server itself.")


class AuditSubjectBody(Body):
    """What was changed, as it was called then."""

    kind: str
    name: str
    id: str


class AuditEntryBody(Body):
    """One change."""

    model_config = example(AUDIT_ENTRY)

    id: str = Field(description="A number, higher than those of all earlier entries.")
    at: datetime
    actor: ActorBody
    action: str
    subject: AuditSubjectBody | None
    dialect: str = Field(description="The API by which it came; empty where it came by none.")
    request_id: str
    address: str | None = Field(description="The client's; of proxies only those in SLUICE_TRUSTED_PROXIES are asked.")
    detail: dict[str, Any] = Field(description="What changed; never content, a secret or a value of a variable.")


class AuditList(Body):
    """Entries, newest first."""

    model_config = example({"items": [AUDIT_ENTRY], "nextCursor": None})

    items: list[AuditEntryBody]
    next_cursor: str | None = None
