"""Starts a server: what takes long goes on side by side, and what can't work is told before anything is opened."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket

import uvloop

from sluice.ground import open_ground
from sluice.settings import Settings, is_loopback
from sluice.storage.importing import import_tortoise
from sluice.tls import encryption_of


class CannotListen(Exception):
    """The address can't be listened on; the message names the setting."""


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; a second one doesn't wait for running requests.

    Raises:
        CannotListen: the port is taken, or the address isn't this machine's.
        sluice.tls.CannotEncrypt: the certificate can't be used.
        sluice.storage.folder.CannotOpen: the data folder or its database can't be used.
    """
    gc.disable()  # until it listens, nothing is thrown away that would be worth looking for
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner, contextlib.suppress(asyncio.CancelledError):
        runner.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    main = asyncio.current_task()
    assert main is not None
    for number in (signal.SIGINT, signal.SIGTERM):  # until the server handles them
        asyncio.get_running_loop().add_signal_handler(number, main.cancel)
    encryption = encryption_of(settings)
    async with contextlib.AsyncExitStack() as stack:
        # Bound before anything is opened: a second start on the port fails at once and leaves no trace.
        listener = stack.enter_context(contextlib.closing(_bind(settings)))
        ground = await open_ground(settings, stack)
        # Only now, since the base zygote imports its half of all libraries meanwhile.
        import_tortoise()
        from sluice.app import create_app
        from sluice.server import Server

        app = create_app(settings, ground)
        server = Server(app, settings, listener, encryption)
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
        if settings.no_auth and not is_loopback(listener.getsockname()[0]):
            raise CannotListen(f"SLUICE_NO_AUTH: '{settings.host}' is no loopback address here")
    except OSError as error:
        reason = error.strerror or str(error)
        raise CannotListen(f"SLUICE_HOST {settings.host}, SLUICE_PORT {settings.port}: {reason}") from None
    return listener
