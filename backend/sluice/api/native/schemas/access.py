"""Signing in, and tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from sluice.access.passwords import LEAST_CHARACTERS, MOST_CHARACTERS
from sluice.api.native.schemas.base import Body, Incoming, Name
from sluice.api.native.schemas.samples import SESSION, TOKEN, example
from sluice.entities import Role, SignedInBy

Password = Annotated[str, Field(max_length=2000)]
PasswordToBe = Annotated[str, Field(min_length=LEAST_CHARACTERS, max_length=MOST_CHARACTERS)]


def _only(*names: str) -> JsonDict:
    properties: JsonDict = {name: {"type": "string"} for name in names}
    return {"required": list(names), "maxProperties": len(names), "properties": properties}


class SignIn(Incoming):
    """One of the ways in: the code of a one-time link, an API token, or a user's name and password."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [_only("code"), _only("token"), _only("name", "password")],
            "examples": [{"token": "slc_..."}, {"name": "Ada", "password": "correct horse battery"}],
        }
    )

    code: Annotated[str, Field(max_length=200)] | None = None
    token: Annotated[str, Field(max_length=2000)] | None = None
    name: Annotated[str, Field(max_length=2000)] | None = None
    password: Annotated[str, Field(max_length=2000)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> SignIn:
        if sorted(self.model_fields_set) not in (["code"], ["token"], ["name", "password"]):
            raise ValueError("Send either 'code', or 'token', or 'name' and 'password'.")
        if None in (getattr(self, name) for name in self.model_fields_set):
            raise ValueError("None of them may be null.")
        return self


class WaysBody(Body):
    """How one can sign in here, beside the one-time link and tokens."""

    model_config = example({"password": True, "oidc": None, "noAuth": False})

    password: bool = Field(description="Whether there are users with passwords.")
    oidc: OidcBody | None = Field(description="The single sign-on, if there is one.")
    no_auth: bool = Field(description="Whether nobody is asked at all.")


class OidcBody(Body):
    """A single sign-on."""

    model_config = example({"title": "Our company"})

    title: str


class NewPassword(Incoming):
    """Another password of one's own."""

    model_config = example({"current": "correct horse battery", "new": "another staple altogether"})

    current: Password
    new: PasswordToBe


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


class SessionListed(Body):
    """A browser that is signed in."""

    model_config = example(SESSION)

    id: str = Field(description="Opens nothing.")
    name: str
    role: Role
    by: SignedInBy
    created_at: datetime
    expires_at: datetime
    current: bool = Field(description="Whether it is the one that asks.")


class SessionList(Body):
    """All browsers that are signed in, newest first."""

    model_config = example({"items": [SESSION], "nextCursor": None})

    items: list[SessionListed]
    next_cursor: str | None = None
