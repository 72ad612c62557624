"""Strategies for requests that nobody would send: to every address there is, with odd parts, or damaged."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Sequence
from urllib.parse import quote

from hypothesis import strategies as st

from sluice.api.routing import RoleRoute

ENDLESS = "/api/v1/events"
"""Never answered to the end."""

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get")
_WORDS = (
    "name", "model", "preProcessing", "postProcessing", "dataFiles", "deadlineS", "workers", "memoryMb", "network",
    "inputs", "outputs", "shape", "datatype", "data", "parameters", "id", "binary_data_size", "role", "expiresAt",
    "code", "token", "password", "limit", "cursor", "sort", "q", "period", "trace", "fileName", "kind", "file", "x",
)  # fmt: skip
_HEADERS = (
    "Content-Type", "Content-Encoding", "Accept-Encoding", "Accept", "If-Match", "Idempotency-Key", "Sluice-Deadline",
    "X-Request-Id", "Inference-Header-Content-Length", "Origin", "Sec-Fetch-Site", "Cookie", "Expect", "Range",
    "Transfer-Encoding", "Upgrade", "Connection", "traceparent", "X-Forwarded-For", "Host", "Authorization",
)  # fmt: skip
_VALUES = (
    "application/json", "multipart/form-data; boundary=b", "multipart/form-data", "gzip", "deflate", "br", "*", "0",
    "-1", "1e9", "chunked", "100-continue", "h2c", "close", "bytes=0-", "same-origin", "null", "Bearer", "Basic eDp5",
)  # fmt: skip
_ODD = st.text(max_size=20) | st.text("./%\\\0\r\n\u202e:*{}é", max_size=8) | st.sampled_from(_WORDS)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | _ODD | st.sampled_from(("FP32", "INT64", "BYTES"))
_JSON = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(_WORDS) | _ODD, inner, max_size=5),
    max_leaves=12,
)


def _latin(text: str) -> str:
    """Return what of a text can stand in a head."""
    return re.sub(r"[^\x20-\x7e\xa0-\xff]", "?", text)


def _form(field: str, content: bytes) -> bytes:
    head = f'--b\r\nContent-Disposition: form-data; name="{field}"; filename="{field}.py"\r\n\r\n'
    return head.encode(errors="replace") + content + b"\r\n--b--\r\n"


def _bodies(examples: Sequence[bytes]) -> st.SearchStrategy[bytes]:
    written = _JSON.map(lambda value: json.dumps(value).encode(errors="surrogatepass"))
    plain = st.binary(max_size=200) | written | st.sampled_from(examples).flatmap(damaged)
    forms = st.builds(_form, st.sampled_from(("file", "name", "x")), plain)
    return plain | forms | (plain | forms).map(gzip.compress)


def requests(
    routes: Sequence[RoleRoute], names: Sequence[str], examples: Sequence[bytes], token: str
) -> st.SearchStrategy[bytes]:
    """Return a strategy of requests that are HTTP at least.

    Args:
        routes: all there are.
        names: of what is there.
        examples: good bodies, which are damaged.
        token: of an ADMIN, for most of them.
    """
    known = st.sampled_from(names)
    segment = (known | known | _ODD).map(lambda name: quote(name.encode(errors="replace"), safe="~"))

    def build(
        route: RoleRoute,
        parts: Sequence[str],
        method: str | None,
        query: Sequence[tuple[str, str]],
        headers: Sequence[tuple[str, str]],
        body: bytes,
        stranger: bool,
    ) -> bytes:
        left = iter(parts)
        path = re.sub(r"\{[^}]*\}", lambda _: next(left), route.path)
        own = sorted(route.actions.table)
        if query:
            path += "?" + "&".join(f"{key}={quote(value.encode(errors='replace'))}" for key, value in query)
        lines = [f"{method or own[len(body) % len(own)]} {path} HTTP/1.1"]
        lines += [f"{name}: {_latin(value)}" for name, value in headers]
        given = {name for name, _ in headers}
        if "Host" not in given:
            lines.append("Host: localhost")
        if not stranger:
            lines.append(f"Authorization: Bearer {token}")
        if "Transfer-Encoding" not in given:
            lines.append(f"Content-Length: {len(body)}")
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body

    return st.builds(
        build,
        st.sampled_from(routes),
        st.lists(segment, min_size=4, max_size=4),
        st.none() | st.none() | st.sampled_from(_METHODS),
        st.lists(st.tuples(st.sampled_from(_WORDS), _ODD), max_size=3),
        st.lists(st.tuples(st.sampled_from(_HEADERS), st.sampled_from(_VALUES) | _ODD), max_size=3),
        _bodies(examples),
        st.integers(0, 9).map(lambda number: number == 0),
    )


def damaged(content: bytes) -> st.SearchStrategy[bytes]:
    """Return a strategy of the same with pieces cut out, put in or exchanged."""
    cut = st.tuples(st.integers(0, len(content)), st.integers(0, 12), st.binary(max_size=12))

    def apply(cuts: list[tuple[int, int, bytes]]) -> bytes:
        told = content
        for at, length, put in cuts:
            told = told[:at] + put + told[at + length :]
        return told

    return st.lists(cut, max_size=3).map(apply)
