"""Server-sent events of a real server: what they tell, and when they end."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, Server, served
from problems import assert_problem

from sluice.api.events import Events
from sluice.api.looking import Change, Looking
from sluice.entities import Role
from sluice.errors import NotAvailable

pytestmark = pytest.mark.any_database

EVENTS = "/api/v1/events"
CRASHES = b"import os\n\ndef process(content):\n    os.abort()\n"


class Stream:
    """One stream that is open."""

    def __init__(self, answer: httpx2.Response) -> None:
        self.answer = answer
        self._lines = answer.aiter_lines()

    async def until(self, kind: str, name: str) -> None:
        """Return once an event told that this changed."""
        async with asyncio.timeout(30):
            async for line in self._lines:
                if line.startswith("data: "):
                    change: dict[str, Any] = json.loads(line.removeprefix("data: "))
                    if kind in change["what"] and name in change["names"]:
                        return
        raise AssertionError("The stream ended.")

    async def end(self) -> None:
        """Return once the server ended it."""
        async with asyncio.timeout(10):
            async for _ in self._lines:
                pass


@asynccontextmanager
async def listening(client: httpx2.AsyncClient) -> AsyncIterator[Stream]:
    async with client.stream("GET", EVENTS) as answer:
        assert answer.status_code == 200
        stream = Stream(answer)
        assert (await anext(stream._lines)).startswith(":")
        yield stream


def client_of(server: Server, token: str | None = None) -> httpx2.AsyncClient:
    token = token or json.loads((server.log.with_suffix("") / "server.json").read_text())["token"]
    return httpx2.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)


def looking_at(app: App) -> Looking:
    found = app.services
    return Looking(found.current, found.supervisor, found.environments, found.records)


async def test_what_anybody_changes_is_told(server: Server) -> None:
    async with client_of(server) as admin, client_of(server) as other, listening(admin) as stream:
        assert stream.answer.headers["content-type"].startswith("text/event-stream")
        assert stream.answer.headers["x-accel-buffering"] == "no"
        model = {"file": ("double.onnx", onnx_models.double_it())}
        assert (await other.post("/api/v1/models", files=model)).status_code == 201
        await stream.until("models", "double")
        script = {"file": ("crash.py", CRASHES)}
        assert (await other.post("/api/v1/resources", files=script)).status_code == 201
        await stream.until("resources", "crash.py")
        parts = {"name": "crashing", "model": "double", "preProcessing": "crash.py"}
        added = asyncio.create_task(other.post("/api/v1/pipelines", json=parts))
        await stream.until("states", "crashing")
        assert (await added).status_code == 201
        await other.post("/api/v1/models/double/predictions", json={"x": [[1.0, 2.0, 3.0, 4.0]]})
        await stream.until("statistics", "double")
        for _ in range(5):
            await other.post("/api/v1/pipelines/crashing/predictions", content=b"x")
        await stream.until("states", "crashing")
        assert (await other.delete("/api/v1/pipelines/crashing")).status_code == 204
        await stream.until("pipelines", "crashing")


async def test_it_ends_with_the_session(server: Server) -> None:
    async with httpx2.AsyncClient(base_url=server.url, headers={"Origin": server.url}, timeout=30) as page:
        assert (await page.post("/api/v1/session", json={"code": server.code})).status_code == 200
        async with listening(page) as stream:
            assert (await page.delete("/api/v1/session")).status_code == 204
            await stream.end()
        assert_problem(await page.get(EVENTS), 401, "not-signed-in")


async def test_it_ends_with_the_token(server: Server) -> None:
    async with client_of(server) as admin:
        token = (await admin.post("/api/v1/tokens", json={"name": "reader", "role": "READ"})).json()
        async with client_of(server, token["secret"]) as reader, listening(reader) as stream:
            assert (await admin.delete(f"/api/v1/tokens/{token['id']}")).status_code == 204
            await stream.end()


async def test_it_doesnt_hold_up_a_server_that_stops(server: Server) -> None:
    async with client_of(server) as admin, listening(admin) as stream:
        async with asyncio.timeout(5):
            assert await server.stop() == 0
        await stream.end()


async def test_behind_a_path_prefix_and_to_head(data_dir: Path) -> None:
    async with served(data_dir, SLUICE_ROOT_PATH="/tools/sluice") as server, client_of(server) as admin:
        async with listening(admin):
            head = await admin.head(EVENTS)
        assert (head.status_code, head.content) == (200, b"")


async def test_it_looks_only_while_somebody_listens(app: App) -> None:
    made: list[Looking] = []

    def looking() -> Looking:
        made.append(looking_at(app))
        return made[-1]

    events = Events(looking)
    assert not made
    for _ in range(2):
        one, other = events.stream(lambda: True), events.stream(lambda: True)
        await anext(one)
        await anext(other)
        await one.aclose()
        await other.aclose()
    assert len(made) == 2
    await asyncio.sleep(0)
    assert not any("_look_again" in repr(task) for task in asyncio.all_tasks())


async def test_silence_is_broken_by_comments(app: App) -> None:
    events = Events(lambda: looking_at(app), heartbeat_s=0)
    stream = events.stream(lambda: True)
    assert [await anext(stream), await anext(stream)][1].startswith(": ")
    events.close()
    with pytest.raises(StopAsyncIteration):
        await anext(stream)
    with pytest.raises(NotAvailable):
        events.check_room()


async def test_there_are_no_more_streams_than_allowed(app: App) -> None:
    events = Events(lambda: looking_at(app), most_streams=1)
    stream = events.stream(lambda: True)
    events.check_room()
    await anext(stream)
    with pytest.raises(NotAvailable):
        events.check_room()
    await stream.aclose()
    events.check_room()


def test_a_slow_reader_gets_all_in_one() -> None:
    one, other = Change(frozenset({"models"}), frozenset({"a"})), Change(frozenset({"states"}), frozenset({"b"}))
    assert one | other == Change(frozenset({"models", "states"}), frozenset({"a", "b"}))
    assert not Change() and one


async def test_only_who_signed_in_may_listen(app: App) -> None:
    async with await app.caller(None) as nobody:
        assert_problem(await nobody.get(EVENTS), 401, "not-signed-in")
    app.services.events.close()
    async with await app.caller(Role.READ) as reader:
        answer = await reader.get(EVENTS)
        assert_problem(answer, 503, "not-available")
        assert answer.headers["retry-after"] == "1"
