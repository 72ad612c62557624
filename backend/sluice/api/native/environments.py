"""Environments: what scripts import, and how the installation of it went."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from sluice.api.native.schemas import EnvironmentBody, EnvironmentList, EnvironmentState, json_response
from sluice.api.services import Services, services
from sluice.api.states import environment_of
from sluice.catalog.environments import own_environment
from sluice.entities import Pipeline, Resource
from sluice.environments.known import Environment
from sluice.environments.standard import newest
from sluice.environments.wanted import core_requirements


async def list_environments(request: Request) -> Response:
    """List the environments, and what each worker imports besides."""
    found = services(request)
    return json_response(
        EnvironmentList(
            items=[_body(environment, found) for environment in found.environments.all()],
            enabled=found.environments.enabled,
            standard=newest().key,
            differing=found.environments.differing,
            core=list(core_requirements()),
        )
    )


async def get_environment(request: Request) -> Response:
    """Tell how one environment is doing."""
    found = services(request)
    return json_response(_body(found.environments.get(request.path_params["key"]), found))


async def get_environment_log(request: Request) -> Response:
    """Send what the last build of it said, as text."""
    return PlainTextResponse(services(request).environments.log(request.path_params["key"]))


async def rebuild_environment(request: Request) -> Response:
    """Begin to install it anew; where versions are settled, in the same versions."""
    found, key = services(request), request.path_params["key"]
    found.environments.rebuild(key)
    return json_response(_body(found.environments.get(key), found), 202)


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
