"""Routes that can't exist without saying who may call them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Receive, Scope, Send

from sluice.entities import Identity, Role, Versioned
from sluice.errors import NoCredentials, NotAllowed, NotFound

Endpoint = Callable[[Request], Awaitable[Response]]
Finder = Callable[[Request], Versioned]
"""Returns what a request is about."""

IDENTITY = "sluice.identity"
"""Key of the scope under which the guard leaves who is calling."""


@dataclass(frozen=True)
class Action:
    """What one method of one path does, and the least role for it; None is open to everybody.

    Attributes:
        finder: where the role is PREDICT and it is about a pipeline: finds that, for callers who may use some only.
    """

    role: Role | None
    endpoint: Endpoint
    finder: Finder | None = None


class Actions:
    """An ASGI app over a method table: checks the role, serves HEAD and OPTIONS, refuses the rest with `Allow`."""

    def __init__(self, table: Mapping[str, Action]) -> None:
        self.table = dict(table)
        if "GET" in table:
            self.table["HEAD"] = table["GET"]
        self.allow = ", ".join(sorted({*self.table, "OPTIONS"}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        action = self.table.get(scope["method"])
        request = Request(scope, receive, send)
        if action is not None:
            check_role(action, request)
            response = await action.endpoint(request)
        elif scope["method"] == "OPTIONS":
            response = Response(status_code=204, headers={"Allow": self.allow})
        else:
            raise HTTPException(405, headers={"Allow": self.allow})
        await response(scope, receive, send)


class RoleRoute(Route):
    """One path with its method table, `actions`.

    Args:
        path: as Starlette writes it.
        table: what each method does.
        name: what endpoints find as `name` among the parameters of a path that has none.
    """

    def __init__(self, path: str, table: Mapping[str, Action], name: str | None = None) -> None:
        self.actions = Actions(table)
        self._fixed = {} if name is None else {"name": name}
        super().__init__(path, self.actions, name=path)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Tell whether a request is for this route, and with which parameters."""
        match, found = super().matches(scope)
        if match is not Match.NONE:
            found["path_params"] |= self._fixed
        return match, found


def route(path: str, finder: Finder | None = None, **methods: tuple[Role | None, Endpoint]) -> RoleRoute:
    """Return the route of a path, as in `route("/models", GET=(Role.READ, list_models))`; see `Action.finder`."""
    return RoleRoute(path, {method: Action(role, endpoint, finder) for method, (role, endpoint) in methods.items()})


def with_action(named: RoleRoute, name: str, role: Role | None, endpoint: Endpoint) -> RoleRoute:
    """Return the route of a POST to an action beside things with names; something may have the action's name too.

    Args:
        named: the route of those things, `.../{name}`; comes after this one.
        name: of the action.
        role: the least for it.
        endpoint: what it does.
    """
    table = {**named.actions.table, "POST": Action(role, endpoint)}
    return RoleRoute(named.path.replace("{name}", name), table, name)


def is_public(routes: Sequence[BaseRoute], scope: Scope) -> bool:
    """Tell whether a request needs no credentials: its path and method are declared so. All else does."""
    for candidate in routes:
        if candidate.matches(scope)[0] is not Match.NONE:
            action = candidate.actions.table.get(scope["method"]) if isinstance(candidate, RoleRoute) else None
            return action is not None and action.role is None
    return False


def identity_of(request: Request) -> Identity:
    """Return who is calling; only for routes that have a role."""
    identity: Identity = request.scope[IDENTITY]
    return identity


def check_role(action: Action, request: Request) -> None:
    """Refuse a caller whose role doesn't suffice, or who is bound to other pipelines.

    Raises:
        NotSignedIn: nobody is known to be calling.
        NotAllowed: the caller may not do this.
    """
    identity: Identity | None = request.scope.get(IDENTITY)
    check_identity(action, identity)
    if identity is not None and identity.role is Role.PREDICT and action.finder is not None:
        check_bound(identity, partial(action.finder, request))


def check_identity(action: Action, identity: Identity | None) -> None:
    """Refuse a caller whose role doesn't suffice; raises as `check_role`."""
    if action.role is None:
        return
    if identity is None:
        raise NoCredentials("Sign in, or send an API token.")
    if not identity.role.allows(action.role):
        raise NotAllowed(f"This needs the role {action.role}; '{identity.name}' has the role {identity.role}.")


def check_bound(identity: Identity, find: Callable[[], Versioned]) -> None:
    """Refuse a caller of role PREDICT what isn't a pipeline of its own, whether or not it is there.

    Raises:
        NotAllowed: it isn't.
    """
    try:
        allowed = find().id in (identity.pipelines or ())
    except NotFound:
        allowed = False
    if not allowed:
        raise NotAllowed(f"'{identity.name}' may use pipelines of its own only, and there is none of this name.")
