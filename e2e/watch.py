"""Fails a test on what a person wouldn't see: console errors, uncaught exceptions, requests to other machines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

OWN_SCHEMES = ("data", "blob", "about")
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")
CONNECTION_FAILED = re.compile(r"net::ERR_(CONNECTION_\w+|EMPTY_RESPONSE|INCOMPLETE_CHUNKED_ENCODING)")


class Watch:
    """Collects what went wrong in a browser context.

    Chromium logs every answer of 400 and above as an error. A test that provokes one says so by `expect`, and then
    it must really come. Violations of the Content-Security-Policy are console errors as well.
    """

    def __init__(self, context: BrowserContext) -> None:
        self._troubles: list[str] = []
        self._expected: list[int] = []
        self._tolerated: set[int] = set()
        self._refused: list[int] = []
        self._server_is_away = False
        context.on("request", self._on_request)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("requestfailed", self._on_failed)

    def expect(self, *statuses: int) -> None:
        """Say that the server will refuse something with each of these statuses."""
        self._expected += statuses

    @contextmanager
    def server_away(self) -> Iterator[None]:
        """Say that connections will fail inside the block."""
        self._server_is_away = True
        yield
        self._server_is_away = False

    def tolerate(self, *statuses: int) -> None:
        """Say that the server may refuse something with these, such as what is asked about while it is deleted."""
        self._tolerated |= set(statuses)

    def verify(self) -> None:
        """Fail if anything went wrong that wasn't expected, or didn't that was."""
        assert not self._troubles, "\n".join(self._troubles)
        refused, expected = sorted(set(self._refused) - self._tolerated), sorted(set(self._expected))
        assert refused == expected, f"refused with {refused} instead of {expected}"

    def _on_request(self, request: Request) -> None:
        # It doesn't get there: `browser.STAY_HERE`.
        address = urlsplit(request.url)
        if address.hostname != "127.0.0.1" and address.scheme not in OWN_SCHEMES:
            self._troubles.append(f"A request to another machine: {request.url}")

    def _on_console(self, message: ConsoleMessage) -> None:
        if match := REFUSED.match(message.text):
            self._refused.append(int(match[1]))
        elif self._server_is_away and CONNECTION_FAILED.search(message.text):
            pass
        elif message.type in ("error", "warning"):
            self._troubles.append(f"{message.type} in the console: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self._troubles.append(f"An uncaught exception: {error.error}")

    def _on_failed(self, request: Request) -> None:
        # What a page gave up by itself (a form that was closed, a page that was left) is no trouble.
        away = self._server_is_away and CONNECTION_FAILED.search(request.failure or "")
        if request.failure != "net::ERR_ABORTED" and not away:
            self._troubles.append(f"{request.method} {request.url} failed: {request.failure}")
