"""What the drivers of both databases raise, without importing the one that isn't in use."""

from __future__ import annotations

import sys


def raised(*own: type[Exception], postgres: tuple[str, ...]) -> tuple[type[Exception], ...]:
    """Return what an `except` is for.

    Args:
        own: exceptions of what is always imported.
        postgres: names of asyncpg's; where that was never imported it can't have raised any.
    """
    asyncpg = sys.modules.get("asyncpg")
    return (*own, *(getattr(asyncpg, name) for name in postgres)) if asyncpg else own
