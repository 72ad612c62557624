"""uvicorn's HTTP/1.1 protocol with what it lacks: deadlines against slow clients, and bodies beside an upgrade offer.

A stock Java `HttpClient` offers an upgrade to HTTP/2 (h2c) on each plain-HTTP request. The parser takes that for the
end of HTTP and drops the request's body. Sluice turns every offer down, as RFC 9110 allows: the request's head is given
to a new parser without the offer, followed by whatever came after it.

Source: RFC 9110, section 7.8.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import Any, cast

import httptools
from uvicorn._types import ASGI3Application
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from sluice.api.crowd import CROWDED
from sluice.api.errors import RETRY_HEADER
from sluice.api.middleware import request_id_for
from sluice.connections import Connections
from sluice.heads import Repeat
from sluice.logs import info
from sluice.patience import Patience
from sluice.receiving import Receiving
from sluice.shortcut import Direct, Shortcut
from sluice.workers.body import IN_MEMORY_BYTES, SpooledBody

log = logging.getLogger(__name__)

_CROWDED_S = 2.0  # for the head of a request on a connection that is one too many
_OFFER = frozenset({b"upgrade", b"http2-settings"})


class Protocol(HttpToolsProtocol):
    """One connection.

    Attributes:
        shortcut: takes the requests that need no application.
        head_timeout_s: within which a request's head must be complete.
        body_timeout_s: for which a body may pause, not counting the time in which the server itself doesn't read.
        answer_timeout_s: for which the client may take nothing of an answer.
        least_bytes_per_s: at which bodies must come and answers be taken, on average, once those times are used up.
        max_head_bytes: the longest head, give or take one read of the socket.
        connections_allowed: says which are too many; None where nobody does.
    """

    shortcut: Shortcut | None = None
    head_timeout_s = 9.0
    body_timeout_s = 60.0
    answer_timeout_s = 60.0
    least_bytes_per_s = 1024
    max_head_bytes = 64 * 1024
    connections_allowed: Connections | None = None

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._in_head = True
        self._in_body = False
        self._head_begins = False  # in the data that is being parsed
        self._head_bytes = 0
        self._heads_begun = 0
        self._repeat: Repeat | None = None
        self._missing = 0  # bytes of the body of a request whose head was a repeat
        self._started: RequestResponseCycle | None = None  # not by the shortcut; later ones may wait behind it
        self._patience = Patience(self.loop)
        self._body_due_at = 0.0  # not yet
        self._taking: Patience | None = None  # for an answer that isn't taken at once
        self._unsent_bytes = 0
        self._address = ""
        self._crowded: str | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._patience.wait(self.head_timeout_s, self._head_is_late)
        if self.connections_allowed is not None:
            self._address = self.client[0] if self.client else ""
            self._crowded = self.connections_allowed.enter(self, self._address)
            if self._crowded is not None:
                self._patience.wait(_CROWDED_S, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._patience.end()
        if self._taking is not None:
            self._taking.end()
        if self.connections_allowed is not None:
            self.connections_allowed.leave(self, self._address, surplus=self._crowded is not None)
        self._disconnect()
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """Take notice that the client left: nothing can be written any more, and `connection_lost` comes too late."""
        self._disconnect()

    def hang_up(self) -> None:
        """Close the connection at once, whatever is on its way."""
        self.transport.abort()

    def pause_writing(self) -> None:
        """Begin to wait for the client to take what it is sent."""
        super().pause_writing()
        self._wait_for_taking()

    def resume_writing(self) -> None:
        """Go on: the client took most of it."""
        super().resume_writing()
        if self._taking is not None and not self.transport.is_closing():
            self._taking.rest()

    def data_received(self, data: bytes) -> None:
        """Take what came and set the deadline for what must come next."""
        if self._missing:
            return self._take_rest(data)
        if self._repeat is not None and self._takes_repeat(data, self._repeat):
            return
        earlier, heads_begun = self.cycle, self._heads_begun
        between = self._is_between_requests
        try:
            while True:
                try:
                    self.parser.feed_data(data)
                    break
                except httptools.HttpParserUpgrade as upgrade:
                    if self.parser.get_method() == b"CONNECT":
                        return self._refuse(HTTPStatus.METHOD_NOT_ALLOWED)
                    data = self._head_without_offer() + data[upgrade.args[0] :]
                    self.parser = _new_parser(self)
        except httptools.HttpParserError:
            return self._refuse(HTTPStatus.BAD_REQUEST)
        self._watch(len(data))
        if self._in_body and isinstance(self.cycle, Direct) and self.cycle.head.length > IN_MEMORY_BYTES:
            self._receive_large(self.cycle)
        elif between and self._heads_begun == heads_begun + 1 and self.cycle is not earlier:
            self._remember(data)

    def on_message_begin(self) -> None:
        """A request's first byte is here."""
        self._in_head = self._head_begins = True
        self._heads_begun += 1
        super().on_message_begin()
        if self._crowded is not None:
            self.scope[CROWDED] = self._crowded  # type: ignore[literal-required]

    def on_headers_complete(self) -> None:
        """The head is complete: run the application, unless an offer must be taken out first."""
        if self.parser.should_upgrade():
            return
        self._in_head, self._in_body = False, True
        self._body_due_at = 0.0
        if not self._takes_shortcut():
            super().on_headers_complete()
            if self._crowded is not None:
                self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """Some of the body is here."""
        if isinstance(self.cycle, Direct):
            if not self.cycle.response_complete:
                self.cycle.add(body)
        else:
            super().on_body(body)

    def on_message_complete(self) -> None:
        """The body is complete."""
        if self.parser.should_upgrade():
            return
        self._in_body = False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            if self.transport.get_write_buffer_size():
                self._wait_for_taking()
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._start_asgi_task(*self.pipeline.pop())
        elif not self._in_head and not self._in_body:
            self._patience.wait(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """Close: no further request came."""
        self._close()

    @property
    def _is_between_requests(self) -> bool:
        answered = self.cycle is None or self.cycle.response_complete
        return answered and not self._in_body and not (self._in_head and self._head_bytes)

    def _remember(self, request: bytes) -> None:
        """Know the head again, if these bytes are the beginning of one request that took the shortcut."""
        if isinstance(self.cycle, Direct) and not self._in_head:
            self._repeat = Repeat.of(self.cycle.head, request, self.cycle.received_bytes)

    def _takes_repeat(self, data: bytes, repeat: Repeat) -> bool:
        # Where an answer isn't taken yet, the ordinary way waits for that before it gives the next one.
        if not self._is_between_requests or self.transport.is_closing() or self.flow.write_paused:
            return False
        found = repeat.body_of(data)
        if found is None:
            return False
        body, missing = found
        assert self.shortcut
        direct = self.shortcut.begin(self, repeat.head, len(body) + missing)
        if direct is None:
            return False
        self.cycle = cast(RequestResponseCycle, direct)
        self._body_due_at = 0.0
        self._take_piece(direct, body, missing)
        return True

    def _take_piece(self, direct: Direct, piece: bytes, missing: int) -> None:
        """Take some of the body of a request that isn't parsed."""
        direct.add(piece)
        self._missing = missing
        if missing:
            self._in_body = True
            self._wait_for_body(len(piece))
        else:
            self._in_body = False
            self._patience.rest()
            direct.begin()

    def _take_rest(self, data: bytes) -> None:
        missing = self._missing
        assert isinstance(self.cycle, Direct)
        self._take_piece(self.cycle, data[:missing], max(0, missing - len(data)))
        if len(data) > missing:
            self.data_received(data[missing:])

    def _receive_large(self, direct: Direct) -> None:
        """Let the rest of the body past the parser, whose place a new one takes afterwards."""

        def on_complete(body: SpooledBody) -> None:
            self._in_body = False
            self._patience.rest()
            direct.begin(body)

        self.parser = _new_parser(self)
        Receiving(self, direct.spool(), direct.head.length, self._wait_for_body, on_complete)

    def _takes_shortcut(self) -> bool:
        if self.shortcut is None or not (self.cycle is None or self.cycle.response_complete):
            return False
        if self.flow.write_paused or self._crowded is not None:
            return False
        if self.parser.get_http_version() != "1.1":
            return False
        direct = self.shortcut.take(self, self.parser.get_method(), self.url, self.parser.should_keep_alive())
        if direct is None:
            return False
        self.cycle = cast(RequestResponseCycle, direct)  # it has all that the protocol asks of a cycle
        return True

    def _head_without_offer(self) -> bytes:
        lines = [self.parser.get_method() + b" " + self.url + b" HTTP/" + self.parser.get_http_version().encode()]
        for name, value in self.headers:
            if name == b"connection":
                options = (option.strip() for option in value.split(b","))
                value = b", ".join(option for option in options if option.lower() not in _OFFER)
            if value and name not in _OFFER:
                lines.append(name + b": " + value)
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def _watch(self, size: int) -> None:
        if self.transport.is_closing():
            return
        if self._in_head and self._head_begins:
            # These bytes may belong to earlier requests too: they aren't counted.
            self._head_begins, self._head_bytes = False, 1
            self._patience.wait(self.head_timeout_s, self._head_is_late)
        elif self._in_head:
            self._head_bytes += size
            if self._head_bytes > self.max_head_bytes:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif self._in_body:
            self._wait_for_body(size)
        else:
            self._patience.rest()
            if self.cycle.response_complete and not self.pipeline:
                self._patience.wait(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def _head_is_late(self) -> None:
        if self._head_bytes:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        else:
            self._close()

    def _wait_for_body(self, size: int) -> None:
        """Wait for more of a body of which so many bytes came; each of them gives it some time."""
        now = self.loop.time()
        latest_at = now + self.body_timeout_s
        due_at = self._body_due_at
        due_at = min(latest_at, due_at + size / self.least_bytes_per_s) if due_at else latest_at
        self._body_due_at = due_at
        self._patience.wait(due_at - now, self._body_is_late)

    def _body_is_late(self) -> None:
        if self.flow.read_paused:
            self._body_due_at = 0.0
            self._wait_for_body(0)
        else:
            self._close()

    def _wait_for_taking(self) -> None:
        if self._taking is None:
            self._taking = Patience(self.loop)
        self._unsent_bytes = self.transport.get_write_buffer_size()
        self._taking.wait(self.answer_timeout_s, self._taking_is_late)

    def _taking_is_late(self) -> None:
        taken = self._unsent_bytes - self.transport.get_write_buffer_size()
        if taken < self.answer_timeout_s * self.least_bytes_per_s:
            self.hang_up()
        else:
            self._wait_for_taking()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._started = cycle
        super()._start_asgi_task(cycle, app)

    def _disconnect(self) -> None:
        """Tell the request that is answered now, and the last one that came, that nobody takes their answers."""
        for cycle in (self._started, self.cycle):
            if cycle is not None and not cycle.response_complete:
                cycle.disconnected = True
                cycle.message_event.set()

    def _close(self) -> None:
        """Close the connection once the client has taken what it was sent, for which it has some time."""
        self.transport.close()
        if self.transport.get_write_buffer_size():
            self._wait_for_taking()

    def _given_id(self) -> str:
        """Return the id that the request has which is on its way, as far as its head came."""
        # Before a request begins, the headers are the last one's.
        headers = self.headers if self._in_head or self._in_body else None
        return next((value.decode("latin-1") for name, value in headers or () if name == b"x-request-id"), "")

    def _refuse(self, status: HTTPStatus) -> None:
        self._patience.rest()
        # Between the parts of an answer that is on its way, a second one would only confuse.
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            request = request_id_for(self._given_id())
            # What was too slow may be sent again; what is malformed or too large stays that.
            retry = "safe" if status is HTTPStatus.REQUEST_TIMEOUT else "no"
            head = (
                f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-length: 0\r\nx-request-id: {request}\r\n"
                f"{RETRY_HEADER.lower()}: {retry}\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode("ascii"))
            info(log, "refused what is no request", {"status": status.value}, request)
        self._disconnect()  # nobody must answer after us
        self._close()


def _new_parser(protocol: Protocol) -> httptools.HttpRequestParser:
    parser = httptools.HttpRequestParser(protocol)
    parser.set_dangerous_leniencies(lenient_data_after_close=True)
    return parser
