"""The catalog in memory: every request reads one snapshot, every change puts a new one in its place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

from sluice.catalog.names import name_key
from sluice.entities import Model, Pipeline, Resource
from sluice.errors import NotFound

Entity = Model | Resource | Pipeline
E = TypeVar("E", Model, Resource, Pipeline)


@dataclass(frozen=True)
class Snapshot:
    """All models, resources and pipelines at one moment, each ordered by name."""

    models: tuple[Model, ...] = ()
    resources: tuple[Resource, ...] = ()
    pipelines: tuple[Pipeline, ...] = ()

    @classmethod
    def of(cls, models: Iterable[Model], resources: Iterable[Resource], pipelines: Iterable[Pipeline]) -> Snapshot:
        """Return a snapshot of these, in whatever order they come."""
        return cls(_ordered(models), _ordered(resources), _ordered(pipelines))

    def model(self, name: str) -> Model:
        """Return the model of this name; case doesn't matter.

        Raises:
            NotFound: there is none.
        """
        return _found(self._models.get(name_key(name)), "model", name)

    def resource(self, name: str) -> Resource:
        """Return the resource of this name; case doesn't matter.

        Raises:
            NotFound: there is none.
        """
        return _found(self._resources.get(name_key(name)), "resource", name)

    def pipeline(self, name: str) -> Pipeline:
        """Return the pipeline of this name; case doesn't matter.

        Raises:
            NotFound: there is none.
        """
        return _found(self._pipelines.get(name_key(name)), "pipeline", name)

    def has_model(self, name: str) -> bool:
        """Tell whether the name is taken among models."""
        return name_key(name) in self._models

    def has_resource(self, name: str) -> bool:
        """Tell whether the name is taken among resources."""
        return name_key(name) in self._resources

    def has_pipeline(self, name: str) -> bool:
        """Tell whether the name is taken among pipelines."""
        return name_key(name) in self._pipelines

    def pipelines_using(self, part: Model | Resource) -> tuple[str, ...]:
        """Return the names of the pipelines that need a model or a resource, ordered."""
        return tuple(pipeline.name for pipeline in self.users_of(part))

    def users_of(self, part: Model | Resource) -> tuple[Pipeline, ...]:
        """Return the pipelines that need a model or a resource, ordered by name."""
        return tuple(self._users.get(part.id, ()))

    def find(self, id: str) -> Entity | None:
        """Return what has this id, at its current revision, if it wasn't deleted."""
        return self._by_id.get(id)

    def adding(self, entity: Entity) -> Snapshot:
        """Return a snapshot with one more."""
        match entity:
            case Model():
                return replace(self, models=_ordered((*self.models, entity)))
            case Resource():
                return replace(self, resources=_ordered((*self.resources, entity)))
            case Pipeline():
                return replace(self, pipelines=_ordered((*self.pipelines, entity)))

    def replacing(self, entities: Iterable[Entity]) -> Snapshot:
        """Return a snapshot with other revisions of some."""
        changed = self
        for entity in entities:
            changed = changed.removing(entity).adding(entity)
        return changed

    def removing(self, entity: Entity) -> Snapshot:
        """Return a snapshot without it."""
        return replace(
            self,
            models=_without(self.models, entity),
            resources=_without(self.resources, entity),
            pipelines=_without(self.pipelines, entity),
        )

    @cached_property
    def _models(self) -> dict[str, Model]:
        return {name_key(model.name): model for model in self.models}

    @cached_property
    def _resources(self) -> dict[str, Resource]:
        return {name_key(resource.name): resource for resource in self.resources}

    @cached_property
    def _pipelines(self) -> dict[str, Pipeline]:
        return {name_key(pipeline.name): pipeline for pipeline in self.pipelines}

    @cached_property
    def _by_id(self) -> dict[str, Entity]:
        entities: list[Entity] = [*self.models, *self.resources, *self.pipelines]
        return {entity.id: entity for entity in entities}

    @cached_property
    def _users(self) -> dict[str, list[Pipeline]]:
        users: dict[str, list[Pipeline]] = {}
        for pipeline in self.pipelines:
            # A set: one resource may be both scripts of a pipeline.
            for part_id in {pipeline.model.id, *(resource.id for resource in pipeline.resources())}:
                users.setdefault(part_id, []).append(pipeline)
        return users


class Current:
    """Where everybody reads the newest snapshot."""

    def __init__(self, value: Snapshot | None = None) -> None:
        self.value = value or Snapshot()


def _ordered(entities: Iterable[E]) -> tuple[E, ...]:
    return tuple(sorted(entities, key=lambda entity: (name_key(entity.name), entity.id)))


def _without(entities: tuple[E, ...], gone: Entity) -> tuple[E, ...]:
    return tuple(entity for entity in entities if entity.id != gone.id)


def _found(entity: E | None, kind: str, name: str) -> E:
    if entity is None:
        raise NotFound(f"There is no {kind} named '{name}'.", kind, name)
    return entity
