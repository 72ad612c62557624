"""Stored files as attachments."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sluice.errors import NotFound

CHUNK_BYTES = 256 * 1024


async def attachment(request: Request, path: Path, size_bytes: int, file_name: str) -> Response:
    """Return an answer that streams a file; once it has begun, deleting the file doesn't end it.

    Raises:
        NotFound: it was deleted in this moment.
    """
    headers = {"Content-Length": str(size_bytes), "Content-Disposition": disposition(file_name)}
    if request.method == "HEAD":
        return Response(headers=headers, media_type="application/octet-stream")
    try:
        file = await asyncio.to_thread(path.open, "rb")
    except FileNotFoundError:
        raise NotFound(f"'{file_name}' was deleted just now.") from None
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
