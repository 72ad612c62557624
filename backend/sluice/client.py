"""Reaches a server for a command: a named one, the one that runs on the data folder, or the idle folder itself."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2

from sluice.settings import Settings

RUN_FILE = "server.json"
IDLE_HOST = "idle.invalid"
"""Stands in the address of a client that no socket is behind."""

TIMEOUT = httpx2.Timeout(30.0, read=600.0, write=600.0)


class CallFailed(Exception):
    """The server couldn't be reached or refused; the message is for whoever typed the command."""


@asynccontextmanager
async def connected(settings: Settings, url: str | None, token: str | None) -> AsyncIterator[httpx2.AsyncClient]:
    """Give a client that may do everything; paths such as `/api/v1/models` are below the server's own address.

    Raises:
        CallFailed: the server can't be reached.
        sluice.storage.folder.CannotOpen: the data folder can't be used.
    """
    if url is None and token is not None:
        raise CallFailed("SLUICE_TOKEN (--token) is given, but not of which server: set SLUICE_URL (--url), too.")
    if url is not None and token is None:
        raise CallFailed(f"Give an API token of {url} by SLUICE_TOKEN (--token).")
    try:
        if url is not None:
            async with _client(url, token) as client:
                yield client
        elif running := await _running(settings.data_dir):
            async with _client(*running) as client:
                yield client
        else:
            async with _idle(settings) as client:
                yield client
    except httpx2.TransportError as error:
        raise CallFailed(f"The server at {url or 'the data folder'} can't be reached: {error}") from error


async def _running(data_dir: Path) -> tuple[str, str] | None:
    """Return address and token of the server that runs on a data folder; a file that a killed one left is ignored."""
    try:
        facts = json.loads((data_dir / RUN_FILE).read_text())
    except FileNotFoundError:
        return None
    try:
        async with httpx2.AsyncClient(trust_env=False) as client:
            headers = {"Authorization": f"Bearer {facts['token']}"}
            answer = await client.get(f"{facts['url']}/api/v1/session", headers=headers)
    except httpx2.TransportError:
        return None
    return (facts["url"], facts["token"]) if answer.status_code == 200 else None


def _client(url: str, token: str | None, **options: Any) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(
        base_url=url,
        headers={"Authorization": f"Bearer {token}"},
        timeout=TIMEOUT,
        **options,
    )


@asynccontextmanager
async def _idle(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """Run the application in this process, without a socket."""
    from sluice.app import create_app

    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx2.ASGITransport(app)
        async with _client(f"http://{IDLE_HOST}", app.state.services.run_token, transport=transport) as client:
            yield client


def checked(answer: httpx2.Response) -> httpx2.Response:
    """Return a good answer.

    Raises:
        CallFailed: the server refused; says why.
    """
    if answer.is_success:
        return answer
    try:
        reason = answer.json()["detail"]
    except (ValueError, TypeError, KeyError):  # a proxy in between answers in its own words
        reason = f"{answer.request.url} answered {answer.status_code}."
    raise CallFailed(reason)
