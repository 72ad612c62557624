"""Receives one large body at the speed of the socket, in the place of the HTTP parser.

The parser and the framework copy each piece several times. Here each goes from the socket into one buffer, which stays
in the processor's cache, and from there into the anonymous file that the worker gets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Protocol as Interface

from sluice.workers.body import SpooledBody

_BUFFER = memoryview(bytearray(256 << 10))  # of all connections: it is emptied before the next one is read


class Owner(Interface):
    """The protocol whose connection it is."""

    transport: asyncio.Transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Learn that the client left."""

    def pause_writing(self) -> None:
        """Learn that the client reads slowly."""

    def resume_writing(self) -> None:
        """Learn that it reads again."""


class Receiving(asyncio.BufferedProtocol):
    """Has a connection until the body is complete, then gives it back.

    Args:
        owner: has the connection before and after.
        body: empty, or with its beginning.
        size: that it will have.
        on_piece: called with the size of whatever came.
        on_complete: called once, when the owner has the connection again.
    """

    def __init__(
        self,
        owner: Owner,
        body: SpooledBody,
        size: int,
        on_piece: Callable[[int], None],
        on_complete: Callable[[SpooledBody], None],
    ) -> None:
        self._owner = owner
        self._body = body
        self._size = size
        self._on_piece = on_piece
        self._on_complete = on_complete
        _hand_over(owner.transport, self)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where the next bytes go: never more than belong to this body."""
        return _BUFFER[: self._size - len(self._body)]

    def buffer_updated(self, nbytes: int) -> None:
        """Keep what came."""
        self._body.add(_BUFFER[:nbytes])
        if len(self._body) < self._size:
            self._on_piece(nbytes)
        else:
            _hand_over(self._owner.transport, self._owner)
            self._on_complete(self._body)

    def eof_received(self) -> None:
        """Close: the client left in the middle."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Give the memory back."""
        self._body.close()
        self._owner.connection_lost(exc)

    def pause_writing(self) -> None:
        """Pass it on."""
        self._owner.pause_writing()

    def resume_writing(self) -> None:
        """Pass it on."""
        self._owner.resume_writing()


def _hand_over(transport: asyncio.Transport, protocol: object) -> None:
    transport.pause_reading()
    transport.set_protocol(protocol)  # type: ignore[arg-type]
    transport.resume_reading()
