"""Signing in and out."""

from __future__ import annotations

from typing import Annotated

from starlette.requests import Request

from sluice.access.sessions import LIFETIME
from sluice.api.cookies import clear_session, set_session
from sluice.api.native.answers import Answer, NoContent
from sluice.api.native.bound import names_of
from sluice.api.native.inputs import AtMost
from sluice.api.native.operation import operation
from sluice.api.native.schemas.access import SessionBody, SignIn
from sluice.api.native.tags import ACCESS
from sluice.api.routing import identity_of
from sluice.api.services import services
from sluice.entities import Identity
from sluice.errors import DiskFull

MAX_SIGN_IN_BYTES = 8 * 1024  # for it needs no credentials


@operation(ACCESS, errors=[DiskFull], headers=["Set-Cookie"])
async def sign_in(request: Request, body: Annotated[SignIn, AtMost(MAX_SIGN_IN_BYTES)]) -> Answer[SessionBody]:
    """Open a session with a one-time code or an API token and set its cookie."""
    access = services(request).access
    if body.code is not None:
        identity, secret = await access.sign_in_by_link(body.code)
    else:
        assert body.token is not None
        identity, secret = await access.sign_in_by_token(body.token)
    response = Answer(_body(identity, request))
    set_session(response, request.scope, secret, int(LIFETIME.total_seconds()))
    return response


@operation(ACCESS)
async def get_session(request: Request) -> Answer[SessionBody]:
    """Tell who is calling."""
    return Answer(_body(identity_of(request), request))


@operation(ACCESS, errors=[DiskFull])
async def sign_out(request: Request) -> NoContent:
    """End the session of the request's cookie, if it came with one."""
    identity = identity_of(request)
    response = NoContent()
    if identity.session_id is not None:
        await services(request).access.sessions.close(identity.session_id)
        clear_session(response, request.scope)
    return response


def _body(identity: Identity, request: Request) -> SessionBody:
    return SessionBody(
        name=identity.name,
        role=identity.role,
        by=identity.by,
        user_id=identity.user_id,
        pipelines=names_of(identity.pipelines, services(request).current.value),
    )
