"""Passwords: hashed by argon2id, a few at a time and beside the event loop, so that a flood of them takes no memory.

Source: RFC 9106, section 4; OWASP Password Storage Cheat Sheet.
"""

from __future__ import annotations

import asyncio
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from sluice.access.secret import TOKEN_PREFIX
from sluice.errors import NotAvailable, Unprocessable

MEMORY_KIB = 64 * 1024
AT_ONCE = 2
"""How many are hashed at the same time; so all of them together take `AT_ONCE * MEMORY_KIB`."""

MOST_WAITING = 32
LEAST_CHARACTERS, MOST_CHARACTERS = 10, 1000

_HASHER = PasswordHasher(time_cost=3, memory_cost=MEMORY_KIB, parallelism=1)
_NICENESS = 5  # who signs in can wait, calls of pipelines can't

T = TypeVar("T")


class Passwords:
    """Hashes and verifies; lives as long as the server."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "password", _stand_back)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return what is kept of a password.

        Raises:
            NotAvailable: too many wait already.
        """
        return await self._run(lambda: _HASHER.hash(_normal(password)))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Tell whether it is the password; without a hash it takes as long and is never.

        Raises:
            NotAvailable: too many wait already.
        """
        return await self._run(lambda: _verify(password_hash, _normal(password)))

    def close(self) -> None:
        """Start no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= MOST_WAITING:
            raise NotAvailable("Too many sign in at the same time. Try again.", retry_after_s=5)
        self._waiting += 1
        running = asyncio.get_running_loop().run_in_executor(self._threads, work)
        # Counted until it has really ended: whoever waits for it may leave earlier.
        running.add_done_callback(self._ended)
        return await asyncio.shield(running)

    def _ended(self, running: asyncio.Future[T]) -> None:
        self._waiting -= 1
        if not running.cancelled():
            running.exception()


def check_new_password(password: str, field: str = "password") -> None:
    """Refuse a password that is too short, or that looks like something else.

    Raises:
        Unprocessable: it can't be one; blames `field`.
    """
    message = ""
    if len(_normal(password)) < LEAST_CHARACTERS:
        message = f"A password needs at least {LEAST_CHARACTERS} characters."
    elif len(password) > MOST_CHARACTERS:
        message = f"A password has at most {MOST_CHARACTERS} characters."
    elif password.startswith(TOKEN_PREFIX):
        message = f"What begins with {TOKEN_PREFIX} is an API token. Choose another password."
    elif any(unicodedata.category(character) in ("Cc", "Cs") for character in password):
        message = "A password can't have control characters."
    if message:
        raise Unprocessable(message, fields={field: message})


def _normal(password: str) -> str:
    """Return the form in which passwords are compared: keyboards write the same letter in several ways.

    Source: RFC 8265, section 4.2.
    """
    return unicodedata.normalize("NFC", password)


def _verify(password_hash: str | None, password: str) -> bool:
    if password_hash is None:
        _HASHER.hash(password)  # takes as long
        return False
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _stand_back() -> None:
    os.nice(_NICENESS)  # of this thread alone, on Linux
