"""Reads frames from a child process without copying large bodies, and refuses what is none."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from sluice.workers.encoding import MAX_HEADER_BYTES, PREFIX, BrokenFrame, decode
from sluice.workers.messages import Message

_SCRATCH_BYTES = 256 << 10

FrameBody = bytes | memoryview


class Frames(asyncio.BufferedProtocol):
    """Calls `on_frame` for each whole frame, and `on_lost` once.

    `on_lost` gets None when the other side is gone, else why its frames can't be trusted any more.
    Small frames are cut out of one buffer; the body of a large one is received straight into memory of its own size.
    The sender may be hostile: sizes are checked before anything is allocated.
    """

    def __init__(
        self, on_frame: Callable[[Message, FrameBody], None], on_lost: Callable[[str | None], None], max_body_bytes: int
    ) -> None:
        self._on_frame = on_frame
        self._on_lost = on_lost
        self._max_body_bytes = max_body_bytes
        self._scratch = bytearray(_SCRATCH_BYTES)
        self._filled = 0
        self._large: bytearray | None = None
        self._large_message: Message | None = None
        self._received = 0
        self._transport: asyncio.Transport | None = None

    def release(self) -> None:
        """Give the buffer back now: it and its worker hold each other, and the collector comes late."""
        self._scratch, self._large = bytearray(), None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport, to close it when a frame is broken."""
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is none by inheritance

    def get_buffer(self, sizehint: int) -> memoryview:
        """Return where the next bytes go."""
        if self._large is not None:
            return memoryview(self._large)[self._received :]
        return memoryview(self._scratch)[self._filled :]

    def buffer_updated(self, nbytes: int) -> None:
        """Deliver every frame that is complete now."""
        try:
            if self._large is not None:
                self._received += nbytes
                self._deliver_large_if_complete()
            else:
                self._filled += nbytes
                self._cut()
        except BrokenFrame as error:
            self._give_up(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        """Say that no more frames come."""
        self._on_lost(None)

    def _deliver_large_if_complete(self) -> None:
        if self._large is not None and self._received == len(self._large):
            body, message = memoryview(self._large), self._large_message
            self._large = self._large_message = None
            assert message
            self._on_frame(message, body)

    def _give_up(self, why: str) -> None:
        on_lost, self._on_lost = self._on_lost, lambda _: None
        if self._transport:
            self._transport.abort()
        on_lost(why)

    def _cut(self) -> None:
        scratch, filled, position = self._scratch, self._filled, 0
        while filled - position >= PREFIX.size:
            header_size, body_size = PREFIX.unpack_from(scratch, position)
            if header_size > MAX_HEADER_BYTES or body_size > self._max_body_bytes:
                raise BrokenFrame(f"a frame of {header_size} + {body_size} bytes")
            header_at = position + PREFIX.size
            body_at = header_at + header_size
            if body_at > filled:
                self._make_room(PREFIX.size + header_size, position)
                return
            message = decode(scratch[header_at:body_at])
            position = body_at + body_size
            if position > filled:
                self._receive_large(message, body_at, body_size)
                return
            self._on_frame(message, bytes(memoryview(scratch)[body_at:position]))
        self._move_to_front(position)

    def _receive_large(self, message: Message, start: int, size: int) -> None:
        """Go on with a body of which only the beginning is here."""
        self._large, self._large_message = bytearray(size), message
        self._received = self._filled - start
        self._large[: self._received] = memoryview(self._scratch)[start : self._filled]
        self._filled = 0

    def _make_room(self, needed: int, position: int) -> None:
        if needed > len(self._scratch):
            larger = bytearray(needed + _SCRATCH_BYTES)
            larger[: self._filled] = self._scratch[: self._filled]
            self._scratch = larger
        self._move_to_front(position)

    def _move_to_front(self, position: int) -> None:
        if position:
            rest = self._filled - position
            self._scratch[:rest] = self._scratch[position : self._filled]
            self._filled = rest
