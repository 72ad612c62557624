"""Models."""

from __future__ import annotations

from datetime import datetime

from sluice.api.native.schemas.base import Body, Incoming


class OpsetBody(Body):
    """One operator set that a model imports."""

    domain: str
    version: int


class TensorBody(Body):
    """One input or output; `symbols` has the names of variable dimensions."""

    name: str
    type: str
    datatype: str | None
    shape: list[int] | None
    symbols: list[str | None] | None


class ModelBody(Body):
    """A model with what its file says."""

    id: str
    name: str
    revision: int
    created_at: datetime
    file_name: str
    size_bytes: int
    sha256: str
    ir_version: int
    opsets: list[OpsetBody]
    producer_name: str
    producer_version: str
    graph_name: str
    model_version: int
    inputs: list[TensorBody]
    outputs: list[TensorBody]
    description: str
    active: bool
    used_by: list[str]


class ModelPatch(Incoming):
    """What to change about a model: what is left out stays; a description of null is none.

    Source: RFC 7396.
    """

    name: str = ""  # these two can't be null; their defaults are never read
    description: str | None = None
    active: bool = True


class ReplacedModel(ModelBody):
    """A model whose content was replaced: which pipelines have a new revision now, and what is different."""

    pipelines: list[str]
    changes: list[str]


class ModelList(Body):
    """All models, by name."""

    items: list[ModelBody]
    next_cursor: str | None = None
