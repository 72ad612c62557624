"""What happens around every request: its id, the security headers, the answer to what nobody foresaw, the log."""

from __future__ import annotations

import logging
import re
import time
from random import getrandbits

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sluice.api.dialect import Dialects
from sluice.api.origin import SAFE_METHODS
from sluice.logs import request_id

log = logging.getLogger(__name__)

HAS_OWN_LINE = "sluice.has-own-line"
"""Key of the scope by which an endpoint says that it writes its line of the log by itself."""

SANE_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
PAGE_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: with that, browsers send `Origin: null` even to their own origin.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


DATA_HEADERS = {**COMMON_HEADERS, "Content-Security-Policy": DATA_POLICY, "Cache-Control": "no-store"}
"""What each answer has that is no page."""


def request_id_for(given: str) -> str:
    """Return the id of a request: the client's, if it can stand in a log, else a new one."""
    # Not a secret: the operating system's generator would cost a system call.
    return given if SANE_ID.fullmatch(given) else f"{getrandbits(128):032x}"


def log_unforeseen(method: str, path: str) -> None:
    """Log the exception that is being handled, with its traceback."""
    log.exception("%s %s failed unexpectedly", method, path)


class RequestContext:
    """Gives each request an id and each answer its headers, and answers unforeseen exceptions.

    Changes and failures are logged; what only looks is logged at level debug.
    """

    def __init__(self, app: ASGIApp, dialects: Dialects) -> None:
        self._app = app
        self._dialects = dialects

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request = request_id_for(Headers(scope=scope).get("x-request-id", ""))
        token = request_id.set(request)
        started_at = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request
                for name, value in COMMON_HEADERS.items():
                    headers[name] = value
                is_page = headers.get("content-type", "").startswith("text/html")
                headers["Content-Security-Policy"] = PAGE_POLICY if is_page else DATA_POLICY
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        except Exception:
            log_unforeseen(scope["method"], scope["path"])
            if status:
                raise
            await self._dialects.of(scope).unforeseen()(scope, receive, send_with_headers)
        finally:
            duration_ms = (time.perf_counter() - started_at) * 1000
            quiet = (scope["method"] in SAFE_METHODS and status < 500) or scope.get(HAS_OWN_LINE)
            level = logging.DEBUG if quiet else logging.INFO
            if log.isEnabledFor(level):
                facts = {"status": status, "durationMs": round(duration_ms, 2)}
                log.log(level, "%s %s", scope["method"], scope["path"], extra={"facts": facts})
            request_id.reset(token)
