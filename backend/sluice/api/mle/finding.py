"""What a path or a body of the drop-in API names."""

from __future__ import annotations

from sluice.catalog.default_names import safe_pipeline_name
from sluice.catalog.snapshot import Snapshot
from sluice.entities import Pipeline, Resource
from sluice.errors import NotFound


def python_files(snapshot: Snapshot) -> list[Resource]:
    """Return the resources that this API has: Python files; data files are the native API's."""
    return [resource for resource in snapshot.resources if resource.kind != "data"]


def python_file(snapshot: Snapshot, name: str) -> Resource:
    """Return the Python file of this name.

    Raises:
        NotFound: there is none.
    """
    found = snapshot.resource(name)
    if found.kind == "data":
        raise NotFound(f"'{name}' is a data file, which this API doesn't have.", "resource", name)
    return found


def pipeline_named(snapshot: Snapshot, name: str) -> Pipeline:
    """Return the pipeline of this name, or of what adding it made of the name.

    Raises:
        NotFound: there is neither.
    """
    # Which characters the old engine took for unsafe nobody knows: one that it kept may be one that became `_` here.
    converted = safe_pipeline_name(name)
    return snapshot.pipeline(
        converted if snapshot.has_pipeline(converted) and not snapshot.has_pipeline(name) else name
    )
