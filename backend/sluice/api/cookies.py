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
ATTEMPT = "sluice_oidc"


def cookie_name(scope: Scope, name: str = NAME) -> str:
    """Return a cookie's name for this connection."""
    if scope["scheme"] != "https":
        return name
    return ("__Secure-" if scope.get("root_path") else "__Host-") + name


def read_session(scope: Scope) -> str | None:
    """Return the secret that the request's session cookie holds, if it has one."""
    return _read(scope, NAME)


def read_attempt(scope: Scope) -> str | None:
    """Return the secret of the browser's attempt to sign in elsewhere, if it has one."""
    return _read(scope, ATTEMPT)


def _read(scope: Scope, name: str) -> str | None:
    wanted = cookie_name(scope, name)
    for header in Headers(scope=scope).getlist("cookie"):
        for pair in header.split(";"):
            name, _, value = pair.strip().partition("=")
            if name == wanted:
                return value
    return None


def set_session(response: Response, scope: Scope, secret: str, max_age_s: int) -> None:
    """Give the browser a session."""
    _set(response, scope, secret, max_age_s)


def set_attempt(response: Response, scope: Scope, secret: str, max_age_s: int) -> None:
    """Give the browser the secret of an attempt."""
    _set(response, scope, secret, max_age_s, ATTEMPT)


def clear_attempt(response: Response, scope: Scope) -> None:
    """Take it from the browser again."""
    _set(response, scope, "", 0, ATTEMPT)


def clear_session(response: Response, scope: Scope) -> None:
    """Take the session from the browser."""
    _set(response, scope, "", 0)


def _set(response: Response, scope: Scope, secret: str, max_age_s: int, name: str = NAME) -> None:
    response.set_cookie(
        cookie_name(scope, name),
        secret,
        max_age=max_age_s,
        path=scope.get("root_path") or "/",
        secure=scope["scheme"] == "https",
        httponly=True,
        samesite="lax",
    )
