"""Signing in, and tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from sluice.api.native.schemas.base import Body, Incoming, Name
from sluice.api.native.schemas.samples import TOKEN, example
from sluice.entities import Role, SignedInBy


def _only(name: str) -> JsonDict:
    return {"required": [name], "properties": {name: {"type": "string"}}}


class SignIn(Incoming):
    """One of the two ways in: the code of a one-time link, or an API token."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [_only("code"), _only("token")], "examples": [{"token": "slc_..."}]}
    )

    code: Annotated[str, Field(max_length=200)] | None = None
    token: Annotated[str, Field(max_length=2000)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> SignIn:
        if (self.code is None) == (self.token is None):
            raise ValueError("Send either 'code' or 'token'.")
        return self


class SessionBody(Body):
    """Who is signed in."""

    model_config = example({"name": "operator", "role": "ADMIN", "by": "link", "userId": None, "pipelines": None})

    name: str
    role: Role
    by: SignedInBy
    user_id: str | None
    pipelines: list[str] | None


Bound = Annotated[
    list[Name], Field(max_length=1000, description="Names of the pipelines that the role PREDICT may use.")
]


def _in_utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("The time is outside the years 1 to 9999.") from None


class NewToken(Incoming):
    """A token to be made."""

    model_config = example({"name": "line 4", "role": "READ", "expiresAt": "2099-01-01T00:00:00Z"})

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\s\p{C}]([^\p{C}]*[^\s\p{C}])?$")]
    role: Annotated[Role, Field(strict=False)]
    expires_at: Annotated[AwareDatetime, Field(strict=False), AfterValidator(_in_utc)] | None = None
    pipelines: Bound | None = None


class TokenBody(Body):
    """A token without its secret."""

    model_config = example(TOKEN)

    id: str
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    pipelines: list[str] | None


class CreatedTokenBody(TokenBody):
    """A token with its secret, which is shown this once."""

    model_config = example({**TOKEN, "secret": "slc_..."})

    secret: str


class TokenList(Body):
    """All tokens, oldest first."""

    model_config = example({"items": [TOKEN], "nextCursor": None})

    items: list[TokenBody]
    next_cursor: str | None = None
