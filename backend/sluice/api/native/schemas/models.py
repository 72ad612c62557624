"""Models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from sluice.api.native.schemas.base import Body, Name, Patch
from sluice.api.native.schemas.samples import MODEL, REPLACED, example
from sluice.catalog.names import MAX_DESCRIPTION_CHARACTERS

Description = Annotated[str, Field(description=f"At most {MAX_DESCRIPTION_CHARACTERS} characters.")]


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

    model_config = example(MODEL)

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


class ModelPatch(Patch):
    """What to change about a model: what is left out stays; a description of null is none."""

    name: Name = ""
    description: Description | None = None
    active: bool = True


class ReplacedModel(ModelBody):
    """A model whose content was replaced: which pipelines have a new revision now, and what is different."""

    model_config = example({**MODEL, **REPLACED})

    pipelines: list[str]
    changes: list[str]


class ModelList(Body):
    """All models, by name."""

    model_config = example({"items": [MODEL], "nextCursor": None})

    items: list[ModelBody]
    next_cursor: str | None = None
