"""The shortcut answers exactly as the ordinary way does, and takes only what it can."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import served
from starlette.applications import Starlette

from sluice.shortcut import Shortcut

TOKEN = "slc_" + "0" * 40
V1 = "/api/v1"
PUPPET = """
import os
import numpy as np

def process(content):
    print("got", len(content))
    if content == b"raise":
        raise ValueError("no\\r\\nX-Forged: yes")
    if content == b"die":
        os._exit(3)
    if content == b"loop":
        while True: pass
    return {"x": np.zeros((1, len(content)), np.float32)}
"""


@dataclass
class Wire:
    """One connection by hand: requests go out byte by byte as they stand."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def ask(self, path: str, body: bytes, *, chunked: bool = False, **headers: str) -> tuple[int, Any, Any]:
        """Return status, headers and JSON; a chunked body goes the ordinary way."""
        head = {"Host": "x", "Authorization": f"Bearer {TOKEN}", **headers}
        if chunked:
            head["Transfer-Encoding"] = "chunked"
            body = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        else:
            head["Content-Length"] = str(len(body))
        lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items() if value)]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        return await self.answer()

    async def answer(self) -> tuple[int, Any, Any]:
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        content = await self.reader.readexactly(int(fields["content-length"]))
        return int(head[0].split()[1]), fields, json.loads(content)


@contextlib.asynccontextmanager
async def connected(port: int) -> AsyncIterator[Wire]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()
        await writer.wait_closed()


@pytest.fixture
async def port(data_dir: Path) -> AsyncIterator[int]:
    async with served(data_dir, SLUICE_ADMIN_TOKEN=TOKEN, SLUICE_WORKERS="1") as server:
        async with httpx2.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
            await client.post(f"{V1}/models", params={"fileName": "m.onnx"}, content=onnx_models.double_it(4))
            await client.post(f"{V1}/resources", params={"fileName": "pre.py"}, content=PUPPET.encode())
            made = {"name": "p", "model": "m", "preProcessing": "pre.py", "deadlineS": 1.0}
            assert (await client.post(f"{V1}/pipelines", json=made)).status_code == 201
        yield server.port


@pytest.mark.parametrize(
    ("path", "body", "headers", "status"),
    [
        ("/pipelines/p", b"1234", {}, 200),
        ("/models/m", b'{"x": [[1, 2, 3, 4]]}', {}, 200),
        ("/models/m", b"", {}, 422),
        ("/pipelines/p", b"12345", {}, 422),
        ("/pipelines/p", b"raise", {}, 422),
        ("/pipelines/p", b"die", {}, 500),
        ("/pipelines/p", b"loop", {}, 504),
        ("/pipelines/none", b"x", {}, 404),
        ("/pipelines/p", b"1234", {"Authorization": "Bearer wrong"}, 401),
        ("/pipelines/p", b"1234", {"X-Request-Id": "my-own"}, 200),
        ("/pipelines/p", b"1234", {"X-Request-Id": "not sane"}, 200),
    ],
)
async def test_both_ways_answer_alike(port: int, path: str, body: bytes, headers: dict[str, str], status: int) -> None:
    async with connected(port) as wire:
        short = await wire.ask(f"{V1}{path}/predictions", body, **headers)
        ordinary = await wire.ask(f"{V1}{path}/predictions", body, chunked=True, **headers)
    assert short[0] == ordinary[0] == status
    changing = {"x-request-id", "date", "server-timing", "content-length"}
    ordinary[1].pop("connection", None)  # refused before its body was read, a chunked request ends the connection
    assert short[1].keys() == ordinary[1].keys()
    assert {k: v for k, v in short[1].items() if k not in changing} == {
        k: v for k, v in ordinary[1].items() if k not in changing
    }
    assert _without_id(short[2]) == _without_id(ordinary[2])
    if given := headers.get("X-Request-Id"):
        assert (short[1]["x-request-id"] == given) == (ordinary[1]["x-request-id"] == given) == (given == "my-own")
    if status == 200:
        steps = [re.sub(r"dur=[\d.]+", "", answer[1]["server-timing"]) for answer in (short, ordinary)]
        assert steps[0] == steps[1]


async def test_pipelined_requests_are_answered_in_order(port: int) -> None:
    async with connected(port) as wire:
        request = f"POST {V1}/models/m/predictions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
        bodies = [f'{{"x": [[{n}, 0, 0, 0]]}}' for n in range(20)]
        wire.writer.write(b"".join(f"{request}Content-Length: {len(b)}\r\n\r\n{b}".encode() for b in bodies))
        answers = [await wire.answer() for _ in bodies]
    assert [answer[2]["y"][0][0] for answer in answers] == [2.0 * n for n in range(20)]


async def test_a_body_in_pieces(port: int) -> None:
    async with connected(port) as wire:
        head = (
            f"POST {V1}/pipelines/p/predictions HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 4\r\n\r\n"
        )
        for byte in head.encode() + b"1234":
            wire.writer.write(bytes([byte]))
            await wire.writer.drain()
        assert (await wire.answer())[0] == 200


async def test_connection_close_is_kept(port: int) -> None:
    async with connected(port) as wire:
        status, headers, _ = await wire.ask(f"{V1}/pipelines/p/predictions", b"1234", Connection="close")
        assert (status, headers["connection"]) == (200, "close")
        assert await wire.reader.read() == b""


async def test_a_client_that_leaves_harms_nobody(port: int) -> None:
    async with connected(port) as leaving:
        leaving.writer.write(
            f"POST {V1}/pipelines/p/predictions HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\n"
            "Content-Length: 4\r\n\r\nloop".encode()
        )
        await leaving.writer.drain()
    async with connected(port) as wire:
        # The one worker is free again once the call that nobody waits for was ended.
        statuses = [(await wire.ask(f"{V1}/pipelines/p/predictions", b"1234"))[0] for _ in range(3)]
    assert 200 in statuses


class _Connection:
    def __init__(self, *headers: tuple[bytes, bytes]) -> None:
        self.headers = [(b"authorization", b"Bearer x"), (b"content-length", b"4"), *headers]
        self.transport: Any = None

    def on_response_complete(self) -> None:
        raise AssertionError


@pytest.mark.parametrize(
    ("method", "url", "headers", "taken"),
    [
        (b"POST", b"/api/v1/pipelines/p/predictions", [], True),
        (b"POST", b"/ml/api/v1/models/m.1/predictions", [], True),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"content-type", b"application/json")], True),
        (b"GET", b"/api/v1/pipelines/p/predictions", [], False),
        (b"POST", b"/api/v1/pipelines/p/predictions?trace=true", [], False),
        (b"POST", b"/api/v1/pipelines/a%20b/predictions", [], False),
        (b"POST", b"/api/v1/pipelines/p/predictions/", [], False),
        (b"POST", b"/api/v1/resources/p/predictions", [], False),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"content-type", b"Multipart/form-data; boundary=b")], False),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"transfer-encoding", b"chunked")], False),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"expect", b"100-continue")], False),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"content-length", b"65537")], False),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"authorization", b"Basic eDp5")], False),
    ],
)
def test_what_it_takes(method: bytes, url: bytes, headers: list[tuple[bytes, bytes]], taken: bool) -> None:
    shortcut = Shortcut(Starlette(), "/ml", lambda: [])
    assert (shortcut.take(_Connection(*headers), method, url, True) is not None) == taken


def _without_id(answer: Any) -> Any:
    return {k: v for k, v in answer.items() if k != "requestId"} if isinstance(answer, dict) else answer
