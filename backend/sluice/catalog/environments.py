"""Which environment a pipeline's scripts need, and how workers get it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from sluice.catalog.snapshot import Snapshot
from sluice.entities import Pipeline, Resource
from sluice.environments.folders import link
from sluice.environments.known import NotReady
from sluice.environments.service import Environments
from sluice.environments.standard import newest
from sluice.environments.wanted import Wanted
from sluice.errors import PipelineBroken
from sluice.workers.messages import Failure
from sluice.workers.shortage import NO_PROCESS
from sluice.workers.target import Environment
from sluice.workers.zygote import NotStarted
from sluice.workers.zygotes import Prepare

STILL_INSTALLING = "environment-building"
"""The kind of the failure of a pipeline that may load soon."""

UNREACHABLE = "index-unreachable"
"""The kind of the failure of a pipeline whose packages can't be had for now."""

PASSING = frozenset({STILL_INSTALLING, UNREACHABLE, NO_PROCESS})
"""The kinds of failures that trying again may mend."""


def in_environment(pipeline: Pipeline) -> Pipeline:
    """Return a pipeline whose scripts import what all headers name now, or else the newest standard."""
    wanted = _wanted(pipeline.resources())
    return replace(pipeline, environment=wanted.key if wanted else newest().key)


def own_environment(resource: Resource) -> str | None:
    """Return the key of what one script names by itself, or None where it names nothing."""
    wanted = _wanted([resource])
    return wanted.key if wanted else None


def to_import(pipeline: Pipeline, folder: Path) -> Environment | None:
    """Return what the workers of a pipeline import; None means the server's own libraries.

    Args:
        pipeline: keeps the environment that it was made with.
        folder: of all environments.
    """
    if not pipeline.has_scripts or pipeline.environment == newest().key:
        return None
    wanted = _wanted(pipeline.resources())
    return Environment(link(folder, pipeline.environment), wanted.requires if wanted else ())


def needed_environments(snapshot: Snapshot) -> set[str]:
    """Return the keys of what pipelines, and scripts by themselves, need."""
    of_scripts = (own_environment(resource) for resource in snapshot.resources)
    return {*(pipeline.environment for pipeline in snapshot.pipelines), *(key for key in of_scripts if key)}


def install_needed(environments: Environments, snapshot: Snapshot) -> None:
    """Begin to install what pipelines need and isn't there, such as after an upgrade of the server."""
    for pipeline in (pipeline for pipeline in snapshot.pipelines if pipeline.has_scripts):
        environments.start(pipeline.environment, [resource.header for resource in pipeline.resources()])


def preparing(environments: Environments) -> Prepare:
    """Return what workers wait for before they start in an environment."""

    async def prepare(environment: Environment) -> None:
        try:
            await environments.ready(environment.folder.parent.name, environment.requires)
        except NotReady as reason:
            kind = "environment-failed"
            if reason.building or reason.unreachable:
                kind = STILL_INSTALLING if reason.building else UNREACHABLE
            raise NotStarted(Failure("environment", kind, str(reason))) from None

    return prepare


def blamed(broken: PipelineBroken, pipeline: Pipeline) -> PipelineBroken:
    """Return the error of packages that can't be had with the headers that name them; `script` is there if one does."""
    headers = {each.name: each.header for each in pipeline.resources() if each.header and each.header.requires}
    if broken.details.get("step") != "environment" or not headers:
        return broken
    told = "; ".join(f"'{name}' (line {each.line}): {', '.join(each.requires)}" for name, each in headers.items())
    where: dict[str, Any] = {}
    if len(headers) == 1:
        ((script, header),) = headers.items()
        where = {"script": script, "line": header.line}
    message = f"{broken.message} What the headers name: {told}."
    return PipelineBroken(message, broken.retry_after_s, **{**broken.details, **where})


def _wanted(resources: Iterable[Resource]) -> Wanted | None:
    return Wanted.by(resource.header for resource in resources)
