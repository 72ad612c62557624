"""Users: people who sign in by name and password."""

from __future__ import annotations

from typing import Any

from pydantic import Field
from starlette.requests import Request

from sluice.api.native.answers import Answer, Created, NoContent
from sluice.api.native.bound import names_of, pipelines_of
from sluice.api.native.inputs import PathParameters
from sluice.api.native.operation import operation
from sluice.api.native.parameters import ExpectedVersions, NeededVersions
from sluice.api.native.roles import RoleQuery
from sluice.api.native.schemas.users import NewUser, UserBody, UserChange, UserList
from sluice.api.native.tags import ACCESS
from sluice.api.services import Services, services
from sluice.entities import Role, User
from sluice.errors import DiskFull, InvalidName, LastAdministrator, NameTaken, NotFound


class UserPath(PathParameters):
    """A user's address."""

    id: str = Field(description="The user's id.", examples=["5e1b6a7e5f0d4b0c9d1e2f3a4b5c6d7e"])


@operation(ACCESS)
async def list_users(request: Request, query: RoleQuery) -> Answer[UserList]:
    """List the users."""
    found = services(request)
    page = query.page(found.access.users.all())
    return Answer(UserList(items=[_body(user, found) for user in page.items], next_cursor=page.next_cursor))


@operation(ACCESS, errors=[NameTaken, InvalidName, DiskFull], headers=["ETag", "Location"])
async def add_user(request: Request, body: NewUser) -> Created[UserBody]:
    """Make a user."""
    found = services(request)
    pipelines = pipelines_of(body.role, body.pipelines, found.current.value)
    user = await found.access.add_user(body.name, body.role, pipelines, body.password)
    return Created(_body(user, found), version=user.version, location=f"users/{user.id}")


@operation(ACCESS, errors=[NotFound], headers=["ETag"])
async def get_user(request: Request, path: UserPath) -> Answer[UserBody]:
    """Tell who a user is."""
    found = services(request)
    return _answer(found.access.users.found(path.id), found)


@operation(ACCESS, errors=[NotFound, NameTaken, InvalidName, LastAdministrator, DiskFull], headers=["ETag"])
async def change_user(request: Request, path: UserPath, expected: NeededVersions, body: UserChange) -> Answer[UserBody]:
    """Change a user; another role or other pipelines count at once, another password ends the user's sessions."""
    found = services(request)
    user = found.access.users.found(path.id)
    given = body.model_fields_set
    changes: dict[str, Any] = {}
    if "name" in given:
        changes["name"] = body.name
    if "role" in given or "pipelines" in given:
        changes |= _may(user, body, found)
    password = body.password if "password" in given else None
    return _answer(await found.access.change_user(path.id, password, expected, **changes), found)


@operation(ACCESS, errors=[NotFound, LastAdministrator, DiskFull])
async def delete_user(request: Request, path: UserPath, expected: ExpectedVersions) -> NoContent:
    """Remove a user; its sessions end at once. The last who can sign in with the role ADMIN stays."""
    await services(request).access.remove_user(path.id, expected)
    return NoContent()


def _may(user: User, body: UserChange, found: Services) -> dict[str, Any]:
    """Return the role and the pipelines that a change leads to.

    Raises:
        Unprocessable: they don't fit.
    """
    role = body.role if "role" in body.model_fields_set else user.role
    if role is Role.PREDICT and user.role is role and "pipelines" not in body.model_fields_set:
        return {"role": role}  # those that it has stay, also where they have no name any more
    return {"role": role, "pipelines": pipelines_of(role, body.pipelines, found.current.value)}


def _answer(user: User, found: Services) -> Answer[UserBody]:
    return Answer(_body(user, found), version=user.version)


def _body(user: User, found: Services) -> UserBody:
    return UserBody(
        id=user.id,
        name=user.name,
        revision=user.revision,
        role=user.role,
        pipelines=names_of(user.pipelines, found.current.value),
        created_at=user.created_at,
        last_used_at=found.access.users.uses.get(user.id),
        has_password=user.password_hash is not None,
    )
