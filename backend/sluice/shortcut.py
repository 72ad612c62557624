"""Predictions go straight from the HTTP parser to the workers and back.

The web framework costs more than the whole rest of a small prediction: tasks, queues, middleware, routing; it copies
a large body several times. So a request that needs none of it takes this way: a POST to a predictions address with an
API token, or a password that is known to be right, and a body of known length. What it means is decided by the same
pieces as everywhere (`Access`, the route's role, `Predictions`, `problem`, `RequestContext`'s headers); everything
else, and every doubt, goes the ordinary way.

A head that repeats the connection's last one isn't even parsed (`sluice.heads`).
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from http import HTTPStatus
from typing import Protocol as Interface

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import Response

from sluice.access.credentials import credentials_of, may_come_by_itself
from sluice.access.secret import digest
from sluice.api.guard import is_browser
from sluice.api.middleware import DATA_HEADERS, log_unforeseen, request_id_for
from sluice.api.native.problems import problem, unforeseen
from sluice.api.native.routes import PREDICTIONS, V1
from sluice.api.predicting import DEADLINE_HEADER, check_prediction, deadline_s, log_prediction, server_timing
from sluice.api.routing import check_identity
from sluice.api.services import Services
from sluice.api.spans import TRACE_HEADERS
from sluice.entities import Identity
from sluice.errors import NotAvailable, NotSignedIn, SluiceError
from sluice.heads import Head
from sluice.logs import request_id
from sluice.workers.body import Body, SpooledBody
from sluice.workers.call import Prediction

ANYBODYS_BYTES = 64 << 10
"""What is received before anybody knows who sends it."""

_JOINED_BYTES = 64 << 10  # below that one system call costs more than a copy
_OTHER_WAYS = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
_OF_TRACES = frozenset(header.encode() for header in TRACE_HEADERS)
_OF_BROWSERS = frozenset({b"origin", b"sec-fetch-site"})
_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}
_COMMON = b"".join(f"{name.lower()}: {value}\r\n".encode() for name, value in DATA_HEADERS.items())
_DEADLINE = DEADLINE_HEADER.encode()


class Connection(Interface):
    """What a shortcut needs of the connection: uvicorn's protocol has it."""

    headers: list[tuple[bytes, bytes]]
    transport: asyncio.Transport

    def on_response_complete(self) -> None:
        """Go on with the next request."""


