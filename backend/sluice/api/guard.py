"""Decides who gets in, before any route is looked for."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from starlette.datastructures import Headers
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send

from sluice.access.credentials import credentials_of, may_come_by_itself
from sluice.access.names import without_tenant
from sluice.access.service import Access
from sluice.acting import Acting, Actor, acting
from sluice.api import cookies
from sluice.api.dialect import Dialects
from sluice.api.origin import SAFE_METHODS, refuse_other_sites
from sluice.api.routing import IDENTITY, is_public
from sluice.api.services import Services
from sluice.entities import Identity, Role
from sluice.errors import NoCredentials, NotAvailable, NotSignedIn, SluiceError

NOBODY = Identity("nobody", Role.ADMIN, by="nobody")
"""Who calls where nobody is asked."""


class Guard:
    """Lets nobody pass without credentials, unless the route is declared public.

    The decision is made on `scope["path"]`, which is what the router matches too. A path that no route has needs
    credentials as well, so that nobody can find out which ones exist.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], dialects: Dialects) -> None:
        self._app = app
        self._routes = routes
        self._dialects = dialects

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})
        if scope["type"] == "http":
            try:
                await self._admit(scope)
            except SluiceError as error:
                refusal = self._dialects.of(scope).refusal
                answer = refusal(error, ask_for_password=not is_browser(Headers(scope=scope)))
                return await answer(scope, receive, send)
            with self._acted(scope, scope[IDENTITY]):
                return await self._app(scope, receive, send)
        await self._app(scope, receive, send)

    @contextmanager
    def _acted(self, scope: Scope, identity: Identity | None) -> Iterator[None]:
        """Say on whose behalf everything in the block is done."""
        actor = Actor(identity.name, identity.by) if identity else Actor("", "nobody")
        token = acting.set(Acting(actor, self._dialects.of(scope).name, client_address(scope)))
        try:
            yield
        finally:
            acting.reset(token)

    async def _admit(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        services = getattr(scope["app"].state, "services", None)
        identity: Identity | None = None
        try:
            if services is None:
                raise NotAvailable("The server is starting.")
            identity = await self._identify(services, scope, headers)
        except (NotSignedIn, NotAvailable):
            if not is_public(self._routes, scope):
                raise
        if scope["method"] not in SAFE_METHODS:
            has_cookie = identity is not None and identity.session_id is not None
            if identity in (None, NOBODY) or has_cookie or may_come_by_itself(headers.get("authorization", "")):
                refuse_other_sites(headers, proof_needed=has_cookie)
        scope[IDENTITY] = identity

    async def _identify(self, services: Services, scope: Scope, headers: Headers) -> Identity | None:
        """Return who sends a request with these headers.

        None where nobody needs to know and it would take argon2 to find out.

        Raises:
            NotSignedIn: it has no valid credentials.
            NotAvailable: a password can't be looked at now, as there were too many.
        """
        access = services.access
        identity = known(services, scope, headers)
        if identity is not None or is_public(self._routes, scope):
            return identity
        given = credentials_of(headers["authorization"])
        try:
            return await access.by_password(given.name or "", given.secret, client_address(scope) or "")
        except NotSignedIn:
            with self._acted(scope, None):
                await services.refusals.note("password", access.users.by_name(without_tenant(given.name or "")))
            raise


def client_address(scope: Scope) -> str | None:
    """Return the address of who asks; of proxies only those that are trusted say it for others."""
    host = scope["client"][0] if scope.get("client") else ""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None  # whatever a proxy wrote there, or no network is in between


def is_browser(headers: Headers) -> bool:
    """Tell whether a browser asks, which would answer the offer of a password with a window before the page."""
    # Over plain HTTP browsers send no Sec-Fetch-Site; but all of them, and few programs, call themselves Mozilla.
    return "sec-fetch-site" in headers or headers.get("user-agent", "").startswith("Mozilla/")


def known(services: Services, scope: Scope, headers: Headers) -> Identity | None:
    """Return who sends a request with these headers; None for a password that isn't known to be right.

    Raises:
        NotSignedIn: it has no valid credentials.
    """
    try:
        identity = _known(services.access, scope, headers)
    except NotSignedIn:
        if not services.settings.no_auth:
            raise
        identity = None
    return NOBODY if identity is None and services.settings.no_auth else identity


def _known(access: Access, scope: Scope, headers: Headers) -> Identity | None:
    authorization = headers.get("authorization")
    if authorization is not None:
        key = access.key_of(credentials_of(authorization))
        return None if key is None else access.by_key(key)
    secret_of_session = cookies.read_session(scope)
    if secret_of_session is None:
        raise NoCredentials("Sign in, or send an API token.")
    identity = access.sessions.identify(secret_of_session)
    if identity is None:
        raise NotSignedIn("The session has ended. Sign in again.")
    return identity
