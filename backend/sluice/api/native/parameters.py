"""The parameters that several operations share."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from sluice.api.native.inputs import Header, PathParameters
from sluice.api.predicting import DEADLINE_PATTERN, deadline_s
from sluice.api.versions import TAGS_PATTERN, expected_versions, needed_versions
from sluice.errors import BadRequest, PreconditionFailed, PreconditionRequired


class NamedModel(PathParameters):
    """A model's address."""

    name: str = Field(description="The model's name; case doesn't count.", examples=["digits"])


class NamedResource(PathParameters):
    """A resource's address."""

    name: str = Field(description="The resource's file name; case doesn't count.", examples=["digits_pre.py"])


class NamedPipeline(PathParameters):
    """A pipeline's address."""

    name: str = Field(description="The pipeline's name; case doesn't count.", examples=["digits"])


_TAGS = {"type": "string", "pattern": TAGS_PATTERN, "examples": ['"3f2a-1"', "*"]}

NeededVersions = Annotated[
    frozenset[str] | None,
    Header(
        "If-Match",
        needed_versions,
        _TAGS,
        "The `ETag` of what you looked at, so that nobody's change is lost; `*` overwrites whatever is there.",
        errors=(BadRequest, PreconditionFailed, PreconditionRequired),
        required=True,
    ),
]
ExpectedVersions = Annotated[
    frozenset[str] | None,
    Header(
        "If-Match",
        expected_versions,
        _TAGS,
        "The `ETag` of what is to be replaced or removed; without it whatever is there is.",
        errors=(BadRequest, PreconditionFailed),
    ),
]
Deadline = Annotated[
    float | None,
    Header(
        "Sluice-Deadline",
        lambda values: deadline_s(*values),
        {"type": "string", "pattern": DEADLINE_PATTERN, "examples": ["1.5"]},
        "Seconds that the call may take, waiting included; it can only shorten the pipeline's own deadline.",
        errors=(BadRequest,),
    ),
]


def _flag(value: Any) -> bool:
    if value not in ("true", "false"):
        raise ValueError("It must be true or false.")
    return bool(value == "true")


def _whole(value: Any) -> int:
    if not (isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 10):
        raise ValueError("It must be a whole number.")
    return int(value)


Flag = Annotated[bool, BeforeValidator(_flag)]
"""`true` or `false` in a query."""

Count = Annotated[int, Field(ge=1, le=1000), BeforeValidator(_whole)]
"""A number of digits in a query."""
