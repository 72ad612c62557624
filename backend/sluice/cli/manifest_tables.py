"""The tables of a `pipeline.toml` as they are written there."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sluice.api.native.schemas.pipelines import PolicyFields, Variables
from sluice.entities import ResourceKind


def _to_kebab(name: str) -> str:
    return name.replace("_", "-")


_WRITTEN = ConfigDict(
    alias_generator=_to_kebab, validate_by_name=False, validate_by_alias=True, extra="forbid", strict=True, frozen=True
)


class PartTable(BaseModel):
    """A file beside the manifest, or with a name alone something that is on the server already."""

    model_config = _WRITTEN

    file: str | None = None
    name: str | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> PartTable:
        if self.file is None and self.name is None:
            raise ValueError("needs 'file', or 'name' of what is on the server already")
        return self

    @property
    def is_python(self) -> bool:
        """Whether its name is that of a Python file."""
        return (self.name or self.file or "").endswith(".py")

    def is_called(self, text: str) -> bool:
        """Tell whether a text names it, by its path or by its name."""
        return text in (self.file, self.name)


class ModelTable(PartTable):
    """A model; its name is by default the file's stem."""

    data: Annotated[list[str], Field(default_factory=list)]
    description: str | None = None


class ResourceTable(PartTable):
    """A script, module or data file; its name is by default the file's."""

    kind: ResourceKind | None = None


def _as_table(value: Any) -> Any:
    return {"file": value} if isinstance(value, str) else value


Model = Annotated[ModelTable, BeforeValidator(_as_table)]
Resource = Annotated[ResourceTable, BeforeValidator(_as_table)]


class PipelineTable(PolicyFields):
    """A pipeline: a file's path stands for a part made of it."""

    model_config = _WRITTEN

    name: Annotated[str, Field(min_length=1)]
    model: Model
    pre_processing: Resource | None = None
    post_processing: Resource | None = None
    data_files: Annotated[list[Resource], Field(default_factory=list)]
    pinned: bool = False
    keep_inputs: bool = False
    variables: Variables = Field({})

    def policy(self) -> dict[str, Any]:
        """Return what it says of how the pipeline is run, with every key."""
        return {
            name: getattr(self, name) for name in (*PolicyFields.model_fields, "pinned", "keep_inputs", "variables")
        }
