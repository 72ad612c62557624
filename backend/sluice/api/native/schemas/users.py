"""Users."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import ConfigDict, Field

from sluice.access.names import MAX_CHARACTERS
from sluice.api.native.schemas.access import Bound, PasswordToBe
from sluice.api.native.schemas.base import Body, Incoming, Patch
from sluice.api.native.schemas.samples import USER, example
from sluice.entities import Role

UserName = Annotated[
    str, Field(max_length=MAX_CHARACTERS, description="Without : and /, which HTTP Basic has a use for.")
]


class NewUser(Incoming):
    """A user to be made."""

    model_config = example({"name": "Ada", "role": "READ", "password": "correct horse battery"})

    name: UserName
    password: PasswordToBe
    role: Annotated[Role, Field(strict=False)]
    pipelines: Bound | None = None


class UserChange(Patch):
    """What to change of a user; another password ends its sessions."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "ADMIN"}]})

    name: UserName = ""
    password: PasswordToBe = ""
    role: Annotated[Role, Field(strict=False)] = Role.READ
    pipelines: Bound | None = None


class UserBody(Body):
    """A user without its password."""

    model_config = example(USER)

    id: str
    name: str
    revision: int
    role: Role
    pipelines: list[str] | None
    created_at: datetime
    last_used_at: datetime | None
    has_password: bool


class UserList(Body):
    """All users, oldest first."""

    model_config = example({"items": [USER], "nextCursor": None})

    items: list[UserBody]
    next_cursor: str | None = None
