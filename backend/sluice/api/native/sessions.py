"""The sessions of all browsers."""

from __future__ import annotations

from pydantic import Field
from starlette.requests import Request

from sluice.access.sessions import SessionRecord, public_id
from sluice.api.native.answers import Answer, NoContent
from sluice.api.native.inputs import PathParameters
from sluice.api.native.operation import operation
from sluice.api.native.schemas.access import SessionList, SessionListed
from sluice.api.native.tags import ACCESS
from sluice.api.routing import identity_of
from sluice.api.services import services
from sluice.entities import Identity
from sluice.errors import DiskFull, NotFound


class SessionPath(PathParameters):
    """A session's address."""

    id: str = Field(description="The session's id.", examples=["9c4e6a7e5f0d4b0c9d1e2f3a4b5c6d7e"])


@operation(ACCESS)
async def list_sessions(request: Request) -> Answer[SessionList]:
    """List the browsers that are signed in, newest first."""
    own = identity_of(request).session_id
    found = reversed(services(request).access.sessions.all())
    return Answer(SessionList(items=[_body(session, identity, own) for session, identity in found]))


@operation(ACCESS, errors=[NotFound, DiskFull])
async def end_session(request: Request, path: SessionPath) -> NoContent:
    """Sign a browser out."""
    sessions = services(request).access.sessions
    for session, _ in sessions.all():
        if public_id(session) == path.id:
            await sessions.close(session.id_hash)
            return NoContent()
    raise NotFound(f"There is no session with the id '{path.id}'.")


def _body(session: SessionRecord, identity: Identity, own: str | None) -> SessionListed:
    return SessionListed(
        id=public_id(session),
        name=identity.name,
        role=identity.role,
        by=identity.by,
        created_at=session.created_at,
        expires_at=session.expires_at,
        current=session.id_hash == own,
    )
