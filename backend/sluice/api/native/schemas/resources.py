"""Resources, and what is said of scripts."""

from __future__ import annotations

from datetime import datetime

from sluice.api.native.schemas.base import Body, Incoming
from sluice.api.native.schemas.environments import EnvironmentState
from sluice.entities import ResourceKind


class WarningBody(Body):
    """Something in a script that will probably not work."""

    line: int
    module: str
    message: str


class ResourceBody(Body):
    """A script, a helper module or a data file."""

    id: str
    name: str
    kind: ResourceKind
    revision: int
    created_at: datetime
    size_bytes: int
    sha256: str
    warnings: list[WarningBody]
    environment: EnvironmentState | None
    used_by: list[str]


class ReplacedResource(ResourceBody):
    """A resource that was replaced or renamed: which pipelines have a new revision now, and what is different."""

    pipelines: list[str]
    changes: list[str]


class ResourcePatch(Incoming):
    """What to change about a resource: what is left out stays.

    Source: RFC 7396.
    """

    name: str = ""  # can't be null; the default is never read


class ResourceWithText(ResourceBody):
    """A resource with its text; null where it isn't text or is large."""

    text: str | None


class ResourceList(Body):
    """All resources, by name."""

    items: list[ResourceBody]
    next_cursor: str | None = None
