"""How a request is compressed, and how its answer may be: `gzip` and `deflate`.

Source: RFC 9110, sections 8.4 and 12.5.3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from starlette.requests import Request

from sluice.errors import BadRequest

_ALIASES = {"gzip": "gzip", "x-gzip": "gzip", "deflate": "deflate"}


class Accepted(NamedTuple):
    """How an answer may be compressed.

    Attributes:
        coding: the best, or nothing.
        alone: whether the client named no other: libraries send a list by themselves, so that says little of its wish.
    """

    coding: str
    alone: bool


def coding_of(request: Request) -> str:
    """Return how the body is compressed, or nothing.

    Raises:
        BadRequest: in a way that isn't known here.
    """
    said = [part.strip().lower() for part in ",".join(request.headers.getlist("content-encoding")).split(",")]
    codings = [part for part in said if part not in ("", "identity")]
    if not codings:
        return ""
    if len(codings) > 1 or codings[0] not in _ALIASES:
        raise BadRequest(f"The Content-Encoding '{', '.join(codings)[:100]}' isn't known here; send gzip or deflate.")
    return _ALIASES[codings[0]]


def accepted(values: Sequence[str]) -> Accepted:
    """Return what the headers `Accept-Encoding` allow."""
    best, best_weight = "", 0.0
    named = [part for part in ",".join(values).split(",") if part.strip()]
    for part in named:
        name, _, parameter = part.partition(";")
        coding, weight = _ALIASES.get(name.strip().lower(), ""), _weight(parameter)
        if coding and weight > best_weight:
            best, best_weight = coding, weight
    return Accepted(best, len(named) == 1)


def _weight(parameter: str) -> float:
    key, _, value = parameter.partition("=")
    if key.strip().lower() != "q":
        return 1.0
    try:
        return min(max(float(value), 0.0), 1.0)
    except ValueError:
        return 0.0
