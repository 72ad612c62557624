"""The application with all that it stands on, called in this process or as a real server."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import httpx2
import migrated
from forked_commands import Command, forked
from starlette.applications import Starlette

from sluice.access.service import Access
from sluice.api.services import Services
from sluice.app import create_app
from sluice.entities import Role
from sluice.ground import Ground, open_ground
from sluice.lifespan import open_on
from sluice.settings import Settings

BASE = "http://sluice.test"


def basic(name: str, password: str) -> str:
    """Return the header `Authorization` of a user."""
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


@dataclass
class App:
    """A running application and its callers."""

    asgi: Starlette

    @property
    def services(self) -> Services:
        found: Services = self.asgi.state.services
        return found

    @property
    def access(self) -> Access:
        return self.services.access

    def client(self, token: str | None = None, base: str = BASE, **headers: str) -> httpx2.AsyncClient:
        """Return a program that calls, or nobody."""
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        return httpx2.AsyncClient(transport=httpx2.ASGITransport(self.asgi), base_url=base, headers=headers)

    async def caller(self, role: Role | None) -> httpx2.AsyncClient:
        """Return a program with a token of this role."""
        if role is None:
            return self.client()
        _, secret = await self.access.tokens.create(f"a {role} program", role)
        return self.client(secret)

    @asynccontextmanager
    async def browser(self, base: str = BASE) -> AsyncIterator[httpx2.AsyncClient]:
        """Give a page that signed in by the one-time link."""
        async with self.client(base=base) as page:
            page.headers["Sec-Fetch-Site"] = "same-origin"
            signed_in = await page.post("/api/v1/session", json={"code": self.services.link_code})
            assert signed_in.status_code == 200, signed_in.text
            yield page


async def ready(client: httpx2.AsyncClient, prefix: str = "") -> httpx2.Response:
    """Return the answer of the ready probe once it is no more that workers can't be started yet."""
    async with asyncio.timeout(30):
        while (answer := await client.get(f"{prefix}/health/ready")).status_code == 503:
            await asyncio.wait([asyncio.ensure_future(client.get(f"{prefix}/health/live"))])
    return answer


@asynccontextmanager
async def opened_ground(data_dir: Path) -> AsyncIterator[Ground]:
    """Open what applications stand on: the processes that take longest to start."""
    async with AsyncExitStack() as stack:
        yield await open_ground(_settings(data_dir, None), stack)


@asynccontextmanager
async def standing(ground: Ground, database_url: str | None) -> AsyncIterator[App]:
    """Open an application as `running` does, but on a ground that others stood on before; nothing else is theirs."""
    data_dir = ground.folder.path
    _empty(data_dir)
    if database_url is None:
        migrated.lay_out(data_dir)
    ground.supervisor._closed = False
    settings = _settings(data_dir, database_url)
    app = create_app(settings)
    async with AsyncExitStack() as stack:
        app.state.services = await open_on(ground, settings, stack)
        yield App(app)
    assert not ground.supervisor._pools
    ground.supervisor.take_tallies()


def _settings(data_dir: Path, database_url: str | None, **settings: Any) -> Settings:
    settings.setdefault("allowed_hosts", ("sluice.test",))
    return Settings.load({}, data_dir=data_dir, database_url=database_url, workers=1, **settings)


def _empty(data_dir: Path) -> None:
    """Remove what was kept, but no folder that a process was given."""
    for path in data_dir.iterdir():
        if path.name in ("blobs", "incoming"):
            _empty(path)
        elif path.name not in ("lock", "run", "secret.key"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


@asynccontextmanager
async def running(data_dir: Path, database_url: str | None = None, **settings: Any) -> AsyncIterator[App]:
    """Open an application."""
    if database_url is None:
        migrated.lay_out(data_dir)
    app = create_app(_settings(data_dir, database_url, **settings))
    async with app.router.lifespan_context(app):
        yield App(app)


def environment(**settings: str) -> dict[str, str]:
    """Return the environment of a command: ours, but with these settings only."""
    return {key: value for key, value in os.environ.items() if not key.startswith("SLUICE_")} | settings


@dataclass
class Server:
    """A `sluice serve` in a process of its own."""

    process: Command
    url: str
    link: str
    log: Path

    @property
    def port(self) -> int:
        return int(self.url.partition("//127.0.0.1:")[2].split("/")[0])

    @property
    def code(self) -> str:
        return self.link.partition("#code=")[2]

    async def stop(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal and return its exit status."""
        self.process.send_signal(number)
        return await asyncio.wait_for(self.process.wait(), 30)


def _serving(arguments: Sequence[str], settings: dict[str, str], log: Path) -> tuple[Command, TextIO]:
    """Start a server; return it and what it says."""
    reading, writing = os.pipe()
    with log.open("wb") as errors, open(writing, "wb") as output:
        process = forked(["serve", *arguments], environment(**settings), output, errors)
    return process, open(reading)


@asynccontextmanager
async def served(data_dir: Path, *arguments: str, **settings: str) -> AsyncIterator[Server]:
    """Start a server on a free port, and end it."""
    migrated.lay_out(data_dir)
    log = data_dir.with_name(data_dir.name + ".log")
    process, said = _serving(["--data-dir", str(data_dir), "--port", "0", *arguments], settings, log)
    try:
        lines = [(await asyncio.to_thread(said.readline)).strip() for _ in range(2)]
        urls = re.findall(r"https?://\S+", " ".join(lines))
        assert urls, log.read_text()
        server = Server(process, urls[0].rstrip("/"), urls[-1], log)
        yield server
        assert await server.stop() == 0, log.read_text()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        said.close()
