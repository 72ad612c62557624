"""Serves the application on a socket until a signal ends it, and tells people and other commands how to reach it."""

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
from starlette.applications import Starlette

from sluice import __version__
from sluice.api.hosts import Hosts
from sluice.api.services import Services
from sluice.connections import Connections, room_for
from sluice.protocol import Protocol
from sluice.settings import Settings, is_loopback
from sluice.shortcut import Shortcut
from sluice.storage.folder import RUN_FILE
from sluice.tls import HANDSHAKE_S, LOOK_EVERY_S, Encryption

log = logging.getLogger(__name__)

KEEP_ALIVE_S = 75
"""Longer than common proxies keep a connection, so that it's them who close it."""

GRACE_S = 10


class Server(uvicorn.Server):
    """uvicorn with our protocol, our signals, and a word when it really listens."""

    def __init__(
        self, app: Starlette, settings: Settings, listener: socket.socket, encryption: Encryption | None
    ) -> None:
        most = room_for(settings.max_connections)
        self._connections = Connections(most, settings.max_connections_per_address, settings.trusted_proxies)
        super().__init__(
            uvicorn.Config(
                app,
                http=_protocol(app, settings, self._connections, lambda: self.server_state.default_headers),
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
        self._encryption = encryption
        self._run_file = settings.data_dir / RUN_FILE
        self._following: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where this machine reaches the server."""
        host, port = self._listener.getsockname()[:2]
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        scheme = "http" if self._encryption is None else "https"
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}{self._settings.root_path}"

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
        services: Services = self._app.state.services
        self._connections.count_in(services.connection_counts)
        # What uvicorn's own does, but with a deadline for shaking hands.
        self.servers = [
            await asyncio.get_running_loop().create_server(
                self._new_connection,
                sock=self._listener,
                backlog=self.config.backlog,
                ssl=None if self._encryption is None else self._encryption.context,
                ssl_handshake_timeout=None if self._encryption is None else HANDSHAKE_S,
            )
        ]
        self.started = True
        gc.freeze()  # what is there now stays: looking through it, even once, would hold calls up
        gc.enable()
        self._write_run_file()
        if self._encryption is not None:
            self._following = asyncio.create_task(self._follow_renewals(self._encryption))
        print(f"Sluice {__version__} is running on {self.url}/\n{self._how_to_enter(services.link_code)}", flush=True)
        if not is_loopback(self._settings.host):
            log.warning("%s", self._who_reaches_it())

    def _how_to_enter(self, link_code: str) -> str:
        if self._settings.no_auth:
            return "Nobody is asked who they are (no-auth): whoever uses this machine may do everything."
        return f"Sign in by this link, which works once: {self.url}/welcome#code={link_code}"

    def _who_reaches_it(self) -> str:
        """Return what whoever has it listen beyond this machine should know."""
        told = [f"Other machines reach it (SLUICE_HOST {self._settings.host})."]
        if not self._settings.allowed_hosts:
            names = ", ".join(name for name in Hosts(self._settings).names if not name.startswith("*"))
            told.append(f"It answers to addresses and {names}; SLUICE_ALLOWED_HOSTS adds names.")
        if self._encryption is None and not self._settings.trusted_proxies:
            told.append("Passwords and tokens travel unencrypted, unless a proxy encrypts or SLUICE_TLS_CERT is set.")
        return " ".join(told)

    def _new_connection(self) -> asyncio.Protocol:
        protocol: type[Protocol] = self.config.http_protocol_class  # type: ignore[assignment]
        return protocol(self.config, self.server_state, self.lifespan.state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Refuse new predictions while those that are there finish, then take no more requests at all, and end."""
        if self._following is not None:
            self._following.cancel()
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

    async def _follow_renewals(self, encryption: Encryption) -> None:
        """Use what renews the certificate on disk, and tell other commands by which they know the server then."""
        told = encryption.certificate
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            await asyncio.to_thread(encryption.renew)
            if encryption.certificate != told:
                try:
                    self._write_run_file()
                    told = encryption.certificate
                except OSError:
                    log.warning("couldn't tell this machine's commands of the renewed certificate", exc_info=True)

    def _write_run_file(self) -> None:
        """Tell other commands how to reach the server; in no thread, so that it is never done behind `shutdown`."""
        services: Services = self._app.state.services
        facts = {"url": self.url, "token": services.run_token, "pid": os.getpid()}
        if self._encryption is not None:
            facts["certificate"] = self._encryption.certificate
        _write_secret(self._run_file, json.dumps(facts))


def _protocol(
    app: Starlette,
    settings: Settings,
    connections: Connections,
    default_headers: Callable[[], Sequence[tuple[bytes, bytes]]],
) -> type[Protocol]:
    """Return the protocol with a shortcut to this app and a limit of connections."""
    # With no-auth, wrong credentials are as good as none, which is for the ordinary way to say.
    shortcut = None if settings.no_auth else Shortcut(app, settings.root_path, default_headers, Hosts(settings).allows)
    return type("Protocol", (Protocol,), {"shortcut": shortcut, "connections_allowed": connections})


def _write_secret(path: Path, text: str) -> None:
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    draft.replace(path)
