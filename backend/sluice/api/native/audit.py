"""Reading the audit log; nothing but time and room removes anything from it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sluice.api.downloads import disposition
from sluice.api.native.answers import Answer
from sluice.api.native.inputs import Query
from sluice.api.native.operation import Content, operation
from sluice.api.native.parameters import Count
from sluice.api.native.schemas.audit import ActorBody, AuditEntryBody, AuditList, AuditSubjectBody
from sluice.api.native.tags import AUDIT
from sluice.storage.audit import AuditLog, Recorded, Wanted

_TYPE = "application/x-ndjson"
_PAGE = 100
_CHUNK_LINES = 100

Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]  # the one character that PostgreSQL refuses


class AuditFilter(Query):
    """Which entries."""

    q: Text | None = Field(
        None,
        description="Only what has this in its action or a name, or comes by this request id or from this address; "
        "case doesn't count.",
        examples=["digits"],
    )
    actor: Text | None = Field(None, description="Only what someone of this name did.", examples=["operator"])
    action: Annotated[Text, Field(max_length=50)] | None = Field(
        None, description="Only this; `pipeline` finds all that begin with `pipeline.`.", examples=["pipeline.change"]
    )
    subject: Text | None = Field(
        None, description="Only what was done to something of this name or id.", examples=["digits"]
    )

    def wanted(self) -> Wanted:
        """Return the same for the log."""
        return Wanted(self.q, self.actor, self.action, self.subject)


class AuditQuery(AuditFilter):
    """Which page of which entries."""

    limit: Count = Field(_PAGE, description="The most entries of one page.", examples=[50])
    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")] | None = Field(
        None, description="`nextCursor` of the page before; the other parameters must be as they were."
    )


@operation(AUDIT)
async def list_audit(request: Request, query: AuditQuery) -> Answer[AuditList]:
    """List who changed what, newest first.

    An entry is committed together with its change; a change that failed has none. Predictions change nothing, and
    aren't here.
    """
    before = None if query.cursor is None else int(query.cursor)
    found = await AuditLog().page(query.wanted(), query.limit + 1, before)
    shown = found[: query.limit]
    items = [_body(entry) for entry in shown]
    return Answer(AuditList(items=items, next_cursor=items[-1].id if len(found) > len(shown) else None))


@operation(
    AUDIT,
    gives=Content({_TYPE: {"type": "string"}}, "An entry on each line, as in the list; newest first."),
    headers=["Content-Disposition"],
)
async def download_audit(request: Request, query: AuditFilter) -> Response:
    """Send all entries as JSON Lines."""
    headers = {"Content-Disposition": disposition("sluice-audit.jsonl")}
    if request.method == "HEAD":
        return Response(headers=headers, media_type=_TYPE)
    return StreamingResponse(_lines(query.wanted()), headers=headers, media_type=_TYPE)


async def _lines(wanted: Wanted) -> AsyncIterator[str]:
    lines: list[str] = []
    async for entry in AuditLog().each(wanted):
        lines.append(_body(entry).model_dump_json(by_alias=True) + "\n")
        if len(lines) == _CHUNK_LINES:
            yield "".join(lines)
            lines.clear()
    yield "".join(lines)


def _body(entry: Recorded) -> AuditEntryBody:
    subject = entry.subject
    return AuditEntryBody(
        id=str(entry.id),
        at=entry.at,
        actor=ActorBody(name=entry.actor.name, by=entry.actor.by),
        action=entry.action,
        subject=AuditSubjectBody(kind=subject.kind, name=subject.name, id=subject.id) if subject else None,
        dialect=entry.dialect,
        request_id=entry.request_id,
        address=entry.address,
        detail=dict(entry.detail),
    )
