"""How pipelines and models are doing, and whether they answer."""

from __future__ import annotations

from sluice.api.services import Services
from sluice.catalog.activity import check_active, why_inactive
from sluice.entities import Model, Pipeline
from sluice.environments.known import Environment
from sluice.environments.service import OFF
from sluice.errors import NotAvailable, PipelineBroken, SluiceError
from sluice.workers.state import PoolState


def environment_of(entity: Pipeline | Model, found: Services) -> Environment | None:
    """Return what a pipeline's scripts import, or None where there are none."""
    if not isinstance(entity, Pipeline) or not entity.has_scripts:
        return None
    return found.environments.get(entity.environment, [resource.header for resource in entity.resources()])


def state_of(entity: Pipeline | Model, found: Services) -> PoolState:
    """Return how it is doing; broken also where what its scripts import can't be installed."""
    if reason := why_inactive(entity):
        return PoolState("inactive", reason, "model")
    state, environment = found.supervisor.state(entity.revision_id), environment_of(entity, found)
    if state.state in ("idle", "broken") and (fault := found.kept_files.fault_of(entity)):
        return PoolState("broken", fault, "input")
    if state.state == "idle" and environment and environment.state in ("failed", "off"):
        return PoolState("broken", environment.reason or f"{environment.key} isn't installed. {OFF}", "environment")
    return state


def why_not_answering(entity: Pipeline | Model, found: Services) -> SluiceError | None:
    """Return the error that a prediction would get whatever it sends, or None where it would be run."""
    try:
        check_active(entity)
    except SluiceError as error:
        return error
    state, environment = state_of(entity, found), environment_of(entity, found)
    if state.state == "broken":
        return PipelineBroken(f"'{entity.name}' doesn't work: {state.reason}")
    if environment and environment.state == "building":
        return NotAvailable(f"The packages that the scripts of '{entity.name}' import are being installed.", 5)
    return None
