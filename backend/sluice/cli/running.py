"""Runs what a command does, ends it well at a signal, and says in one line what went wrong.

0    done
1    it was done, or tried, and failed: the server refused, a file has no answer, a pipeline is broken
2    the command line, a setting or a file that the command reads is wrong; nothing was done
130  interrupted (143 by SIGTERM)
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    import httpx2

    from sluice.settings import Settings

FAILED = 1
USAGE = 2
INTERRUPTED = 128 + signal.SIGINT
TERMINATED = 128 + signal.SIGTERM

T = TypeVar("T")


def settings_of(**flags: str | None) -> Settings:
    """Return the settings; a wrong one ends the command."""
    from sluice.settings import Settings, SettingsError

    try:
        return Settings.load(**flags)
    except SettingsError as error:
        fail(str(error), USAGE)


def call(
    work: Callable[[httpx2.AsyncClient], Awaitable[T]],
    data_dir: str | None,
    url: str | None,
    secret: str | None,
    *,
    make_folder: bool = True,
) -> T:
    """Return what `work` returns when it is given a client of the server that is meant.

    Args:
        work: what the command does.
        data_dir: as all the following, the command's option.
        url: likewise.
        secret: likewise.
        make_folder: whether a data folder that isn't there is made.
    """
    settings = settings_of(data_dir=data_dir)
    from sluice.client import connected

    async def called() -> T:
        async with connected(settings, url, secret, make_folder=make_folder) as client:
            return await work(client)

    return run(called(), settings)


def run(work: Coroutine[Any, Any, T], settings: Settings, log_level: str = "warning") -> T:
    """Return what `work` returns; whatever ends it otherwise ends the command, once it has cleaned up."""
    from sluice import logs
    from sluice.client import CallFailed, NotSaid
    from sluice.storage.folder import CannotOpen

    logs.configure(log_level, settings.log_format)
    try:
        return asyncio.run(_until_terminated(work))
    except NotSaid as missing:
        fail(str(missing), USAGE)
    except (CallFailed, CannotOpen) as error:
        fail(str(error), FAILED)
    except OSError as error:
        if isinstance(error, BrokenPipeError):  # whoever reads has read enough
            raise
        fail(str(error), FAILED)
    except KeyboardInterrupt:
        fail("interrupted.", INTERRUPTED)
    except asyncio.CancelledError:
        fail("terminated.", TERMINATED)


async def _until_terminated(work: Coroutine[Any, Any, T]) -> T:
    task = asyncio.current_task()
    assert task is not None
    # SIGINT is cared for by asyncio itself, in the same way.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await work


def told(message: str) -> None:
    """Say on standard error what the person should know."""
    print(f"sluice: {message}", file=sys.stderr)


def fail(message: str, status: int) -> NoReturn:
    """Say what is wrong and end the command."""
    told(message)
    raise typer.Exit(status)
