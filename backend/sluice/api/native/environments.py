"""Environments: what scripts import, and how the installation of it went."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sluice.api.native.answers import Accepted, Answer
from sluice.api.native.inputs import PathParameters
from sluice.api.native.listing import SORT, ListQuery, Order
from sluice.api.native.operation import Content, operation
from sluice.api.native.schemas.environments import EnvironmentBody, EnvironmentList, EnvironmentState, State
from sluice.api.native.tags import ENVIRONMENTS
from sluice.api.services import Services, services
from sluice.api.states import environment_of
from sluice.catalog.environments import own_environment
from sluice.entities import Pipeline, Resource
from sluice.environments.known import Environment
from sluice.environments.standard import newest
from sluice.environments.wanted import core_requirements
from sluice.errors import Conflict, DiskFull, NotFound
from sluice.storage.audit import Entry, Subject
from sluice.storage.transaction import note


class NamedEnvironment(PathParameters):
    """An environment's address."""

    key: str = Field(description="The environment's key.", examples=["standard-1"])


class EnvironmentQuery(ListQuery):
    """Which environments to list; their name is the key."""

    sort: Literal["key", "-key"] = Field("key", description=SORT)
    state: State | None = Field(None, description="Only those that are in this state.")


def _standard_first(environment: Environment) -> str:
    return f"{not environment.key.startswith('standard-'):d} {environment.key}"


_ORDER = Order[Environment](lambda environment: environment.key, {"key": _standard_first})


@operation(ENVIRONMENTS)
async def list_environments(request: Request, query: EnvironmentQuery) -> Answer[EnvironmentList]:
    """List the environments, and what each worker imports besides."""
    found = services(request)
    wanted = (
        each for each in found.environments.all() if query.matches(each.key) and query.state in (None, each.state)
    )
    page = _ORDER.page(wanted, query)
    return Answer(
        EnvironmentList(
            items=[_body(environment, found) for environment in page.items],
            next_cursor=page.next_cursor,
            enabled=found.environments.enabled,
            standard=newest().key,
            differing=found.environments.differing,
            core=list(core_requirements()),
        )
    )


@operation(ENVIRONMENTS, errors=[NotFound])
async def get_environment(request: Request, path: NamedEnvironment) -> Answer[EnvironmentBody]:
    """Tell how one environment is doing."""
    found = services(request)
    return Answer(_body(found.environments.get(path.key), found))


@operation(
    ENVIRONMENTS,
    errors=[NotFound],
    gives=Content({"text/plain": {"type": "string"}}, "What the installer said; empty where nothing was installed."),
)
async def get_environment_log(request: Request, path: NamedEnvironment) -> Response:
    """Send what the last build of it said, as text."""
    return PlainTextResponse(services(request).environments.log(path.key))


@operation(ENVIRONMENTS, errors=[NotFound, Conflict, DiskFull])
async def rebuild_environment(request: Request, path: NamedEnvironment) -> Accepted[EnvironmentBody]:
    """Begin to install it anew; where versions are settled, in the same versions."""
    found = services(request)
    found.environments.check_rebuilding(path.key)
    await note(Entry("environment.rebuild", Subject("environment", path.key, path.key)))
    found.environments.rebuild(path.key)
    return Accepted(_body(found.environments.get(path.key), found))


def environment_of_script(resource: Resource, found: Services) -> EnvironmentState | None:
    """Return how what a script names by itself is doing, or None where it names nothing."""
    key = own_environment(resource)
    return None if key is None else _state(found.environments.get(key, [resource.header]))


def environment_of_pipeline(pipeline: Pipeline, found: Services) -> EnvironmentState | None:
    """Return how what a pipeline's scripts import is doing, or None where it has no scripts."""
    environment = environment_of(pipeline, found)
    return None if environment is None else _state(environment)


def _state(environment: Environment) -> EnvironmentState:
    return EnvironmentState(
        key=environment.key,
        state=environment.state,
        requires=list(environment.requires),
        reason=environment.reason,
        log=f"environments/{environment.key}/log",
    )


def _body(environment: Environment, found: Services) -> EnvironmentBody:
    snapshot = found.current.value
    return EnvironmentBody(
        **dict(_state(environment)),
        packages=list(environment.packages),
        finished_at=environment.finished_at,
        used_by=[each.name for each in snapshot.pipelines if each.has_scripts and each.environment == environment.key],
    )