class Shortcut:
    """Finds the requests that may take it.

    Args:
        app: holds the services while it runs.
        root_path: prefix that the path may have.
        default_headers: what the server adds to each answer, as it is now; a new list when it changes.
        allows: tells whether the server answers to a header `Host`.
    """

    def __init__(
        self,
        app: Starlette,
        root_path: str,
        default_headers: Callable[[], Sequence[tuple[bytes, bytes]]],
        allows: Callable[[str], bool],
    ) -> None:
        self._app = app
        self._allows = allows
        self._default_headers = default_headers
        self._headers_written: Sequence[tuple[bytes, bytes]] | None = None
        self._common = b""
        prefix = f"(?:{re.escape(root_path)})?{V1}"
        self._address = re.compile(f"{prefix}/(pipelines|models)/([A-Za-z0-9._~-]+)/predictions".encode())

    def take(self, connection: Connection, method: bytes, url: bytes, keep_alive: bool) -> Direct | None:
        """Return the exchange of a request whose head is complete, or None if it must go the ordinary way."""
        address = self._address.fullmatch(url)
        if address is None or method != b"POST":
            return None
        authorization = given_id = b""
        length, from_browser = -1, False
        deadlines: tuple[str, ...] = ()
        trace: tuple[tuple[str, str], ...] = ()
        for header, value in connection.headers:
            if header == b"authorization":
                if authorization:
                    return None
                authorization = value
            elif header == b"host":
                if not self._allows(value.decode("latin-1")):
                    return None
            elif header == b"content-length" and value.isdigit():
                length = int(value)
            elif header == b"x-request-id":
                given_id = value
            elif header == _DEADLINE:
                deadlines += (value.decode("latin-1"),)
            elif header in _OF_TRACES:
                trace += ((header.decode(), value.decode("latin-1")),)
            elif header in _OF_BROWSERS:
                from_browser = True
            elif header in _OTHER_WAYS or (header == b"content-type" and value[:10].lower() == b"multipart/"):
                return None
        credentials = authorization.decode("latin-1")
        if length < 0 or (from_browser and may_come_by_itself(credentials)):
            return None
        services = self.services
        try:
            given = credentials_of(credentials)
            # Without services the answer is that they aren't there, whoever asks.
            key = digest(given.secret) if services is None else services.access.key_of(given)
        except NotSignedIn:
            return None
        if key is None:
            return None
        head = Head(
            kind=address[1][:-1].decode(),
            name=address[2].decode(),
            key=key,
            given_id=given_id.decode("latin-1"),
            deadlines=deadlines,
            length=length,
            keep_alive=keep_alive,
            browser=is_browser(Headers(raw=connection.headers)),
            trace=trace,
        )
        return self.begin(connection, head, length)

    def begin(self, connection: Connection, head: Head, length: int) -> Direct | None:
        """Return the exchange of a request with this head and a body of this length.

        None if the body mustn't come before all else is looked at: it is large, and wouldn't be run.
        """
        services = self.services
        if services is not None and not services.access.knows(head.key):
            return None  # the password was changed, or is to be looked at again
        if length <= ANYBODYS_BYTES:
            return Direct(self, connection, head)
        if services is None or length > services.settings.max_body_bytes:
            return None
        arriving = ExitStack()
        try:
            caller = check(services, head).caller
            arriving.enter_context(services.predictions.expecting(head.kind, head.name, length, caller=caller))
        except SluiceError:
            return None
        return Direct(self, connection, head, arriving)

    @property
    def services(self) -> Services | None:
        """The services, while the application runs."""
        return getattr(self._app.state, "services", None)

    def common_headers(self) -> bytes:
        """Return what each answer has."""
        headers = self._default_headers()
        if headers is not self._headers_written:
            self._headers_written = headers
            self._common = b"".join([name + b": " + value + b"\r\n" for name, value in headers]) + _COMMON
        return self._common


def check(services: Services, head: Head) -> Identity:
    """Return who asks for this; refuse who may not, as the ordinary way does."""
    identity = services.access.by_key(head.key)
    check_identity(PREDICTIONS[head.kind], identity)
    check_prediction(identity, services.current.value, head.kind, head.name)
    return identity


