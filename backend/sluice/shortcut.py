"""Small predictions go straight from the HTTP parser to the workers and back.

The web framework costs more than the whole rest of a small prediction: tasks, queues, middleware, routing. So a request
that needs none of it takes this way: a POST to a predictions address with an API token and a small body of known
length. What it means is decided by the same pieces as everywhere (`Access`, the route's role, `Predictions`, `problem`,
`RequestContext`'s headers); everything else, and every doubt, goes the ordinary way.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Protocol as Interface

from starlette.applications import Starlette
from starlette.responses import Response

from sluice.api.errors import problem, unexpected
from sluice.api.middleware import DATA_HEADERS, log_unforeseen, request_id_for
from sluice.api.native.predictions import LogLine, server_timing
from sluice.api.native.routes import PREDICTIONS, V1
from sluice.api.routing import check_identity
from sluice.api.services import Services
from sluice.errors import NotAvailable, SluiceError
from sluice.logs import request_id
from sluice.workers.worker import Prediction

MAX_BODY_BYTES = 64 * 1024
_OTHER_WAYS = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}
_COMMON = b"".join(f"{name.lower()}: {value}\r\n".encode() for name, value in DATA_HEADERS.items())


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
        default_headers: what the server adds to each answer, as it is now.
    """

    def __init__(
        self, app: Starlette, root_path: str, default_headers: Callable[[], Iterable[tuple[bytes, bytes]]]
    ) -> None:
        self._app = app
        self._default_headers = default_headers
        prefix = f"(?:{re.escape(root_path)})?{V1}"
        self._address = re.compile(f"{prefix}/(pipelines|models)/([A-Za-z0-9._~-]+)/predictions".encode())

    def take(self, connection: Connection, method: bytes, url: bytes, keep_alive: bool) -> Direct | None:
        """Return the exchange of a request whose head is complete, or None if it must go the ordinary way."""
        address = self._address.fullmatch(url)
        if address is None or method != b"POST":
            return None
        authorization = given_id = b""
        length = -1
        for header, value in connection.headers:
            if header == b"authorization":
                authorization = value
            elif header == b"content-length" and value.isdigit():
                length = int(value)
            elif header == b"x-request-id":
                given_id = value
            elif header in _OTHER_WAYS or (header == b"content-type" and value[:10].lower() == b"multipart/"):
                return None
        if authorization[:7].lower() != b"bearer " or not 0 <= length <= MAX_BODY_BYTES:
            return None
        kind, name = address[1][:-1].decode(), address[2].decode()
        secret = authorization[7:].strip().decode("latin-1")
        return Direct(self, connection, kind, name, secret, request_id_for(given_id.decode("latin-1")), keep_alive)

    @property
    def services(self) -> Services | None:
        """The services, while the application runs."""
        return getattr(self._app.state, "services", None)

    def default_headers(self) -> bytes:
        """Return what the server adds to each answer."""
        return b"".join([name + b": " + value + b"\r\n" for name, value in self._default_headers()])


class Direct:
    """One request on the shortcut, in the place of uvicorn's `RequestResponseCycle`.

    The protocol adds to `body`, clears `more_body`, sets `disconnected`, and calls `message_event.set()` each time.
    """

    def __init__(
        self, shortcut: Shortcut, connection: Connection, kind: str, name: str, secret: str, id: str, keep_alive: bool
    ) -> None:
        self._shortcut = shortcut
        self._connection = connection
        self._kind = kind
        self._name = name
        self._secret = secret
        self._id = id
        self._line = LogLine(kind, name)
        self._answer: asyncio.Future[Prediction] | None = None
        self.keep_alive = keep_alive
        self.body = b""
        self.more_body = True
        self.disconnected = False
        self.response_complete = False
        self.message_event = self

    def set(self) -> None:
        """Take notice of what changed: the body is complete, or the client left."""
        if self.response_complete:
            return
        if self.disconnected:
            self.response_complete = True
            if self._answer is not None:
                self._answer.cancel()
        elif not self.more_body and self._answer is None:
            self._begin()

    def _begin(self) -> None:
        token = request_id.set(self._id)
        try:
            self._answer = self._submit()
        except SluiceError as error:
            self._refuse(error)
        except Exception:
            self._break()
        else:
            self._answer.add_done_callback(self._finish)
        finally:
            request_id.reset(token)

    def _submit(self) -> asyncio.Future[Prediction]:
        services = self._shortcut.services
        if services is None:
            raise NotAvailable("The server is starting.")
        check_identity(PREDICTIONS[self._kind], services.access.by_token(self._secret))
        if self._kind == "pipeline":
            return services.predictions.submit_pipeline(self._name, self.body)
        return services.predictions.submit_model(self._name, self.body)

    def _finish(self, answer: asyncio.Future[Prediction]) -> None:
        token = request_id.set(self._id)
        try:
            if answer.cancelled():
                return
            error = answer.exception()
            if error is None:
                self._send(answer.result())
            elif isinstance(error, SluiceError):
                self._refuse(error)
            else:
                raise error
        except Exception:
            self._break()
        finally:
            request_id.reset(token)

    def _send(self, prediction: Prediction) -> None:
        head = (
            f"server-timing: {server_timing(prediction)}\r\ncontent-length: {len(prediction.body)}\r\n"
            "content-type: application/json\r\n"
        )
        self._write(200, head.encode("latin-1"), prediction.body)
        self._line.write(len(self.body), prediction)

    def _refuse(self, error: SluiceError) -> None:
        self._write_response(problem(error))
        self._line.write(len(self.body), error)

    def _break(self) -> None:
        log_unforeseen("POST", f"predictions of {self._kind} '{self._name}'")
        if not self.response_complete:
            self.keep_alive = False
            self._write_response(unexpected())
        self._line.write(len(self.body), None)

    def _write_response(self, response: Response) -> None:
        head = b"".join([name + b": " + value + b"\r\n" for name, value in response.raw_headers])
        self._write(response.status_code, head, bytes(response.body))

    def _write(self, status: int, head: bytes, body: bytes | memoryview) -> None:
        if self.response_complete:
            return
        parts = [_STATUS_LINES[status], self._shortcut.default_headers(), _COMMON, head]
        parts.append(f"x-request-id: {self._id}\r\n".encode())
        parts.append(b"\r\n" if self.keep_alive else b"connection: close\r\n\r\n")
        transport = self._connection.transport
        if len(body) < MAX_BODY_BYTES:
            transport.write(b"".join([*parts, body]))
        else:
            transport.write(b"".join(parts))
            transport.write(body)
        self.response_complete = True
        if not self.keep_alive:
            transport.close()
        self._connection.on_response_complete()
