"""Who may call, in the document's words."""

from __future__ import annotations

from typing import Any

from sluice.api.cookies import NAME
from sluice.entities import Role

SCHEMES: dict[str, Any] = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API token: `slc_...`, see `POST /tokens`."},
    "basic": {
        "type": "http",
        "scheme": "basic",
        "description": "A user's name and password; or any name, and an API token as password.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": NAME,
        "description": "What `POST /session` sets, for the web page: a changing request must come from the page's own "
        "origin. Over HTTPS the cookie's name begins with `__Host-` (`__Secure-` behind a path prefix).",
    },
}


def requirement(role: Role | None) -> list[dict[str, list[str]]]:
    """Return the schemes of which one is needed, with the role."""
    return [] if role is None else [{name: [role.value]} for name in SCHEMES]


def duty(role: Role | None) -> str:
    """Return the same for people."""
    return "Needs no credentials." if role is None else f"Needs the role {role}."
