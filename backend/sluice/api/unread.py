"""Makes sure that a refused upload ends in an answer that its sender really gets."""

from __future__ import annotations

import asyncio
import contextlib

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SMALL_BYTES = 64 * 1024
LINGER_S = 5.0


class UnreadBody:
    """Reads on for a while when an answer goes out before the request's body was read.

    To close at once would reset the connection, and many clients then never see the answer; to stay open would mean
    reading the whole refused body. So the answer says `Connection: close`, and what arrives within a few seconds is
    thrown away before the connection ends. Small bodies need nothing: the server skips them by itself.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http" and _may_be_large(Headers(scope=scope)):
            exchange = _Exchange(receive, send)
            await self._app(scope, exchange.receive, exchange.send)
        else:
            await self._app(scope, receive, send)


def _may_be_large(headers: Headers) -> bool:
    length = headers.get("content-length", "")
    return "transfer-encoding" in headers or (length.isdecimal() and int(length) > SMALL_BYTES)


class _Exchange:
    """One request with a large body, and its answer."""

    def __init__(self, receive: Receive, send: Send) -> None:
        self._receive = receive
        self._send = send
        self._body_is_read = False
        self._closes_early = False

    async def receive(self) -> Message:
        message = await self._receive()
        self._body_is_read = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and not self._body_is_read:
            self._closes_early = True
            MutableHeaders(scope=message)["Connection"] = "close"
        if self._closes_early and message["type"] == "http.response.body" and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            await self._discard()
            message = {"type": "http.response.body", "body": b""}
        await self._send(message)

    async def _discard(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LINGER_S):
                while not self._body_is_read:
                    await self.receive()
                    await asyncio.sleep(0)  # a server that has the body at hand needn't suspend by itself
