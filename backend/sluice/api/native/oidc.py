"""Signing in by OpenID Connect: to the provider and back.

Both addresses are opened by a browser, so they answer with where it goes next, never with a problem.
"""

from __future__ import annotations

import logging
from typing import Annotated

from pydantic import Field
from starlette.requests import Request

from sluice.access.oidc.attempt import Attempt
from sluice.access.oidc.refused import Refused
from sluice.access.oidc.signing_in import SingleSignOn
from sluice.api import cookies
from sluice.api.native.answers import SeeOther
from sluice.api.native.inputs import Query
from sluice.api.native.operation import operation
from sluice.api.native.tags import ACCESS
from sluice.api.routing import IDENTITY
from sluice.api.services import services
from sluice.entities import Identity
from sluice.errors import DiskFull, NotFound

log = logging.getLogger(__name__)

_CALLBACK = "/api/v1/session/oidc/callback"
_ATTEMPT_S = 600


class ReturnQuery(Query):
    """What a provider may say; whatever else it sends doesn't matter."""

    state: Annotated[str, Field(max_length=200)] | None = Field(None, description="As the browser was sent with.")
    code: Annotated[str, Field(max_length=4000)] | None = Field(None, description="For which it tells who came back.")
    error: Annotated[str, Field(max_length=200)] | None = Field(None, description="Why it tells nothing.")
    iss: Annotated[str, Field(max_length=2000)] | None = Field(None, description="Which provider it is.")


@operation(ACCESS, errors=[NotFound])
async def begin_oidc(request: Request) -> SeeOther:
    """Send a browser to the single sign-on; there is one where `GET /session/ways` tells its title."""
    single = _single_sign_on(request)
    attempt = Attempt.begin()
    try:
        answer = SeeOther(await single.provider.address(attempt, _return_to(request)))
    except Refused as refused:
        return await _refuse(request, refused)
    cookies.set_attempt(answer, request.scope, attempt.secret, _ATTEMPT_S)
    return answer


@operation(ACCESS, errors=[NotFound, DiskFull], fields=ReturnQuery)
async def end_oidc(request: Request) -> SeeOther:
    """Sign in who comes back from the single sign-on, and go to the page; what went wrong stands in its address."""
    single, access = _single_sign_on(request), services(request).access
    secret = cookies.read_attempt(request.scope)
    try:
        if secret is None:
            raise Refused("expired", "the browser has no attempt")
        identity = await single.identity(Attempt(secret), _given(request), _return_to(request))
    except Refused as refused:
        return await _refuse(request, refused)
    signed_in, session = await access.sessions.open(identity, lifetime=single.lifetime)
    before: Identity | None = request.scope[IDENTITY]
    if before is not None and before.session_id is not None:
        await access.sessions.close(before.session_id)
    log.info("'%s' signed in by the single sign-on, as %s", signed_in.name, signed_in.role)
    answer = SeeOther(_page(request))
    cookies.clear_attempt(answer, request.scope)
    cookies.set_session(answer, request.scope, session, int(single.lifetime.total_seconds()))
    return answer


def _given(request: Request) -> dict[str, str]:
    """Return what the provider sent; what comes twice is no answer of it."""
    query = request.query_params
    given = {name: query[name] for name in ReturnQuery.model_fields if name in query}
    if any(len(query.getlist(name)) > 1 for name in given):
        raise Refused("failed", "a parameter comes twice")
    return given


async def _refuse(request: Request, refused: Refused) -> SeeOther:
    log.warning("nobody was signed in by the single sign-on (%s): %s", refused.reason, refused)
    await services(request).refusals.note("oidc", why=refused.reason)
    answer = SeeOther(f"{_page(request)}?oidc={refused.reason}")
    cookies.clear_attempt(answer, request.scope)
    return answer


def _single_sign_on(request: Request) -> SingleSignOn:
    single = services(request).single_sign_on
    if single is None:
        raise NotFound("There is no single sign-on here; SLUICE_OIDC_ISSUER would name one.")
    return single


def _page(request: Request) -> str:
    """Return where the page is; always here, whatever anybody sends."""
    return f"{request.scope.get('root_path', '')}/"


def _return_to(request: Request) -> str:
    """Return the address that is registered at the provider."""
    return f"{request.url.scheme}://{request.url.netloc}{request.scope.get('root_path', '')}{_CALLBACK}"
