"""What all bodies have in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Body(BaseModel):
    """A JSON object with camelCase keys, none of them unknown."""

    model_config = ConfigDict(
        alias_generator=to_camel,
        validate_by_name=True,
        validate_by_alias=True,
        extra="forbid",
        frozen=True,
        json_schema_serialization_defaults_required=True,
    )


class Incoming(Body):
    """A request's body; only the camelCase keys are known and no type is bent to fit."""

    model_config = ConfigDict(validate_by_name=False, strict=True)
