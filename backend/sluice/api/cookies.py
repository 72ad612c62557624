"""The session's cookie: its name and attributes follow from how the browser reached the server.

`__Host-` and `__Secure-` in the name make browsers refuse the cookie unless HTTPS set it; a path prefix rules out the
first of them.

Source: draft-ietf-httpbis-rfc6265bis, section 4.1.3.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

NAME = "sluice_session"


def cookie_name(scope: Scope) -> str:
    """Return the cookie's name for this connection."""
    if scope["scheme"] != "https":
        return NAME
    return ("__Secure-" if scope.get("root_path") else "__Host-") + NAME


def read_session(scope: Scope) -> str | None:
    """Return the secret that the request's cookie holds, if it has one."""
    wanted = cookie_name(scope)
    for header in Headers(scope=scope).getlist("cookie"):
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == wanted:
                return value
    return None


def set_session(response: Response, scope: Scope, secret: str, max_age_s: int) -> None:
    """Give the browser a session."""
    _set(response, scope, secret, max_age_s)


def clear_session(response: Response, scope: Scope) -> None:
    """Take the session from the browser."""
    _set(response, scope, "", 0)


def _set(response: Response, scope: Scope, secret: str, max_age_s: int) -> None:
    response.set_cookie(
        cookie_name(scope),
        secret,
        max_age=max_age_s,
        path=scope.get("root_path") or "/",
        secure=scope["scheme"] == "https",
        httponly=True,
        samesite="lax",
    )
