"""Resources, and what is said of scripts."""

from __future__ import annotations

from datetime import datetime

from sluice.api.native.schemas.base import Body, Name, Patch
from sluice.api.native.schemas.environments import EnvironmentState
from sluice.api.native.schemas.samples import REPLACED, RESOURCE, example
from sluice.entities import ResourceKind


class WarningBody(Body):
    """Something in a script that will probably not work."""

    line: int
    module: str
    message: str


class ResourceBody(Body):
    """A script, a helper module or a data file."""

    model_config = example(RESOURCE)

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

    model_config = example({**RESOURCE, **REPLACED})

    pipelines: list[str]
    changes: list[str]


class ResourcePatch(Patch):
    """What to change about a resource: what is left out stays."""

    name: Name = ""


class ResourceWithText(ResourceBody):
    """A resource with its text; null where it isn't text or is large."""

    model_config = example({**RESOURCE, "text": "def process(content): ..."})

    text: str | None


class ResourceList(Body):
    """All resources, by name."""

    model_config = example({"items": [RESOURCE], "nextCursor": None})

    items: list[ResourceBody]
    next_cursor: str | None = None
