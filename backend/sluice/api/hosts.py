"""The names that the server answers to: a page elsewhere may have its own name lead here, and so reach it as its own.

Addresses are always answered to: nobody can make one lead here by DNS.

Source: OWASP, "DNS rebinding"; RFC 9110, sections 7.2 and 15.5.20.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from functools import lru_cache

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from sluice.api import health
from sluice.api.dialect import Dialects
from sluice.api.oip.routes import PROBES
from sluice.errors import WrongHost
from sluice.settings import Settings, is_loopback

ANY = "*"
_PORT = re.compile(r":[0-9]*$")


class Hosts:
    """Knows the names.

    Attributes:
        names: in lower case; `*.example.com` is all below that.
    """

    def __init__(self, settings: Settings) -> None:
        own = () if is_loopback(settings.host) else (socket.gethostname(),)
        names = ("localhost", "*.localhost", settings.host, *own, *settings.allowed_hosts)
        self.names = tuple(dict.fromkeys(name.lower() for name in names if not _is_address(name)))
        self.allows = lru_cache(maxsize=64)(self._allows)  # each request asks, and most for the same one

    def _allows(self, host: str) -> bool:
        """Tell whether a header `Host` is one of them; programs may leave it empty, browsers never do."""
        name = _PORT.sub("", host).lower().removesuffix(".")
        if not name or name in self.names or ANY in self.names or _is_address(name):
            return True
        return any(name.endswith(known[1:]) for known in self.names if known.startswith("*."))


class HostCheck:
    """Refuses requests for other names, but for the probes."""

    def __init__(self, app: ASGIApp, hosts: Hosts, dialects: Dialects) -> None:
        self._app = app
        self._hosts = hosts
        self._dialects = dialects
        self._probes = {route.path for route in (*health.ROUTES, *PROBES)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] == "http" and not self._is_probe(scope):
            for host in Headers(scope=scope).getlist("host"):
                if not self._hosts.allows(host):
                    refusal = self._dialects.of(scope).refusal(_wrong(host))
                    return await refusal(scope, receive, send)
        await self._app(scope, receive, send)

    def _is_probe(self, scope: Scope) -> bool:
        return scope["path"].removeprefix(scope.get("root_path", "")) in self._probes


def _wrong(host: str) -> WrongHost:
    name = "".join(character for character in host[:100] if character.isprintable())
    return WrongHost(
        f"This server doesn't answer to the name '{name}'. Whoever runs it can add that to SLUICE_ALLOWED_HOSTS; a "
        "proxy in front must be known by the name that it passes on in the header Host."
    )


def _is_address(name: str) -> bool:
    try:
        address = ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
    except ValueError:
        return False
    return "%" not in str(address)  # a zone may be any text, and no browser sends one
