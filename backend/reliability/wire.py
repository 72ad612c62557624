"""One connection by hand: requests go out as they stand, several before the first answer, or only in part."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

_LONGEST_S = 120.0


@dataclass(frozen=True)
class Told:
    """An answer.

    Attributes:
        status: of it.
        headers: by name in lower case.
        body: of it.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


class Wire:
    """A connection; `async with await Wire.to(url)` closes it."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, url: str) -> Wire:
        """Connect."""
        address = urlsplit(url)
        return cls(*await asyncio.open_connection(address.hostname, address.port))

    async def __aenter__(self) -> Wire:
        return self

    async def __aexit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Hang up, whatever is on its way."""
        self._writer.transport.abort()

    def send(self, data: bytes) -> None:
        """Let bytes go out."""
        self._writer.write(data)

    async def answer(self) -> Told:
        """Return the next answer.

        Raises:
            OSError, EOFError: there is none.
        """
        async with asyncio.timeout(_LONGEST_S):
            lines = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines[1:] if ": " in line)
            if "chunked" in headers.get("transfer-encoding", ""):
                body = await self._chunks()
            else:
                body = await self._reader.readexactly(int(headers.get("content-length", 0)))
        return Told(int(lines[0].split()[1]), headers, body)

    async def ended(self) -> None:
        """Return once the other side has hung up; what it says before is skipped."""
        try:
            while await self._reader.read(1 << 16):
                pass
        except OSError:
            pass

    async def _chunks(self) -> bytes:
        body = b""
        while size := int(await self._reader.readline(), 16):
            body += await self._reader.readexactly(size)
            await self._reader.readline()
        await self._reader.readline()
        return body


def request(path: str, body: bytes, headers: Mapping[str, str] = MappingProxyType({}), method: str = "POST") -> bytes:
    """Return a request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
