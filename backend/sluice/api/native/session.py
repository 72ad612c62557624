"""Signing in and out."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sluice.access.sessions import LIFETIME
from sluice.api.bodies import read_json
from sluice.api.cookies import clear_session, set_session
from sluice.api.native.schemas import SessionBody, SignIn, json_response
from sluice.api.routing import identity_of
from sluice.api.services import services

MAX_SIGN_IN_BYTES = 8 * 1024


async def sign_in(request: Request) -> Response:
    """Open a session with a one-time code or an API token and set its cookie."""
    given = await read_json(request, SignIn, MAX_SIGN_IN_BYTES)
    access = services(request).access
    if given.code is not None:
        identity, secret = await access.sign_in_by_link(given.code)
    else:
        assert given.token is not None
        identity, secret = await access.sign_in_by_token(given.token)
    response = json_response(SessionBody(name=identity.name, role=identity.role))
    set_session(response, request.scope, secret, int(LIFETIME.total_seconds()))
    return response


async def get_session(request: Request) -> Response:
    """Tell who is calling."""
    identity = identity_of(request)
    return json_response(SessionBody(name=identity.name, role=identity.role))


async def sign_out(request: Request) -> Response:
    """End the session of the request's cookie, if it came with one."""
    identity = identity_of(request)
    response = Response(status_code=204)
    if identity.session_id is not None:
        await services(request).access.sessions.close(identity.session_id)
        clear_session(response, request.scope)
    return response
