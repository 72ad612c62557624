"""The APIs side by side: each is a set of addresses and a way to say what went wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from sluice.api.errors import RETRY_HEADER, unrouted_detail
from sluice.api.routing import RoleRoute
from sluice.errors import SluiceError


class Refusal(Protocol):
    """Writes the answer to an error that a caller may see."""

    def __call__(self, error: SluiceError, *, ask_for_password: bool = False) -> Response:
        """Return it; see `api.errors.add_headers`."""


@dataclass(frozen=True)
class Dialect:
    """One API over the services that all share; no dialect knows another.

    Attributes:
        name: by which the audit log tells them apart.
        prefix: of its addresses, without a slash at the end.
        routes: all of them.
        refusal: writes the answer to an error of ours.
        unrouted: writes the answer to what the router refuses: status and a sentence.
        unforeseen: writes the answer to an exception that nobody foresaw; it tells nothing but where to look it up.
    """

    name: str
    prefix: str
    routes: Sequence[RoleRoute] = field(repr=False)
    refusal: Refusal
    unrouted: Callable[[int, str], Response]
    unforeseen: Callable[[], Response]


class Dialects:
    """Finds the dialect of a path.

    Args:
        others: the ones with addresses of their own.
        rest: has all other paths.
    """

    def __init__(self, others: Sequence[Dialect], rest: Dialect) -> None:
        self._others = others
        self._rest = rest
        self.routes = [route for dialect in (*others, rest) for route in dialect.routes]

    def of(self, scope: Scope) -> Dialect:
        """Return the dialect in which to answer a request."""
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        for dialect in self._others:
            if path.startswith(dialect.prefix) and path[len(dialect.prefix) :][:1] in ("", "/"):
                return dialect
        return self._rest

    async def handle_error(self, request: Request, error: Exception) -> Response:
        """Answer an error of ours that an endpoint raised."""
        assert isinstance(error, SluiceError)
        return self.of(request.scope).refusal(error)

    async def handle_http_exception(self, request: Request, error: Exception) -> Response:
        """Answer what the router itself refuses: no such path, no such method."""
        assert isinstance(error, HTTPException)
        detail = unrouted_detail(request.method, error.status_code, error.detail)
        answer = self.of(request.scope).unrouted(error.status_code, detail)
        answer.headers.update({RETRY_HEADER: "no", **(error.headers or {})})
        return answer
