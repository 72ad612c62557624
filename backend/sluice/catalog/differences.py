"""Tells in sentences what is different about a model's or resource's next revision, and what nobody tried with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sluice.catalog.specs import described
from sluice.entities import Model, Pipeline, Resource
from sluice.tensors import TensorSpec


def model_changes(old: Model, new: Model, pipelines: Iterable[Pipeline]) -> list[str]:
    """Return what changed, and which pipelines were loaded without being tried on it.

    Args:
        old: what was replaced.
        new: what takes its place.
        pipelines: that use it.
    """
    given = list(_value_changes("input", old.facts.inputs, new.facts.inputs))
    returned = list(_value_changes("output", old.facts.outputs, new.facts.outputs))
    found = [*given, *returned]
    if not found:
        found.append("Inputs and outputs are the same as before.")
    opsets = {opset.domain: opset.version for opset in old.facts.opsets}
    for opset in new.facts.opsets:
        if opsets.get(opset.domain, opset.version) != opset.version:
            found.append(f"It uses opset {opset.version} of {opset.domain} now; it was {opsets[opset.domain]}.")
    for pipeline in pipelines:
        found.extend(_untried(pipeline, bool(given), bool(returned)))
    return found


def resource_changes(old: Resource, new: Resource, inspected: Iterable[str]) -> list[str]:
    """Return what changed about a resource's content.

    Args:
        old: what was replaced.
        new: what takes its place.
        inspected: what the texts of both tell.
    """
    if new.kind == "data":
        return [f"It has {new.size_bytes} bytes now; it had {old.size_bytes}."]
    before, after = _requires(old), _requires(new)
    added = [name for name in after if name not in before]
    dropped = [name for name in before if name not in after]
    found = list(inspected)
    if added:
        found.append(f"It requires {', '.join(added)} now.")
    if dropped:
        found.append(f"It doesn't require {', '.join(dropped)} any more.")
    return found


def rename_changes(old: Resource, new: Resource, pipelines: Iterable[Pipeline]) -> list[str]:
    """Return what a rename means, and which pipelines were loaded without being tried with it."""
    found = [f"It is called '{new.name}' now; it was '{old.name}'."]
    for pipeline in pipelines:
        is_file = any(file.id == new.id for file in pipeline.data_files)
        if is_file and pipeline.has_scripts and pipeline.policy.sample is None:
            found.append(f"{_not_tried(pipeline)} See that its scripts ask for '{new.name}' now.")
    return found


def _requires(resource: Resource) -> tuple[str, ...]:
    return resource.header.requires if resource.header else ()


def _value_changes(kind: str, old: Sequence[TensorSpec], new: Sequence[TensorSpec]) -> Iterator[str]:
    before, after = {spec.name: spec for spec in old}, {spec.name: spec for spec in new}
    renamed = {}
    for was, now in zip(old, new, strict=False):
        same = (was.type, was.dimensions) == (now.type, now.dimensions)
        if was.name not in after and now.name not in before and same:
            renamed[was.name] = now.name
    for was in old:
        if was.name in renamed:
            yield f"The {kind} '{was.name}' is called '{renamed[was.name]}' now."
        elif was.name not in after:
            yield f"The {kind} '{was.name}' is gone."
        elif described(was) != described(after[was.name]):
            yield f"The {kind} '{was.name}' is {described(after[was.name])} now; it was {described(was)}."
    for now in new:
        if now.name not in before and now.name not in renamed.values():
            yield f"The {kind} '{now.name}' is new: {described(now)}."
    # Post-processing gets the outputs by their places.
    if kind == "output" and before.keys() == after.keys() and list(before) != list(after):
        yield f"The outputs come in another order now: {', '.join(repr(name) for name in after)}."


def _untried(pipeline: Pipeline, given: bool, returned: bool) -> Iterator[str]:
    pre, post, tried = pipeline.pre_processing, pipeline.post_processing, pipeline.policy.sample is not None
    if given and pre is None:
        yield f"Callers of the pipeline '{pipeline.name}' must send what the model takes now."
    if returned and post is None:
        yield f"Callers of the pipeline '{pipeline.name}' get what the model returns now."
    to_see = []
    if given and pre:
        to_see.append(f"'{pre.name}' gives what the model takes now")
    if returned and post:
        to_see.append(f"'{post.name}' takes what the model returns now")
    if to_see and not tried:
        yield f"{_not_tried(pipeline)} See that {' and that '.join(to_see)}."


def _not_tried(pipeline: Pipeline) -> str:
    return f"The pipeline '{pipeline.name}' was loaded but not tried: it has no sample."
