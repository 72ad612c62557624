"""What all bodies have in common."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic.alias_generators import to_camel

from sluice.catalog.names import MAX_CHARACTERS


class Body(BaseModel):
    """A JSON object with camelCase keys, none of them unknown."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        frozen=True,
        defer_build=True,
        json_schema_serialization_defaults_required=True,
    )


class Incoming(Body):
    """A request's body; only the camelCase keys are known and no type is bent to fit."""

    model_config = ConfigDict(validate_by_name=False, strict=True)


def _without_defaults(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)
    schema["examples"] = [{"name": "digits-2"}]


class Patch(Incoming):
    """What to change: what is left out stays, so defaults are never read.

    Source: RFC 7396.
    """

    model_config = ConfigDict(json_schema_extra=_without_defaults)


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(_whole)
"""For integers as JSON Schema has them: `2.0` is one."""

Name = Annotated[str, Field(description=f"At most {MAX_CHARACTERS} characters that can be seen, but no / or \\.")]
"""A name as people give it; `catalog.names` looks at it."""
