"""Rows as lines of text that either database can be filled from.

What JSON has stands as it is; moments are texts as SQLite keeps them, and bytes are base64. What a value becomes again
depends on the column that it is for.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

_BYTES = "base64"

Convert = Callable[[Any], Any]

_POSTGRES: Mapping[str, Convert] = {
    "timestamp with time zone": datetime.fromisoformat,
    "boolean": bool,
    "double precision": float,
}
"""By a column's type: from what SQLite may have kept."""


def to_line(table: str, row: Mapping[str, Any]) -> bytes:
    """Write one row."""
    return json.dumps([table, {name: _plain(value) for name, value in row.items()}]).encode() + b"\n"


def from_line(line: bytes) -> tuple[str, dict[str, Any]]:
    """Read what `to_line` wrote."""
    table, row = json.loads(line)
    return table, {name: _bytes(value) for name, value in row.items()}


def fitted(row: Mapping[str, Any], types: Mapping[str, str]) -> Sequence[Any]:
    """Return the values of a row as columns of these types take them, in the order of `types`."""
    return [_fitted(row[name], kind) for name, kind in types.items()]


def _fitted(value: Any, kind: str) -> Any:
    convert = _POSTGRES.get(kind)
    return value if value is None or convert is None else convert(value)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, bytes):
        return {_BYTES: base64.b64encode(value).decode()}
    return value


def _bytes(value: Any) -> Any:
    return base64.b64decode(value[_BYTES]) if isinstance(value, dict) else value
