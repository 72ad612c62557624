"""Runs the application on a socket until a signal ends it, and tells people and other commands how to reach it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import uvicorn
import uvloop
from starlette.applications import Starlette

from sluice import __version__
from sluice.api.services import Services
from sluice.app import create_app
from sluice.connections import Connections, room_for
from sluice.protocol import Protocol
from sluice.settings import Settings
from sluice.shortcut import Shortcut

log = logging.getLogger(__name__)

KEEP_ALIVE_S = 75
"""Longer than common proxies keep a connection, so that it's them who close it."""

GRACE_S = 10
RUN_FILE = "server.json"


class CannotListen(Exception):
    """The address can't be listened on; the message names the setting."""


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; a second one doesn't wait for running requests.

    Raises:
        CannotListen: the port is taken, or the address isn't this machine's.
        sluice.storage.folder.CannotOpen: the data folder or its database can't be used.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, contextlib.suppress(asyncio.CancelledError):
        runner.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    app = create_app(settings)
    # Bound before anything is opened: a second start on the port fails at once and leaves no trace.
    with contextlib.closing(_bind(settings)) as listener:
        server = Server(app, settings, listener)
        server.handle_signals()
        # Around uvicorn rather than inside it: what fails on the way is told in one line, not as a traceback.
        async with app.router.lifespan_context(app):
            await server.serve(sockets=[listener])


def _bind(settings: Settings) -> socket.socket:
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotListen(f"SLUICE_HOST {settings.host}, SLUICE_PORT {settings.port}: {reason}") from None
    return listener


class Server(uvicorn.Server):
    """uvicorn with our protocol, our signals, and a word when it really listens."""

    def __init__(self, app: Starlette, settings: Settings, listener: socket.socket) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                http=_protocol(app, settings, lambda: self.server_state.default_headers),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=bool(settings.trusted_proxies),
                forwarded_allow_ips=list(settings.trusted_proxies),
                timeout_keep_alive=KEEP_ALIVE_S,
                timeout_graceful_shutdown=GRACE_S,
            )
        )
        self._app = app
        self._settings = settings
        self._listener = listener
        self._run_file = settings.data_dir / RUN_FILE

    @property
    def url(self) -> str:
        """Where this machine reaches the server."""
        host, port = self._listener.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        return f"http://{f'[{host}]' if ':' in host else host}:{port}{self._settings.root_path}"

    def handle_signals(self) -> None:
        """Stop on a signal: in good order when serving, else at once."""
        main = asyncio.current_task()
        assert main is not None

        def stop() -> None:
            if not self.started:
                main.cancel()
            self.force_exit = self.should_exit
            self.should_exit = True

        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `handle_signals`: uvicorn's way would end the process before the lifespan ended."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then say so."""
        await super().startup(sockets)
        gc.collect()
        gc.freeze()  # what is there now stays: looking through it again and again would hold calls up
        services: Services = self._app.state.services
        await asyncio.to_thread(_write_secret, self._run_file, self._run_facts(services.run_token))
        print(
            f"Sluice {__version__} is running on {self.url}/\n"
            f"Sign in by this link, which works once: {self.url}/welcome#code={services.link_code}",
            flush=True,
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse new predictions while those that are there finish, then take no more requests at all, and end."""
        self._run_file.unlink(missing_ok=True)
        services: Services = self._app.state.services
        services.events.close()  # they would never end by themselves
        started_at = time.monotonic()
        await self._finish_predictions()
        left_s = GRACE_S - (time.monotonic() - started_at)
        self.config.timeout_graceful_shutdown = max(1, int(left_s))
        await super().shutdown(sockets)

    async def _finish_predictions(self) -> None:
        services: Services = self._app.state.services
        if waiting := services.supervisor.unfinished:
            log.info("stopping; waiting at most %d s for %d predictions that aren't finished", GRACE_S, waiting)
        finishing = asyncio.create_task(services.supervisor.finish(GRACE_S))
        while not finishing.done():
            if self.force_exit:
                await services.supervisor.finish(0)
            await asyncio.wait([finishing], timeout=0.1)

    def _run_facts(self, run_token: str) -> str:
        return json.dumps({"url": self.url, "token": run_token, "pid": os.getpid()})


def _protocol(
    app: Starlette, settings: Settings, default_headers: Callable[[], Sequence[tuple[bytes, bytes]]]
) -> type[Protocol]:
    """Return the protocol with a shortcut to this app and a limit of connections."""
    most = room_for(settings.max_connections)
    connections = Connections(most, settings.max_connections_per_address, settings.trusted_proxies)
    shortcut = Shortcut(app, settings.root_path, default_headers)
    return type("Protocol", (Protocol,), {"shortcut": shortcut, "connections_allowed": connections})


def _write_secret(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
