"""Stored files as attachments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sluice.api.versions import etag
from sluice.errors import NotFound

CHUNK_BYTES = 256 * 1024


@dataclass(frozen=True)
class StoredFile:
    """What to send, and under which name."""

    path: Path
    size_bytes: int
    file_name: str
    version: str


async def attachment(request: Request, find: Callable[[], StoredFile]) -> Response:
    """Return an answer that streams a file; once it has begun, deleting or replacing the file doesn't end it.

    Args:
        request: GET or HEAD.
        find: returns the file as it is now, or raises.

    Raises:
        NotFound: it is missing.
    """
    stored = find()
    headers = {
        "Content-Length": str(stored.size_bytes),
        "Content-Disposition": disposition(stored.file_name),
        "ETag": etag(stored.version),
    }
    if request.method == "HEAD":
        return Response(headers=headers, media_type="application/octet-stream")
    try:
        file = await asyncio.to_thread(stored.path.open, "rb")
    except FileNotFoundError:
        if find() == stored:
            raise NotFound(f"The file of '{stored.file_name}' is missing.") from None
        return await attachment(request, find)  # replaced just now
    return StreamingResponse(_chunks(file), headers=headers, media_type="application/octet-stream")


def disposition(file_name: str) -> str:
    """Return the header that makes a browser save the answer under this name.

    Source: RFC 6266, section 4.3; RFC 8187.
    """
    plain = "".join(char if " " <= char <= "~" and char not in '"\\%' else "_" for char in file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"


async def _chunks(file: BinaryIO) -> AsyncIterator[bytes]:
    # Closed without awaiting: where the client leaves, whatever is awaited is cancelled at once.
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK_BYTES):
            yield chunk
