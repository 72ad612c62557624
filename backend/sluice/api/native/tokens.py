"""API tokens for programs."""

from __future__ import annotations

from pydantic import Field
from starlette.requests import Request

from sluice.api.native.answers import Answer, Created, NoContent
from sluice.api.native.bound import names_of, pipelines_of
from sluice.api.native.inputs import PathParameters
from sluice.api.native.operation import operation
from sluice.api.native.roles import RoleQuery
from sluice.api.native.schemas.access import CreatedTokenBody, NewToken, TokenBody, TokenList
from sluice.api.native.tags import ACCESS
from sluice.api.services import Services, services
from sluice.entities import Token
from sluice.errors import DiskFull, NotFound


class TokenPath(PathParameters):
    """A token's address."""

    id: str = Field(description="The token's id.", examples=["0b6e6a7e5f0d4b0c9d1e2f3a4b5c6d7e"])


@operation(ACCESS)
async def list_tokens(request: Request, query: RoleQuery) -> Answer[TokenList]:
    """List the tokens that are stored, without their secrets."""
    found = services(request)
    page = query.page(found.access.tokens.all())
    return Answer(TokenList(items=[_body(token, found) for token in page.items], next_cursor=page.next_cursor))


@operation(ACCESS, errors=[DiskFull], repeatable=True)
async def create_token(request: Request, body: NewToken) -> Created[CreatedTokenBody]:
    """Make a token; the answer is the only place where its secret ever stands."""
    found = services(request)
    pipelines = pipelines_of(body.role, body.pipelines, found.current.value)
    token, secret = await found.access.tokens.create(body.name, body.role, body.expires_at, pipelines)
    return Created(CreatedTokenBody(**_body(token, found).model_dump(), secret=secret))


@operation(ACCESS, errors=[NotFound, DiskFull])
async def revoke_token(request: Request, path: TokenPath) -> NoContent:
    """Make a token invalid at once, and every session that it opened."""
    await services(request).access.tokens.revoke(path.id)
    return NoContent()


def _body(token: Token, found: Services) -> TokenBody:
    return TokenBody(
        id=token.id,
        name=token.name,
        role=token.role,
        created_at=token.created_at,
        expires_at=token.expires_at,
        last_used_at=found.access.tokens.uses.get(token.id),
        pipelines=names_of(token.pipelines, found.current.value),
    )