class Direct:
    """One request on the shortcut, in the place of uvicorn's `RequestResponseCycle`; it is told the answer itself.

    The protocol calls `add`, clears `more_body`, sets `disconnected`, and calls `message_event.set()` each time; or
    it calls `add` and `begin`.
    """

    response_started = False  # it is complete at once
    __slots__ = (
        "_abandon",
        "_arriving",
        "_connection",
        "_id",
        "_pieces",
        "_shortcut",
        "_started_at",
        "body",
        "disconnected",
        "head",
        "keep_alive",
        "more_body",
        "response_complete",
    )

    def __init__(
        self, shortcut: Shortcut, connection: Connection, head: Head, arriving: ExitStack | None = None
    ) -> None:
        self._shortcut = shortcut
        self._connection = connection
        self.head = head
        self._id = request_id_for(head.given_id)
        self._started_at = time.perf_counter()
        self._abandon: Callable[[], object] | None = None
        self.keep_alive = head.keep_alive
        self._arriving = arriving
        self._pieces: list[bytes] = []
        self.body: Body = b""
        self.more_body = True
        self.disconnected = False
        self.response_complete = False

    @property
    def message_event(self) -> Direct:
        """What the protocol calls `set` of."""
        return self

    def set(self) -> None:
        """Take notice of what changed: the body is complete, or the client left."""
        if self.response_complete:
            return
        if self.disconnected:
            self.response_complete = True
            if self._arriving is not None:
                self._arriving.close()
            if self._abandon is not None:
                self._abandon()
            self._close()
        elif not self.more_body and self._abandon is None:
            self.begin()

    def add(self, piece: bytes) -> None:
        """Take the next piece of the body, of which there are no more than `head.length` bytes."""
        self._pieces.append(piece)

    @property
    def received_bytes(self) -> int:
        """How much of the body came."""
        return len(self.body) or sum(map(len, self._pieces))

    def spool(self) -> SpooledBody:
        """Return what is there of a large body, to be completed and given to `begin`."""
        body = SpooledBody.empty()
        while self._pieces:
            body.add(self._pieces.pop(0))
        return body

    def begin(self, body: SpooledBody | None = None) -> None:
        """Run it: the body is complete."""
        pieces, self._pieces = self._pieces, []
        if body is not None:
            self.body = body
        else:
            self.body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        if self._arriving is not None:
            self._arriving.close()
        try:
            self._abandon = self._accept()
        except SluiceError as error:
            self._refuse(error)
        except Exception:
            self._break()

    def _accept(self) -> Callable[[], object]:
        services = self._shortcut.services
        if services is None:
            raise NotAvailable("The server is starting.")
        head = self.head
        caller = check(services, head).caller
        within_s = deadline_s(*head.deadlines) if head.deadlines else None
        return services.predictions.accept(self, head.kind, head.name, self.body, self._id, within_s, caller)

    def done(self) -> bool:
        """Tell whether nobody waits any more."""
        return self.response_complete

    def set_result(self, prediction: Prediction) -> None:
        """Send the answer."""
        try:
            body = prediction.body
            head = (
                f"server-timing: {server_timing(prediction)}\r\ncontent-length: {len(body)}\r\n"
                "content-type: application/json\r\n"
            )
            self._write(200, head, body)
            self._log(prediction)
        except Exception:
            self._break()

    def set_exception(self, error: BaseException) -> None:
        """Send what went wrong."""
        try:
            if not isinstance(error, SluiceError):
                raise error
            self._refuse(error)
        except Exception:
            self._break()

    def _refuse(self, error: SluiceError) -> None:
        token = request_id.set(self._id)
        self._write_response(problem(error, ask_for_password=not self.head.browser))
        request_id.reset(token)
        self._log(error)

    def _break(self) -> None:
        token = request_id.set(self._id)
        log_unforeseen("POST", f"predictions of {self.head.kind} '{self.head.name}'")
        if not self.response_complete:
            self.keep_alive = False
            self._write_response(unforeseen())
        request_id.reset(token)
        self._log(None)

    def _close(self) -> None:
        if isinstance(self.body, SpooledBody):
            self.body.close()
        # The call knows us, and we it: without this both would be there until somebody looks for such rings.
        self.body, self._abandon = b"", None

    def _log(self, outcome: Prediction | SluiceError | None) -> None:
        size_bytes, head = len(self.body), self.head
        self._close()
        log_prediction(head.kind, head.name, self._id, self._started_at, size_bytes, outcome)
        services = self._shortcut.services
        if services is not None and services.spans is not None:
            services.spans.add(head.kind, head.name, self._id, self._started_at, outcome, dict(head.trace))

    def _write_response(self, response: Response) -> None:
        head = "".join([f"{name}: {value}\r\n" for name, value in response.headers.items()])
        self._write(response.status_code, head, bytes(response.body))

    def _write(self, status: int, head: str, body: bytes | memoryview) -> None:
        if self.response_complete:
            return
        end = "\r\n" if self.keep_alive else "connection: close\r\n\r\n"
        own = f"{head}x-request-id: {self._id}\r\n{end}".encode("latin-1")
        parts = (_STATUS_LINES[status], self._shortcut.common_headers(), own)
        transport = self._connection.transport
        if transport.is_closing():
            self.response_complete = True
            return
        if len(body) < _JOINED_BYTES:
            transport.write(b"".join((*parts, body)))
        else:
            transport.write(b"".join(parts))
            transport.write(body)
        self.response_complete = True
        if not self.keep_alive:
            transport.close()
        self._connection.on_response_complete()
