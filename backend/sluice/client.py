"""Reaches a server for a command: a named one, the one that runs on the data folder, or the idle folder itself."""

from __future__ import annotations

import asyncio
import json
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

import httpx2

from sluice.settings import Settings
from sluice.storage.folder import RUN_FILE
from sluice.tls import client_context

IDLE_HOST = "idle.invalid"
"""Stands in the address of a client that no socket is behind."""

TIMEOUT = httpx2.Timeout(30.0, read=600.0, write=600.0)
READ_BYTES = 1024 * 1024


class NotSaid(Exception):
    """It isn't said, or not wholly, which server is meant; the message is for whoever typed the command."""


class CallFailed(Exception):
    """The server couldn't be reached or refused; the message is for whoever typed the command.

    Attributes:
        status: of the answer; 0 if there was none.
        problem: the answer's body; empty if there was none, or somebody else's.
    """

    def __init__(self, message: str, status: int = 0, problem: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.problem = problem or {}


@asynccontextmanager
async def connected(
    settings: Settings, url: str | None, token: str | None, *, make_folder: bool = True
) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a client that may do everything; paths such as `/api/v1/models` are below the server's own address.

    Args:
        settings: name the data folder.
        url: of a server.
        token: of that server.
        make_folder: whether a data folder that isn't there is made.

    Raises:
        NotSaid: of address and token only one is given, or there is nothing to reach.
        CallFailed: the server can't be reached.
        sluice.storage.folder.CannotOpen: the data folder can't be used.
    """
    if url is None and token is not None:
        raise NotSaid("SLUICE_TOKEN (--token) is given, but not of which server: set SLUICE_URL (--url), too.")
    if url is not None and token is None:
        raise NotSaid(f"Give an API token of {url} by SLUICE_TOKEN (--token).")
    try:
        if url is not None:
            async with _client(url, token) as client:
                yield client
        elif running := await _running(settings.data_dir):
            async with _client(running[0], running[1], verify=running[2]) as client:
                yield client
        elif make_folder or settings.data_dir.is_dir():
            async with _idle(settings) as client:
                yield client
        else:
            raise NotSaid(
                f"There is no data folder '{settings.data_dir}'. Name a server by SLUICE_URL (--url) and SLUICE_TOKEN "
                "(--token), or its data folder by SLUICE_DATA_DIR (--data-dir)."
            )
    except httpx2.TransportError as error:
        raise CallFailed(f"The server at {url or 'the data folder'} can't be reached: {error}") from error


async def _running(data_dir: Path) -> tuple[str, str, ssl.SSLContext | bool] | None:
    """Return address and token of the server that runs on a data folder, and how it is known under HTTPS.

    A file that a killed one left is ignored.
    """
    try:
        facts = json.loads((data_dir / RUN_FILE).read_text())
    except FileNotFoundError:
        return None
    verify = client_context(facts["certificate"]) if "certificate" in facts else True
    try:
        async with httpx2.AsyncClient(trust_env=False, verify=verify) as client:
            headers = {"Authorization": f"Bearer {facts['token']}"}
            answer = await client.get(f"{facts['url']}/api/v1/session", headers=headers)
    except httpx2.TransportError:
        return None
    return (facts["url"], facts["token"], verify) if answer.status_code == 200 else None


def _client(url: str, token: str | None, **options: Any) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT,
        **options,
    )


@asynccontextmanager
async def temporary(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a client of an application in this process, whose data folder is new, and gone afterwards."""
    with TemporaryDirectory(prefix="sluice-") as folder:
        own = {"data_dir": Path(folder, "data"), "database_url": None, "root_path": ""}
        async with _idle(settings.model_copy(update=own)) as client:
            yield client


@asynccontextmanager
async def _idle(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """Run the application in this process, without a socket."""
    from sluice.app import create_app

    app = create_app(settings.model_copy(update={"allowed_hosts": (*settings.allowed_hosts, IDLE_HOST)}))
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app)
        async with _client(f"http://{IDLE_HOST}", app.state.services.run_token, transport=transport) as client:
            yield client


def address(*parts: str) -> str:
    """Return the path of something in the native API; names in it may have any characters."""
    return "/".join(("/api/v1", *(quote(part, safe="") for part in parts)))


async def listed(client: httpx2.AsyncClient, collection: str) -> list[dict[str, Any]]:
    """Return everything in a collection.

    Raises:
        CallFailed: the server refused.
    """
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = checked(await client.get(address(collection), params={"cursor": cursor} if cursor else {})).json()
        items += page["items"]
        cursor = page["nextCursor"]
        if cursor is None:
            return items


async def found(client: httpx2.AsyncClient, *parts: str) -> httpx2.Response | None:
    """Return what the server tells of something, or None where it isn't there.

    Raises:
        CallFailed: the server refused.
    """
    answer = await client.get(address(*parts))
    return None if answer.status_code == 404 else checked(answer)


async def patiently(send: Callable[[], Awaitable[httpx2.Response]], within_s: float) -> httpx2.Response:
    """Return the answer to a request, which is sent again for as long as the server only has no time for it.

    Nothing is sent twice that may have been done: a 429 or 503 refuses before anything runs, and what couldn't be
    connected to got nothing.

    Args:
        send: sends it.
        within_s: since the first time, after which it is sent no more.

    Raises:
        httpx2.TransportError: the server can't be reached.
    """
    until = time.monotonic() + within_s
    while True:
        try:
            answer = await send()
            wait_s = _retry_after_s(answer)
            if wait_s is None or time.monotonic() + wait_s > until:
                return answer
        except httpx2.ConnectError:
            wait_s = 1.0
            if time.monotonic() + wait_s > until:
                raise
        await asyncio.sleep(wait_s)


def _retry_after_s(answer: httpx2.Response) -> float | None:
    said = answer.headers.get("retry-after", "")
    return float(said) if answer.status_code in (429, 503) and said.isdecimal() else None


async def streamed(path: Path) -> AsyncIterator[bytes]:
    """Yield a file's content in pieces; a request with it needs the header of `length_of`, too."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, READ_BYTES):
            yield chunk


def length_of(path: Path) -> dict[str, str]:
    """Return the header that tells a file's length beforehand."""
    return {"Content-Length": str(path.stat().st_size)}


def checked(answer: httpx2.Response) -> httpx2.Response:
    """Return a good answer.

    Raises:
        CallFailed: the server refused; says why.
    """
    if answer.is_success:
        return answer
    problem = problem_of(answer)
    raise CallFailed(problem["detail"], answer.status_code, problem)


def problem_of(answer: httpx2.Response) -> dict[str, Any]:
    """Return what a refusal says; a proxy in between may have answered in its own words."""
    try:
        body = answer.json()
        if isinstance(body, dict) and isinstance(body.get("detail"), str):
            return body
    except ValueError:
        pass
    detail = f"{answer.request.url} answered {answer.status_code}."
    return {"status": answer.status_code, "code": "unknown", "detail": detail}
