"""On whose behalf the server does what it does now, for whoever records a change."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """Who does something.

    Attributes:
        name: of the token, user or session; empty where nobody is known.
        by: how they got in: `token`, `link`, ...; `nobody` where they didn't, `server` for the server itself.
    """

    name: str
    by: str


@dataclass(frozen=True)
class Acting:
    """Who does something, and by which way it came.

    Attributes:
        actor: who.
        dialect: of the request; empty without one.
        address: the client's; None where it isn't known.
    """

    actor: Actor
    dialect: str = ""
    address: str | None = None


SERVER = Acting(Actor("server", "server"))

acting: ContextVar[Acting] = ContextVar("acting", default=SERVER)
"""Set by the guard for as long as a request runs, and for all that it sets off."""
