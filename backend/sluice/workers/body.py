"""A request's body, complete before any worker sees it: a slow upload holds no worker.

Up to `IN_MEMORY_BYTES` it is bytes; above that an anonymous file in memory, which crosses to the worker by descriptor.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Sequence
from types import TracebackType

from sluice.errors import TooLarge

IN_MEMORY_BYTES = 1 << 20
_WHOLE_BYTES = 64 << 10
_PIECE_BYTES, _PIECES = 2 << 10, 32


class SpooledBody:
    """A complete body in an anonymous file; use as a context manager, which closes it.

    Attributes:
        descriptor: of the file, at no particular position; readers use offsets of their own.
        size_bytes: its length.
    """

    def __init__(self, descriptor: int, size_bytes: int) -> None:
        self.descriptor = descriptor
        self.size_bytes = size_bytes

    @classmethod
    def empty(cls) -> SpooledBody:
        """Return one to add to."""
        return cls(os.memfd_create("sluice-body", os.MFD_CLOEXEC), 0)

    def add(self, chunk: bytes | memoryview) -> None:
        """Append some of it."""
        self.size_bytes += len(chunk)
        view = memoryview(chunk)
        while view:
            view = view[os.write(self.descriptor, view) :]

    def __len__(self) -> int:
        return self.size_bytes

    def __enter__(self) -> SpooledBody:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Give the memory back; a worker that got the descriptor keeps its own."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1


Body = bytes | SpooledBody


def likeness(body: Body) -> int:
    """Return a number that equal bodies share, and other ones hardly: of a large body a few pieces are looked at."""
    if isinstance(body, bytes) and len(body) <= _WHOLE_BYTES:
        return hash(body)
    last = len(body) - _PIECE_BYTES
    starts = [last * n // (_PIECES - 1) for n in range(_PIECES)]
    if isinstance(body, bytes):
        pieces = [body[start : start + _PIECE_BYTES] for start in starts]
    elif body.descriptor >= 0:
        pieces = [os.pread(body.descriptor, _PIECE_BYTES, start) for start in starts]
    else:
        pieces = []  # closed: nobody waits for that call any more
    return hash((len(body), *pieces))


async def collect(chunks: AsyncIterator[bytes], limit_bytes: int) -> Body:
    """Return the whole body, as bytes while it is small.

    Raises:
        TooLarge: more than `limit_bytes` came.
    """
    held: list[bytes] = []
    size = 0
    async for chunk in chunks:
        size += len(chunk)
        if size > limit_bytes:
            raise TooLarge(f"The body is larger than {limit_bytes} bytes (SLUICE_MAX_BODY_BYTES).", limit_bytes)
        held.append(chunk)
        if size > IN_MEMORY_BYTES:
            return await _spool(held, size, chunks, limit_bytes)
    return b"".join(held) if len(held) != 1 else held[0]


async def _spool(held: Sequence[bytes], size: int, chunks: AsyncIterator[bytes], limit_bytes: int) -> SpooledBody:
    body = SpooledBody.empty()
    try:
        pending, pending_size = list(held), size
        async for chunk in chunks:
            size += len(chunk)
            if size > limit_bytes:
                raise TooLarge(f"The body is larger than {limit_bytes} bytes (SLUICE_MAX_BODY_BYTES).", limit_bytes)
            pending.append(chunk)
            pending_size += len(chunk)
            if pending_size > IN_MEMORY_BYTES:
                body.add(b"".join(pending))  # into memory: a thread would cost more than it frees
                pending, pending_size = [], 0
        body.add(b"".join(pending))
    except BaseException:
        body.close()
        raise
    return body
