"""A small reverse proxy that serves another address under a path prefix, as a company's front door would."""

from __future__ import annotations

import asyncio
import contextlib
import re
import threading
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

REQUEST_LINE = re.compile(rb"(\S+) (\S+) (HTTP/1\.[01])\r\n")


class Proxy:
    """Passes `prefix`/... on to `upstream`/...; `strays` are paths that were asked for outside of the prefix."""

    def __init__(self, upstream: str, prefix: str) -> None:
        self.strays: list[str] = []
        self._prefix = prefix.encode()
        self._upstream = urlsplit(upstream)
        self._writers: set[asyncio.StreamWriter] = set()
        # Held here: the loop itself lets tasks that wait for streams be collected.
        self._tasks: set[asyncio.Task[None]] = set()
        # In a thread: Playwright has a loop of its own in this one.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        listening = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._begin, "127.0.0.1", 0), self._loop)
        self._server = listening.result()
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        """Close all connections and end."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close(self) -> None:
        # Nothing is cancelled, which would lose what is just being opened: whoever reads or writes finds it closed. And
        # the server comes last: asyncio's loses the connections that it has just accepted.
        while asyncio.all_tasks() - {asyncio.current_task()} or self._writers:
            for writer in self._writers:
                writer.transport.abort()
            await asyncio.sleep(0)
        self._server.close()

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async with self._hanging_up(writer):
            # One of both sides may leave at any time.
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await self._pass_on(await reader.readuntil(b"\r\n\r\n"), reader, writer)

    async def _pass_on(self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        match = REQUEST_LINE.match(head)
        assert match
        method, target, version = match.groups()
        if not target.startswith(self._prefix + b"/"):
            self.strays.append(target.decode())
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            await writer.drain()
            return
        # One request for each connection: so only heads need to be understood, bodies just pass.
        headers = re.sub(rb"(?im)^(connection|keep-alive):.*\r\n", b"", head[match.end() : -2])
        headers += b"X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-Proto: http\r\nConnection: close\r\n\r\n"
        there, back = await asyncio.open_connection(self._upstream.hostname, self._upstream.port)
        async with self._hanging_up(back):
            back.write(b"%s %s %s\r\n%s" % (method, target.removeprefix(self._prefix), version, headers))
            request = asyncio.ensure_future(pump(reader, back))
            try:
                await pump(there, writer)
            finally:
                request.cancel()
                await asyncio.gather(request, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def _hanging_up(self, writer: asyncio.StreamWriter) -> AsyncIterator[None]:
        """Leave no connection to the collector: it is closed once all is sent, at once where the test is over."""
        self._writers.add(writer)
        try:
            yield
            writer.close()
            await writer.wait_closed()
        except OSError:
            pass  # the other side was faster
        finally:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await writer.wait_closed()
            self._writers.discard(writer)


async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Copy until the source ends."""
    while chunk := await source.read(65536):
        sink.write(chunk)
        await sink.drain()
