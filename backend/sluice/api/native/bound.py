"""Which pipelines the role PREDICT is bound to: kept by id, given and shown by name."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from sluice.api.services import services
from sluice.catalog.snapshot import Snapshot
from sluice.entities import Pipeline, Role
from sluice.errors import Unprocessable


def named_pipeline(request: Request) -> Pipeline:
    """Return the pipeline that a request's path names by `{name}`.

    Raises:
        NotFound: there is none.
    """
    return services(request).current.value.pipeline(request.path_params["name"])


def pipelines_of(role: Role, names: Sequence[str] | None, snapshot: Snapshot) -> frozenset[str] | None:
    """Return the ids of the pipelines that a caller of this role is bound to; None for every role but PREDICT.

    Raises:
        Unprocessable: the role needs names and there are none, needs none and there are, or nothing has one.
    """
    if role is not Role.PREDICT:
        if names is not None:
            raise _refused(f"Only the role PREDICT is bound to pipelines; {role} isn't.")
        return None
    if not names:
        raise _refused("Name the pipelines that may be used; the role PREDICT is bound to them.")
    for name in names:
        if not snapshot.has_pipeline(name):
            raise _refused(f"There is no pipeline named '{name}'.")
    return frozenset(snapshot.pipeline(name).id for name in names)


def names_of(ids: frozenset[str] | None, snapshot: Snapshot) -> list[str] | None:
    """Return the names of pipelines as they are now, ordered; those that are gone have none."""
    return None if ids is None else [pipeline.name for pipeline in snapshot.pipelines if pipeline.id in ids]


def _refused(message: str) -> Unprocessable:
    return Unprocessable(message, fields={"pipelines": message})
