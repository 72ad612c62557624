"""Signing in, and tokens."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from sluice.api.native.schemas.base import Body, Incoming
from sluice.entities import Role


class SignIn(Incoming):
    """One of the two ways in: the code of a one-time link, or an API token."""

    code: Annotated[str, Field(max_length=200)] | None = None
    token: Annotated[str, Field(max_length=2000)] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> SignIn:
        if (self.code is None) == (self.token is None):
            raise ValueError("Send either 'code' or 'token'.")
        return self


class SessionBody(Body):
    """Who is signed in."""

    name: str
    role: Role


def _in_utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        raise ValueError("The time is outside the years 1 to 9999.") from None


class NewToken(Incoming):
    """A token to be made."""

    name: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\s\p{C}]([^\p{C}]*[^\s\p{C}])?$")]
    role: Annotated[Role, Field(strict=False)]
    expires_at: Annotated[AwareDatetime, Field(strict=False), AfterValidator(_in_utc)] | None = None


class TokenBody(Body):
    """A token without its secret."""

    id: str
    name: str
    role: Role
    created_at: datetime
    expires_at: datetime | None


class CreatedTokenBody(TokenBody):
    """A token with its secret, which is shown this once."""

    secret: str


class TokenList(Body):
    """All tokens, oldest first."""

    items: list[TokenBody]
    next_cursor: str | None = None
