"""What the audit log tells of changes of models, resources and pipelines."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any

from sluice.entities import Model, Pipeline, Resource
from sluice.storage.audit import Entry, Subject

Thing = Model | Resource | Pipeline

_MOST_CHARACTERS = 200  # of a value; a description may be longer


def subject_of(thing: Thing) -> Subject:
    """Return it as the subject of an entry."""
    return Subject(type(thing).__name__.lower(), thing.name, thing.id)


def entry_of(thing: Thing, verb: str, **detail: Any) -> Entry:
    """Return the entry of something done to a thing, such as `pipeline.retry`."""
    subject = subject_of(thing)
    return Entry(f"{subject.kind}.{verb}", subject, detail)


def added(thing: Thing) -> Entry:
    """Return the entry of a new thing."""
    return entry_of(thing, "add", **(_parts(thing) if isinstance(thing, Pipeline) else _content(thing)))


def deleted(things: Iterable[Thing]) -> list[Entry]:
    """Return the entries of things that go."""
    return [entry_of(thing, "delete", revision=thing.revision) for thing in things]


def replaced(old: Thing, new: Thing, pipelines: Iterable[Pipeline] = ()) -> Entry:
    """Return the entry of a thing's next revision.

    Args:
        old: its revision until now.
        new: the next one.
        pipelines: that follow it.
    """
    detail: dict[str, Any] = {"revision": new.revision}
    if names := [pipeline.name for pipeline in pipelines]:
        detail["pipelines"] = names
    if not isinstance(old, Pipeline) and not isinstance(new, Pipeline) and old.sha256 != new.sha256:
        return entry_of(new, "replace", **detail | _content(new))
    changes = dict(_differences(_said(old), _said(new)))
    return entry_of(new, _verb(changes), **detail, changes=changes)


def _verb(changes: Mapping[str, Any]) -> str:
    if set(changes) == {"active"}:
        return "activate" if changes["active"]["to"] else "deactivate"
    return "rename" if set(changes) == {"name"} else "change"


def _content(thing: Model | Resource) -> dict[str, Any]:
    return {"sizeBytes": thing.size_bytes, "sha256": thing.sha256}


def _said(thing: Thing) -> dict[str, Any]:
    """Return what people set of it."""
    if isinstance(thing, Model):
        return {"name": thing.name, "description": thing.description, "active": thing.active}
    if isinstance(thing, Resource):
        return {"name": thing.name}
    policy = {_camel(key): value for key, value in asdict(thing.policy).items()}
    # Only of which names they are is told.
    policy |= {"variables": dict(thing.policy.variables), "secrets": {one.name: one.sealed for one in thing.secrets}}
    return {"name": thing.name, **_parts(thing), "environment": thing.environment, **policy}


def _parts(pipeline: Pipeline) -> dict[str, Any]:
    pre, post = pipeline.pre_processing, pipeline.post_processing
    return {
        "model": pipeline.model.name,
        "preProcessing": pre.name if pre else None,
        "postProcessing": post.name if post else None,
        "dataFiles": [file.name for file in pipeline.data_files],
    }


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, now in new.items():
        was = old[key]
        if was == now:
            continue
        if isinstance(now, Mapping):  # of names and values that say more than is to be told of them
            before = was or {}
            names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
            yield key, {"names": names}
        else:
            yield key, {"from": _shortened(was), "to": _shortened(now)}


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > _MOST_CHARACTERS:
        return value[: _MOST_CHARACTERS - 1] + "…"
    return value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(part.capitalize() for part in rest)
