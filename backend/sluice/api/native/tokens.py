"""API tokens for programs."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.bodies import read_json
from sluice.api.native.schemas import CreatedTokenBody, NewToken, TokenBody, TokenList, json_response
from sluice.api.services import services
from sluice.entities import Token


async def list_tokens(request: Request) -> Response:
    """List the tokens that are stored, without their secrets."""
    return json_response(TokenList(items=[_body(token) for token in services(request).access.tokens.all()]))


async def create_token(request: Request) -> Response:
    """Make a token; the answer is the only place where its secret ever stands."""
    new = await read_json(request, NewToken)
    token, secret = await services(request).access.tokens.create(new.name, new.role, new.expires_at)
    return json_response(CreatedTokenBody(**_body(token).model_dump(), secret=secret), 201)


async def revoke_token(request: Request) -> Response:
    """Make a token invalid at once, and every session that it opened."""
    await services(request).access.tokens.revoke(request.path_params["id"])
    return Response(status_code=204)


def _body(token: Token) -> TokenBody:
    return TokenBody(
        id=token.id, name=token.name, role=token.role, created_at=token.created_at, expires_at=token.expires_at
    )
