"""Request bodies that came compressed: unpacked piece by piece, so that a small one can't become endless.

Source: RFC 9110, section 8.4.1; RFC 1950 and 1952.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from typing import Any

from sluice.api.bodies import too_large
from sluice.errors import BadRequest

_PIECE_BYTES = 256 << 10
_MOST_MEMBERS = 1_000  # each costs something, however small it is
_GZIP, _ZLIB, _BARE = 31, 15, -15
_METHOD_BITS, _METHOD_DEFLATE = 0x0F, 8


async def inflated(
    chunks: AsyncIterator[bytes], coding: str, limit_bytes: int, *, setting: str = ""
) -> AsyncIterator[bytes]:
    """Yield what chunks in `coding` (`gzip` or `deflate`, which some send without zlib's frame) are unpacked.

    Raises:
        BadRequest: they aren't in that coding, or end too early.
        TooLarge: they unpack to more than `limit_bytes`.
    """
    unpacker: Any = None  # zlib doesn't name its class
    size = members = 0
    async for chunk in chunks:
        more = True
        while chunk or more:
            if unpacker is None or (unpacker.eof and coding == "gzip"):  # it may be several files in a row
                unpacker, members = zlib.decompressobj(_window(coding, chunk[0])), members + 1
                if members > _MOST_MEMBERS:
                    raise BadRequest(f"The body is more than {_MOST_MEMBERS} {coding} files in a row. Send one.")
            piece = _unpacked(unpacker, chunk, coding)
            size += len(piece)
            if size > limit_bytes:
                raise too_large(limit_bytes, setting)
            if piece:
                yield piece
                await asyncio.sleep(0)  # others come in between, however much there is
            chunk = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
            more = len(piece) == _PIECE_BYTES and not unpacker.eof
    if unpacker is not None and not unpacker.eof:
        raise BadRequest(f"The compressed body ({coding}) ends too early.")


def _unpacked(unpacker: Any, chunk: bytes, coding: str) -> bytes:
    if unpacker.eof:
        raise BadRequest("The body goes on behind the end of what is compressed in it.")
    try:
        piece: bytes = unpacker.decompress(chunk, _PIECE_BYTES)
    except zlib.error:
        message = f"The body isn't {coding}, as its Content-Encoding says. Compress it so, or leave the header out."
        raise BadRequest(message) from None
    return piece


def _window(coding: str, first_byte: int) -> int:
    if coding == "gzip":
        return _GZIP
    return _ZLIB if first_byte & _METHOD_BITS == _METHOD_DEFLATE else _BARE
