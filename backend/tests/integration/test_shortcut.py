"""The shortcut answers exactly as the ordinary way does, and takes only what it can."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import basic, served
from starlette.applications import Starlette

from sluice.access.attempts import Attempts
from sluice.access.links import Links
from sluice.access.passwords import Passwords
from sluice.access.service import Access
from sluice.access.sessions import Sessions
from sluice.access.tokens import Tokens
from sluice.access.users import Users
from sluice.access.verified import Verified
from sluice.api.hosts import Hosts
from sluice.entities import Role, User
from sluice.heads import Head, Repeat
from sluice.settings import Settings
from sluice.shortcut import Shortcut

pytestmark = pytest.mark.any_database

TOKEN = "slc_" + "0" * 40
BASIC = "Basic " + base64.b64encode(f"anybody:{TOKEN}".encode()).decode()
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
        head = {"Host": "localhost", "Authorization": f"Bearer {TOKEN}", **headers}
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


@pytest.fixture(scope="module")
async def port(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[int]:
    data_dir = tmp_path_factory.mktemp("shortcut") / "data"
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
        ("/pipelines/p", b"1234", {"Authorization": "Bearer wrong", "User-Agent": "Mozilla/5.0"}, 401),
        ("/pipelines/p", b"1234", {"Authorization": BASIC}, 200),
        ("/pipelines/p", b"1234", {"Authorization": "Basic eDp5"}, 401),
        ("/pipelines/p", b"1234", {"Authorization": BASIC, "Origin": "http://other.test"}, 403),
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
        request = f"POST {V1}/models/m/predictions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
        bodies = [f'{{"x": [[{n}, 0, 0, 0]]}}' for n in range(20)]
        wire.writer.write(b"".join(f"{request}Content-Length: {len(b)}\r\n\r\n{b}".encode() for b in bodies))
        answers = [await wire.answer() for _ in bodies]
    assert [answer[2]["y"][0][0] for answer in answers] == [2.0 * n for n in range(20)]


async def test_the_same_head_again_and_again(port: int) -> None:
    async with connected(port) as wire:
        for number in (1, 2, 30, 4, 50, 600):
            status, _, answer = await wire.ask(f"{V1}/models/m/predictions", f'{{"x": [[{number}, 0, 0, 0]]}}'.encode())
            assert (status, answer["y"][0][0]) == (200, 2.0 * number)
        assert (await wire.ask(f"{V1}/models/none/predictions", b"{}"))[0] == 404
        assert (await wire.ask(f"{V1}/models/m/predictions", b'{"x": [[1, 0, 0, 0]]}', chunked=True))[0] == 200
        assert (await wire.ask(f"{V1}/models/m/predictions", b'{"x": [[1, 0, 0, 0]]}'))[0] == 200


async def test_a_repeated_head_whose_body_comes_late_or_with_more(port: int) -> None:
    request = f"POST {V1}/models/m/predictions HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: "
    body = '{"x": [[3, 0, 0, 0]]}'
    whole = f"{request}{len(body)}\r\n\r\n{body}"
    async with connected(port) as wire:
        for cut in (len(whole), 10, len(whole) - 5, len(whole)):
            wire.writer.write(whole[:cut].encode())
            await wire.writer.drain()
            await asyncio.sleep(0)
            wire.writer.write((whole[cut:] + whole).encode())
            assert [(await wire.answer())[2]["y"][0][0] for _ in range(2)] == [6.0, 6.0]


@pytest.mark.parametrize("size", [60_000, 300_000, 1_048_576, 1_048_577, 3_000_000])
async def test_bodies_of_all_sizes_arrive_whole(port: int, size: int) -> None:
    async with connected(port) as wire:
        for _ in range(3):
            status, _, told = await wire.ask(f"{V1}/pipelines/p/predictions", b"s" * size)
            assert (status, told["detail"].partition(" came shape ")[2][: len(f"(1, {size})")]) == (422, f"(1, {size})")


async def test_a_large_body_and_the_next_request_in_one_go(port: int) -> None:
    async with connected(port) as wire:
        for _ in range(2):
            large, small = b"s" * 2_000_000, b'{"x": [[4, 0, 0, 0]]}'
            head = f"HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length:"
            wire.writer.write(
                f"POST {V1}/pipelines/p/predictions {head} {len(large)}\r\n\r\n".encode()
                + large
                + f"POST {V1}/models/m/predictions {head} {len(small)}\r\n\r\n".encode()
                + small
            )
            assert (await wire.answer())[0] == 422
            assert (await wire.answer())[2]["y"][0][0] == 8.0


async def test_nobody_s_large_body_is_refused_before_it_comes(port: int) -> None:
    async with connected(port) as wire:
        head = f"POST {V1}/pipelines/p/predictions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer wrong\r\n"
        wire.writer.write(f"{head}Content-Length: 500000\r\n\r\nsome".encode())
        assert (await wire.answer())[0] == 401


async def test_a_client_that_leaves_in_the_middle_of_a_large_body(port: int) -> None:
    head = f"POST {V1}/pipelines/p/predictions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
    async with connected(port) as leaving:
        leaving.writer.write(f"{head}Content-Length: 5000000\r\n\r\n".encode() + b"s" * 3_000_000)
        await leaving.writer.drain()
    async with connected(port) as wire:
        assert (await wire.ask(f"{V1}/pipelines/p/predictions", b"1234"))[0] == 200


async def test_a_revoked_token_is_refused_on_an_open_connection(port: int) -> None:
    url = f"http://127.0.0.1:{port}{V1}"
    async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as client, connected(port) as wire:
        made = (await client.post(f"{url}/tokens", json={"name": "robot", "role": "READ"})).json()
        header = {"Authorization": f"Bearer {made['secret']}"}
        for _ in range(2):
            assert (await wire.ask(f"{V1}/pipelines/p/predictions", b"1234", **header))[0] == 200
        await client.delete(f"{url}/tokens/{made['id']}")
        assert (await wire.ask(f"{V1}/pipelines/p/predictions", b"1234", **header))[0] == 401


async def test_a_password_goes_the_short_way_once_it_was_found_right(port: int) -> None:
    url = f"http://127.0.0.1:{port}{V1}"
    new = {"name": "Ada", "role": "READ", "password": "correct horse battery"}
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as client, connected(port) as wire:
        user = f"{url}/users/{(await client.post(f'{url}/users', json=new)).json()['id']}"

        async def ask(password: str) -> int:
            header = {"Authorization": basic("tenant/ada", password)}
            return (await wire.ask(f"{V1}/pipelines/p/predictions", b"1234", **header))[0]

        assert [await ask(new["password"]) for _ in range(3)] == [200] * 3
        assert await ask("another staple altogether") == 401
        assert (await client.patch(user, json={"role": "METRICS"}, headers={"If-Match": "*"})).status_code == 200
        assert await ask(new["password"]) == 403
        changes = {"role": "READ", "password": "another staple altogether"}
        assert (await client.patch(user, json=changes, headers={"If-Match": "*"})).status_code == 200
        assert await ask(new["password"]) == 401
        assert [await ask("another staple altogether") for _ in range(3)] == [200] * 3
        await client.delete(user)
        assert await ask("another staple altogether") == 401


async def test_the_deadline_s_header_holds_on_the_shortcut(port: int) -> None:
    async with connected(port) as wire:
        path = f"{V1}/pipelines/p/predictions"
        status, _, told = await wire.ask(path, b"loop", **{"Sluice-Deadline": "0.2"})
        assert (status, "0.2 s" in told["detail"]) == (504, True)
        assert (await wire.ask(path, b"1234", **{"Sluice-Deadline": "soon"}))[0] == 400


async def test_nonsense_behind_a_request_that_runs(port: int) -> None:
    async with connected(port) as wire:
        await wire.ask(f"{V1}/pipelines/p/predictions", b"1234")
        head = f"POST {V1}/pipelines/p/predictions HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 4"
        wire.writer.write(f"{head}\r\n\r\nloopnonsense\r\n\r\n".encode())
        assert (await wire.reader.read()).startswith(b"HTTP/1.1 400 ")
    await _until_free(port)


async def _until_free(port: int) -> None:
    """Return when the one worker is free again: the call that nobody waits for was ended."""
    async with connected(port) as wire:
        statuses = [(await wire.ask(f"{V1}/pipelines/p/predictions", b"1234"))[0] for _ in range(3)]
    assert 200 in statuses


def _head(length: int) -> Head:
    return Head("model", "m", "", "", (), length, True, False)


REQUEST = b"POST /m HTTP/1.1\r\nA: b\r\nContent-Length: 3\r\nC: d\r\n\r\nabc"


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (REQUEST, (b"abc", 0)),
        (REQUEST.replace(b": 3", b": 12").replace(b"abc", b"twelve bytes"), (b"twelve bytes", 0)),
        (REQUEST.replace(b": 3", b": 0").replace(b"abc", b""), (b"", 0)),
        (REQUEST[:-1], (b"ab", 1)),
        (REQUEST.replace(b": 3", b": 1048576"), (b"abc", 1_048_573)),
        (REQUEST.replace(b": 3", b": 1048577"), None),
        (REQUEST + b"d", None),
        (REQUEST[:-4], None),
        (REQUEST.replace(b"A: b", b"A: c"), None),
        (REQUEST.replace(b"C: d", b"C: e"), None),
        (REQUEST.replace(b": 3", b": +3"), None),
        (REQUEST.replace(b": 3", b": 3 "), None),
        (REQUEST.replace(b": 3", b": "), None),
        (REQUEST.replace(b": 3", b": 3\r\nTransfer-Encoding: chunked"), None),
    ],
)
def test_what_repeats_a_head(request_: bytes, body: tuple[bytes, int] | None) -> None:
    repeat = Repeat.of(_head(3), REQUEST, 3)
    assert repeat == Repeat.of(_head(3), REQUEST[:-2], 1) == Repeat.of(_head(3), REQUEST[:-3], 0)
    assert repeat
    assert repeat.body_of(request_) == body


@pytest.mark.parametrize(
    "request_",
    [
        REQUEST.replace(b"C: d", b"content-length: 3"),
        REQUEST.replace(b"C: d\r\n", b"C: d\r\n\r\n"),
        REQUEST.replace(b": 3", b": 4"),
        REQUEST + b"d",
    ],
)
def test_a_head_that_isnt_clear_is_not_kept(request_: bytes) -> None:
    assert Repeat.of(_head(3), request_, 3) is None


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
    await _until_free(port)


HOSTS = Hosts(Settings())


class _Connection:
    def __init__(self, *headers: tuple[bytes, bytes]) -> None:
        self.headers = list({b"authorization": b"Bearer x", b"content-length": b"4", **dict(headers)}.items())
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
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"host", b"127.0.0.1:8000")], True),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"host", b"elsewhere.test")], False),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"content-length", b"65537")], False),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"origin", b"http://other.test")], True),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"authorization", b"Basic eDp5")], True),
        (
            b"POST",
            b"/api/v1/pipelines/p/predictions",
            [(b"authorization", b"Basic eDp5"), (b"origin", b"http://other.test")],
            False,
        ),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"authorization", b"Basic eHk=")], False),
        (b"POST", b"/api/v1/pipelines/p/predictions", [(b"authorization", b"Digest eDp5")], False),
    ],
)
def test_what_it_takes(method: bytes, url: bytes, headers: list[tuple[bytes, bytes]], taken: bool) -> None:
    shortcut = Shortcut(_application(), "/ml", lambda: [], HOSTS.allows)
    assert (shortcut.take(_Connection(*headers), method, url, True) is not None) == taken


async def test_a_password_is_taken_as_long_as_it_is_known_to_be_right() -> None:
    user = User("id-of-x", "x", Role.READ, datetime.now(UTC), password_hash="some hash")
    app = _application(user)
    access: Access = app.state.services.access
    await access.users.load()
    shortcut, connection = Shortcut(app, "", lambda: [], HOSTS.allows), _Connection((b"authorization", b"Basic eDp5"))
    asked = (connection, b"POST", b"/api/v1/pipelines/p/predictions", True)
    assert shortcut.take(*asked) is None
    access.verified.remember(user.id, access.verified.key(user.id, "y"))
    taken = shortcut.take(*asked)
    assert taken is not None
    access.verified.forget(user.id)
    # A head that is known again is looked at anew.
    assert shortcut.take(*asked) is None
    assert shortcut.begin(connection, taken.head, 4) is None


class _Stored:
    def __init__(self, *users: User) -> None:
        self._users = users

    async def all(self) -> list[tuple[User, None]]:
        return [(user, None) for user in self._users]


def _application(*users: User) -> Starlette:
    """Return an application that knows these users and no more."""
    stored: Any = _Stored(*users)
    tokens, known = Tokens(stored), Users(stored)
    sessions, links = Sessions(stored, tokens, known), Links(stored)
    app = Starlette()
    access = Access(tokens, known, sessions, links, Passwords(), Attempts(), Verified())
    app.state.services = SimpleNamespace(access=access, settings=Settings())
    return app


def _without_id(answer: Any) -> Any:
    """Leave out what differs from call to call; of a trace, all times."""
    if not isinstance(answer, dict):
        return answer
    same = {key: value for key, value in answer.items() if key != "requestId"}
    if trace := same.pop("trace", None):
        same["trace"] = [{**step, "ms": 0} for step in trace["steps"]], trace["printed"], trace["frames"]
    return same


async def test_of_two_tokens_both_ways_take_the_same(port: int) -> None:
    twice = {"Authorization": f"Bearer wrong\r\nAuthorization: Bearer {TOKEN}"}
    async with connected(port) as wire:
        short = await wire.ask(f"{V1}/pipelines/p/predictions", b"1234", **twice)
        ordinary = await wire.ask(f"{V1}/pipelines/p/predictions", b"1234", chunked=True, **twice)
    assert short[0] == ordinary[0] == 401
