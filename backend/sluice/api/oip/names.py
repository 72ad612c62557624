"""From a name in the protocol, which knows models only, to a pipeline or a model of ours.

Pipelines and models are both models there. A pipeline shadows a model of its name, which stays reachable under
`model.<name>`; no new name may begin like that (`catalog.names`). Versions are revisions, of which the current one is
there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from starlette.requests import Request

from sluice.api.services import services
from sluice.catalog.names import MODEL_PREFIX, name_key
from sluice.catalog.snapshot import Snapshot
from sluice.entities import Model, Pipeline
from sluice.errors import NotFound


@dataclass(frozen=True)
class Served:
    """What a name stands for.

    Attributes:
        name: under which the caller knows it, spelt as it is kept.
        entity: the pipeline or model at its current revision.
    """

    name: str
    entity: Pipeline | Model

    @property
    def kind(self) -> Literal["pipeline", "model"]:
        """Which of the two it is, as `api.predicting.predict` wants it; beside `entity.name`."""
        return "pipeline" if isinstance(self.entity, Pipeline) else "model"

    @property
    def version(self) -> str:
        """The only one that is there."""
        return str(self.entity.revision)


def served(request: Request) -> Served:
    """Return what a request's path names by `{name}` and, in some, `{version}`.

    Raises:
        NotFound: there is no such pipeline or model, or it is at another version.
    """
    parameters = request.path_params
    return find(services(request).current.value, parameters["name"], parameters.get("version"))


def served_entity(request: Request) -> Pipeline | Model:
    """Return the same without its name; raises as `served`."""
    return served(request).entity


def find(snapshot: Snapshot, name: str, version: str | None = None) -> Served:
    """Return what a name stands for; case doesn't matter.

    Raises:
        NotFound: nothing has the name, or it is at another version.
    """
    found = _find(snapshot, name)
    if version is not None and version != found.version:
        raise NotFound(
            f"'{found.name}' has no version '{version}'. Only the current one is served: it is {found.version}."
        )
    return found


def all_served(snapshot: Snapshot) -> list[Served]:
    """Return all pipelines, then all models, each under the name that leads to it; what none leads to isn't in."""
    pipelines = [found for each in snapshot.pipelines if (found := _find(snapshot, each.name)).entity is each]
    return [*pipelines, *[Served(_name_of(model, snapshot), model) for model in snapshot.models]]


def _find(snapshot: Snapshot, name: str) -> Served:
    prefix, rest = name[: len(MODEL_PREFIX)], name[len(MODEL_PREFIX) :]
    # First of all: what was named like this before the prefix was reserved mustn't get into the way.
    if name_key(prefix) == MODEL_PREFIX and snapshot.has_model(rest):
        model = snapshot.model(rest)
        return Served(MODEL_PREFIX + model.name, model)
    if snapshot.has_pipeline(name):
        pipeline = snapshot.pipeline(name)
        return Served(pipeline.name, pipeline)
    if snapshot.has_model(name):
        model = snapshot.model(name)
        return Served(model.name, model)
    raise NotFound(f"There is no pipeline or model named '{name}'.")


def _name_of(model: Model, snapshot: Snapshot) -> str:
    plain = _find(snapshot, model.name)
    return model.name if plain.entity is model else MODEL_PREFIX + model.name
