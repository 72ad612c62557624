"""From the names of a new pipeline's parts to the parts: each must exist and be of the right kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sluice.catalog.names import name_key
from sluice.catalog.snapshot import Snapshot
from sluice.entities import Model, Pipeline, Policy, Resource
from sluice.errors import InvalidPipeline, NotFound


@dataclass(frozen=True)
class NewPipeline:
    """What a pipeline is to be made of; parts by name.

    Attributes:
        secrets: of a new one, by name; those of one that is there are set by themselves.
    """

    name: str
    model: str
    pre_processing: str | None = None
    post_processing: str | None = None
    data_files: Sequence[str] = ()
    policy: Policy = field(default_factory=Policy)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, pipeline: Pipeline) -> NewPipeline:
        """Return what would make the same pipeline again."""
        pre, post = pipeline.pre_processing, pipeline.post_processing
        return cls(
            name=pipeline.name,
            model=pipeline.model.name,
            pre_processing=pre.name if pre else None,
            post_processing=post.name if post else None,
            data_files=[file.name for file in pipeline.data_files],
            policy=pipeline.policy,
        )


@dataclass(frozen=True)
class Parts:
    """What a pipeline is made of."""

    model: Model
    pre_processing: Resource | None
    post_processing: Resource | None
    data_files: tuple[Resource, ...]
    sample: Resource | None = None

    @classmethod
    def resolved(cls, snapshot: Snapshot, new: NewPipeline) -> Parts:
        """Return the parts that a new pipeline names.

        Raises:
            InvalidPipeline: names every field that is wrong.
        """
        resolver = _Resolver(snapshot)
        model = resolver.model(new.model)
        pre = resolver.script("preProcessing", new.pre_processing)
        post = resolver.script("postProcessing", new.post_processing)
        files = resolver.data_files(new.data_files, [script for script in (pre, post) if script])
        sample = resolver.sample(new.policy.sample, files)
        if resolver.fields or model is None:
            raise InvalidPipeline(" ".join(dict.fromkeys(resolver.fields.values())), fields=resolver.fields)
        return cls(model, pre, post, files, sample)

    def of(self, pipeline: Pipeline, policy: Policy) -> Pipeline:
        """Return a pipeline with these parts, under this policy."""
        return replace(
            pipeline,
            model=self.model,
            pre_processing=self.pre_processing,
            post_processing=self.post_processing,
            data_files=self.data_files,
            policy=replace(policy, sample=self.sample.name if self.sample else None),
        )


class _Resolver:
    """Looks parts up and collects what is wrong, so that a form shows all of it at once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self.fields: dict[str, str] = {}

    def model(self, name: str) -> Model | None:
        try:
            return self._snapshot.model(name)
        except NotFound as error:
            self.fields["model"] = error.message
            return None

    def script(self, field: str, name: str | None) -> Resource | None:
        if name is None:
            return None
        resource = self._resource(field, name)
        if resource and resource.kind != "script":
            self.fields[field] = (
                f"'{resource.name}' is a {_KINDS[resource.kind]}. A step needs a script: "
                "a Python file with a function process(content)."
            )
        return resource

    def data_files(self, names: Sequence[str], scripts: Sequence[Resource]) -> tuple[Resource, ...]:
        taken = {name_key(script.name) for script in scripts}
        found = []
        for name in names:
            resource = self._resource("dataFiles", name)
            if resource is None:
                continue
            # They lie in one folder, on some systems without regard to case.
            if name_key(resource.name) in taken:
                self.fields["dataFiles"] = f"'{resource.name}' is in the pipeline already. Attach it once."
            elif resource.kind == "script":
                self.fields["dataFiles"] = (
                    f"'{resource.name}' is a script, which runs as a step. To import it from another script, "
                    "upload it as a module."
                )
            taken.add(name_key(resource.name))
            found.append(resource)
        return tuple(found)

    def sample(self, name: str | None, data_files: Sequence[Resource]) -> Resource | None:
        if name is None:
            return None
        found = next((file for file in data_files if name_key(file.name) == name_key(name)), None)
        if found is None:
            self.fields["sample"] = f"The sample '{name}' is none of the pipeline's data files. Attach it as one."
        return found

    def _resource(self, field: str, name: str) -> Resource | None:
        try:
            return self._snapshot.resource(name)
        except NotFound as error:
            self.fields[field] = error.message
            return None


_KINDS = {"script": "script", "module": "helper module", "data": "data file"}
