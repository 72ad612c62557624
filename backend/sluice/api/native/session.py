"""Signing in and out."""

from __future__ import annotations

from typing import Annotated

from starlette.requests import Request

from sluice.access.names import without_tenant
from sluice.access.service import Access
from sluice.access.sessions import LIFETIME
from sluice.api.cookies import clear_session, set_session
from sluice.api.guard import client_address
from sluice.api.native.answers import Answer, NoContent
from sluice.api.native.bound import names_of
from sluice.api.native.inputs import AtMost
from sluice.api.native.operation import operation
from sluice.api.native.schemas.access import NewPassword, OidcBody, SessionBody, SignIn, WaysBody
from sluice.api.native.tags import ACCESS
from sluice.api.routing import IDENTITY, identity_of
from sluice.api.services import services
from sluice.entities import Identity, SignedInBy
from sluice.errors import DiskFull, NotSignedIn, TooManyAttempts

MAX_SIGN_IN_BYTES = 8 * 1024  # for it needs no credentials


@operation(ACCESS, errors=[DiskFull, TooManyAttempts], headers=["Set-Cookie"])
async def sign_in(request: Request, body: Annotated[SignIn, AtMost(MAX_SIGN_IN_BYTES)]) -> Answer[SessionBody]:
    """Open a session with a one-time code, an API token, or a user's name and password, and set its cookie.

    A session that the browser had before ends.
    """
    access = services(request).access
    by: SignedInBy = "link" if body.code is not None else "token" if body.token is not None else "password"
    try:
        identity, secret = await _sign_in(access, body, client_address(request.scope) or "")
    except NotSignedIn:
        await services(request).refusals.note(by, access.users.by_name(without_tenant(body.name or "")))
        raise
    before: Identity | None = request.scope[IDENTITY]
    if before is not None and before.session_id is not None:
        await access.sessions.close(before.session_id)
    response = Answer(_body(identity, request))
    set_session(response, request.scope, secret, int(LIFETIME.total_seconds()))
    return response


async def _sign_in(access: Access, body: SignIn, address: str) -> tuple[Identity, str]:
    if body.code is not None:
        return await access.sign_in_by_link(body.code)
    if body.token is not None:
        return await access.sign_in_by_token(body.token)
    assert body.name is not None and body.password is not None
    return await access.sign_in_by_password(body.name, body.password, address)


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


@operation(ACCESS)
async def list_ways(request: Request) -> Answer[WaysBody]:
    """Tell how one can sign in here."""
    found = services(request)
    single = found.single_sign_on
    oidc = None if single is None else OidcBody(title=single.title)
    password = found.access.users.any_has_password
    return Answer(WaysBody(password=password, oidc=oidc, no_auth=found.settings.no_auth))


@operation(ACCESS, errors=[DiskFull, TooManyAttempts])
async def change_password(request: Request, body: NewPassword) -> NoContent:
    """Change the caller's own password, which ends all other sessions of the user."""
    address = client_address(request.scope) or ""
    await services(request).access.change_own_password(identity_of(request), body.current, body.new, address)
    return NoContent()


def _body(identity: Identity, request: Request) -> SessionBody:
    return SessionBody(
        name=identity.name,
        role=identity.role,
        by=identity.by,
        user_id=identity.user_id,
        pipelines=names_of(identity.pipelines, services(request).current.value),
    )
