"""The HTTP protocol by raw bytes: upgrade offers of Java clients, slow clients, malformed requests."""

from __future__ import annotations

import asyncio
import json
import re
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from uvicorn.server import ServerState

from sluice.protocol import Protocol
from sluice.shortcut import Shortcut

OFFER = (
    "Connection: Upgrade, HTTP2-Settings\r\n"
    "HTTP2-Settings: AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA\r\n"
    "Upgrade: h2c\r\nUser-Agent: Java-http-client/17\r\n"
)


class Hasty(Protocol):
    head_timeout_s = 0.3
    body_timeout_s = 0.3
    answer_timeout_s = 0.3
    least_bytes_per_s = 20
    shortcut = Shortcut(Starlette(), "", lambda: [], lambda host: True)  # to nowhere: it answers 503


async def tell(scope: Any, receive: Any, send: Any) -> None:
    """Answer with what arrived."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    if scope["path"] == "/wait":
        message = await receive()
    if message["type"] == "http.disconnect":
        return
    told = {
        "method": scope["method"],
        "path": scope["path"],
        "body": body.decode(),
        "headers": sorted(name.decode() for name, _ in scope["headers"]),
    }
    answer = json.dumps(told).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(answer))]})
    await send({"type": "http.response.body", "body": answer})


@pytest.fixture
def state() -> ServerState:
    return ServerState()


@pytest.fixture
async def port(state: ServerState) -> AsyncIterator[int]:
    config = uvicorn.Config(tell, lifespan="off", ws="none", log_config=None, timeout_keep_alive=75)
    config.load()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Hasty(config, state, {}, loop), "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()
    for connection in list(state.connections):
        connection.shutdown()
    await server.wait_closed()


@pytest.fixture
async def connection(port: int) -> AsyncIterator[tuple[StreamReader, StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield reader, writer
    writer.close()


async def answer(reader: StreamReader) -> dict[str, Any]:
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 "), head
    length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    told: dict[str, Any] = json.loads(await reader.readexactly(length))
    return told


def post(body: str, offer: str = OFFER, chunked: bool = False) -> bytes:
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {len(body)}"
    content = f"{len(body):x}\r\n{body}\r\n0\r\n\r\n" if chunked else body
    return f"POST /p?q=1 HTTP/1.1\r\n{offer}{length}\r\nHost: x\r\nX-Own: 1\r\n\r\n{content}".encode()


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("size", [1, 13, 300_000])
async def test_an_upgrade_offer_keeps_its_body_and_its_connection(
    connection: tuple[StreamReader, StreamWriter], chunked: bool, size: int
) -> None:
    reader, writer = connection
    for number in range(3):
        body = str(number) * size
        writer.write(post(body, chunked=chunked))
        told = await answer(reader)
        assert (told["method"], told["path"], told["body"]) == ("POST", "/p", body)
        assert "x-own" in told["headers"] and "host" in told["headers"]
        assert not {"upgrade", "http2-settings", "connection"} & set(told["headers"])


async def test_an_upgrade_offer_byte_by_byte(connection: tuple[StreamReader, StreamWriter]) -> None:
    reader, writer = connection
    for byte in post("a body of some length"):
        writer.write(bytes([byte]))
        await writer.drain()
    assert (await answer(reader))["body"] == "a body of some length"


async def test_pipelined_offers_are_answered_in_order(connection: tuple[StreamReader, StreamWriter]) -> None:
    reader, writer = connection
    writer.write(b"".join(post(f"number {number}") for number in range(5)))
    assert [(await answer(reader))["body"] for _ in range(5)] == [f"number {number}" for number in range(5)]


@pytest.mark.parametrize(
    "offer", ["Connection: upgrade, close\r\nUpgrade: h2c\r\n", "Upgrade: h2c\r\n", "Upgrade: x\r\n"]
)
async def test_other_offers(connection: tuple[StreamReader, StreamWriter], offer: str) -> None:
    reader, writer = connection
    writer.write(post("body", offer))
    assert (await answer(reader))["body"] == "body"
    if "close" in offer:
        assert await reader.read() == b""
    else:
        writer.write(post("again", offer))
        assert (await answer(reader))["body"] == "again"


async def test_an_offer_without_a_body(connection: tuple[StreamReader, StreamWriter]) -> None:
    reader, writer = connection
    for _ in range(2):
        writer.write(f"GET /x HTTP/1.1\r\nHost: x\r\n{OFFER}\r\n".encode())
        assert (await answer(reader))["body"] == ""


@pytest.mark.parametrize("sent", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\nX: ", b"\r\n", b"\r\n\r\n"])
async def test_a_head_that_never_ends(connection: tuple[StreamReader, StreamWriter], sent: bytes) -> None:
    reader, writer = connection
    writer.write(sent)
    ended = await asyncio.wait_for(reader.read(), 5)
    assert ended == b"" or ended.startswith(b"HTTP/1.1 408 ")


async def test_a_head_that_trickles(port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\n")

    async def trickle() -> None:
        while not reading.done():
            writer.write(b"X: y\r\n")
            await asyncio.wait([reading], timeout=0.02)

    # No more than that: what crosses with the server's closing makes a reset of it.
    reading = asyncio.create_task(reader.readline())
    await asyncio.wait_for(trickle(), 5)
    assert (await reading).startswith(b"HTTP/1.1 408 ")
    writer.close()


async def test_a_second_head_that_never_ends(connection: tuple[StreamReader, StreamWriter]) -> None:
    reader, writer = connection
    writer.write(post("first", "") + b"POST /p HTTP/1.1\r\nHost")
    assert (await answer(reader))["body"] == "first"
    assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 408 ")


async def test_a_body_that_stops(connection: tuple[StreamReader, StreamWriter]) -> None:
    reader, writer = connection
    writer.write(b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nsome of it")
    assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_a_body_that_stops_behind_a_repeated_head(connection: tuple[StreamReader, StreamWriter]) -> None:
    reader, writer = connection
    head = b"POST /api/v1/models/m/predictions HTTP/1.1\r\nAuthorization: Bearer x\r\nContent-Length: "
    for _ in range(2):
        writer.write(head + b"3\r\n\r\nabc")
        assert (await reader.readuntil(b"}")).startswith(b"HTTP/1.1 503 ")
    writer.write(head + b"100\r\n\r\nsome of it")
    assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_a_slow_but_steady_body_is_taken(connection: tuple[StreamReader, StreamWriter]) -> None:
    reader, writer = connection
    writer.write(b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n\r\n")
    reading = asyncio.create_task(answer(reader))
    for _ in range(40):  # longer in all than any deadline
        writer.write(b"x")
        await asyncio.wait([reading], timeout=0.015)
    assert (await reading)["body"] == "x" * 40


async def test_a_body_that_trickles(connection: tuple[StreamReader, StreamWriter]) -> None:
    reader, writer = connection
    writer.write(b"POST /p HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n")
    reading = asyncio.create_task(reader.read())
    sent = 0
    while not reading.done() and sent < 100:  # each byte comes in time, all of them too slowly
        writer.write(b"x")
        sent += 1
        await asyncio.wait([reading], timeout=0.1)
    assert reading.done() and sent < 50


async def until_all_are_gone(state: ServerState) -> int:
    """Return the most bytes that waited in the server for a client to take them."""
    most = 0
    async with asyncio.timeout(10):
        while state.connections:
            most = max([most, *(c.transport.get_write_buffer_size() for c in state.connections)])
            await asyncio.sleep(0)
    return most


async def test_an_answer_that_nobody_takes(connection: tuple[StreamReader, StreamWriter], state: ServerState) -> None:
    _, writer = connection
    writer.write(post("y" * 20_000_000, ""))
    await writer.drain()
    await until_all_are_gone(state)


async def test_an_answer_that_nobody_takes_and_that_is_the_last(
    connection: tuple[StreamReader, StreamWriter], state: ServerState
) -> None:
    _, writer = connection
    writer.write(post("y" * 20_000_000, "Connection: close\r\n"))
    await writer.drain()
    await until_all_are_gone(state)


async def test_who_asks_on_and_on_but_takes_no_answer_fills_no_memory(
    connection: tuple[StreamReader, StreamWriter], state: ServerState
) -> None:
    _, writer = connection
    writer.write(
        b"POST /api/v1/models/m/predictions HTTP/1.1\r\nAuthorization: Bearer x\r\nContent-Length: 1\r\n\r\nx" * 50_000
    )
    assert await until_all_are_gone(state) < 300_000


async def test_an_answer_that_is_taken_slowly_comes_whole(connection: tuple[StreamReader, StreamWriter]) -> None:
    reader, writer = connection
    writer.write(post("y" * 20_000_000, ""))
    head = await reader.readuntil(b"\r\n\r\n")
    left = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
    while left:  # longer in all than any deadline
        left -= len(await reader.readexactly(min(left, 500_000)))
        await asyncio.sleep(0.02)


async def test_who_left_is_sent_nothing_more(connection: tuple[StreamReader, StreamWriter], state: ServerState) -> None:
    _, writer = connection
    writer.write(b"GET /wait HTTP/1.1\r\nHost: x\r\n\r\n" + post("the next one", ""))
    while not any(protocol.pipeline for protocol in state.connections):
        await asyncio.wait([asyncio.ensure_future(writer.drain())])
    (protocol,) = state.connections
    protocol.eof_received()  # at once, and not when the transport comes to tell that it is closed
    async with asyncio.timeout(10):
        while state.tasks:
            await asyncio.wait(state.tasks)


async def test_a_head_without_end_is_refused_by_its_size(connection: tuple[StreamReader, StreamWriter]) -> None:
    reader, writer = connection
    writer.write(b"GET / HTTP/1.1\r\n")
    reading = asyncio.create_task(reader.read())
    sent = 0
    while not reading.done() and sent < 4_000_000:
        writer.write(b"X: " + b"y" * 30_000 + b"\r\n")
        sent += 30_000
        await asyncio.wait([reading], timeout=0.001)
    assert (await reading).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n",
        b"CONNECT example.test:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
async def test_what_isnt_a_request(connection: tuple[StreamReader, StreamWriter], sent: bytes) -> None:
    reader, writer = connection
    writer.write(sent)
    assert (await asyncio.wait_for(reader.read(), 5)).startswith(b"HTTP/1.1 40")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/1.1\r\nX-Request-Id: mine\r\nContent-Length: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nX-REQUEST-ID: mine\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n", 400),
        (b"CONNECT example.test:443 HTTP/1.1\r\nX-Request-Id: mine\r\n\r\n", 405),
        (b"GET / HTTP/1.1\r\nX-Request-Id: mine\r\nX: ", 408),
        (b"GET / HTTP/1.1\r\nX-Request-Id: mine\r\n" + b"X: y\r\n" * 100_000, 431),
    ],
)
async def test_what_is_refused_has_the_id_that_its_head_gave_and_says_whether_to_try_again(
    connection: tuple[StreamReader, StreamWriter], sent: bytes, status: int
) -> None:
    reader, writer = connection
    writer.write(sent)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nx-request-id: mine\r\n" in head
    assert b"\r\nsluice-retry: %s\r\n" % (b"safe" if status == 408 else b"no") in head


async def test_what_is_refused_never_has_the_id_of_an_earlier_request(
    connection: tuple[StreamReader, StreamWriter],
) -> None:
    reader, writer = connection
    writer.write(b"POST /p HTTP/1.1\r\nX-Request-Id: first\r\nContent-Length: 1\r\n\r\nx")
    await answer(reader)
    writer.write(b"nonsense\r\n\r\n")
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 5)
    assert head.startswith(b"HTTP/1.1 400 ")
    assert re.search(rb"\r\nx-request-id: [0-9a-f]{32}\r\n", head)
