"""Ids and times, as every row keeps them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4


def new_id() -> str:
    """Return an id that nothing else has."""
    return uuid4().hex


def now() -> datetime:
    """Return the time in UTC."""
    return datetime.now(UTC)
