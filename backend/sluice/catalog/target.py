"""From a pipeline or a bare model to what a worker is started with."""

from __future__ import annotations

from sluice.catalog.environments import to_import
from sluice.entities import Model, Pipeline, Policy, Resource, Secret
from sluice.storage.files import FileStore
from sluice.workers.target import Environment, Part, Target


def target_of(entity: Pipeline | Model, files: FileStore) -> Target:
    """Return what a worker of this pipeline, or of this model without scripts, needs."""
    if isinstance(entity, Model):
        return _target(entity, f"model '{entity.name}'", entity, files)

    def part(resource: Resource) -> Part:
        return Part(resource.name, files.path(resource.sha256))

    return _target(
        entity,
        f"pipeline '{entity.name}'",
        entity.model,
        files,
        pre=part(entity.pre_processing) if entity.pre_processing else None,
        post=part(entity.post_processing) if entity.post_processing else None,
        data=tuple(part(file) for file in entity.data_files),
        policy=entity.policy,
        environment=to_import(entity, files.environments),
        secrets=entity.secrets,
    )


def _target(
    entity: Pipeline | Model,
    label: str,
    model: Model,
    files: FileStore,
    *,
    pre: Part | None = None,
    post: Part | None = None,
    data: tuple[Part, ...] = (),
    policy: Policy | None = None,
    environment: Environment | None = None,
    secrets: tuple[Secret, ...] = (),
) -> Target:
    return Target(
        key=entity.revision_id,
        owner=entity.id,
        label=label,
        model=Part(model.file_name, files.path(model.sha256)),
        inputs=model.facts.inputs,
        outputs=model.facts.outputs,
        pre=pre,
        post=post,
        files=data,
        policy=policy or Policy(),
        environment=environment,
        secrets=secrets,
    )
