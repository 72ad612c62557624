"""What an operation takes and gives is declared once, by its endpoint: requests are parsed and documented from it.

    @operation(MODELS, errors=[NotFound])
    async def get_model(request: Request, path: Named, query: Wanted, expected: Versions) -> Answer[ModelBody]:
        \"\"\"Tell what one model is.\"\"\"

Each argument's annotation says where it comes from: a `PathParameters`, a `Query`, an `Incoming` (the JSON body), or a
type annotated with a `Header`. A query that isn't declared is refused. The return annotation says status and body. The
docstring's first line is the summary, the rest the description.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from sluice.api.native.answers import Answer, NoContent, SeeOther
from sluice.api.native.inputs import (
    AtMost,
    Errors,
    Header,
    HeaderInput,
    Input,
    JsonInput,
    PathInput,
    PathParameters,
    Query,
    QueryInput,
)
from sluice.api.native.repeating import IDEMPOTENCY_KEY, once, set_fingerprint
from sluice.api.native.schemas.base import Body, Incoming
from sluice.errors import SluiceError

Handler = Callable[..., Awaitable[Response]]


@dataclass(frozen=True)
class Tag:
    """A group of operations in the document."""

    name: str
    description: str


@dataclass(frozen=True)
class Content:
    """What travels, where it isn't the JSON of a model.

    Attributes:
        media_types: any of them; by each its schema, in which a model stands for its own.
        description: in a sentence.
        required: whether a request needs it.
    """

    media_types: Mapping[str, Mapping[str, Any] | type[BaseModel]]
    description: str
    required: bool = True


@dataclass(frozen=True)
class Result:
    """What comes of an operation when all goes well.

    Attributes:
        status: of the answer.
        body: the answer's JSON, or None.
        content: what it is instead, or None.
        headers: names of those that the answer always has.
    """

    status: int
    body: type[Body] | None = None
    content: Content | None = None
    headers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """An endpoint with what it declares; is called with the request alone.

    Attributes:
        inputs: by the endpoint's argument.
        takes: the body, where the endpoint reads that by itself.
        fields: parameters of the query that the endpoint reads by itself.
        errors: what it raises, what its inputs raise included.
        repeatable: whether it heeds `Idempotency-Key`.
        look: notes the fingerprint of a request whose body the endpoint reads by itself.
    """

    endpoint: Handler
    tag: Tag
    inputs: Mapping[str, Input]
    result: Result
    takes: Content | None
    fields: type[Query] | None
    errors: Errors
    repeatable: bool = False
    look: Callable[[Request], Awaitable[None]] | None = None

    async def __call__(self, request: Request) -> Response:
        """Answer a request."""
        if self.repeatable:
            key = IDEMPOTENCY_KEY.read(request.headers.getlist(IDEMPOTENCY_KEY.name))
            if isinstance(key, str):
                return await once(request, key, self._run, self.look or self._look)
        return await self._run(request)

    async def _run(self, request: Request) -> Response:
        return await self.endpoint(request, **await self._read(request))

    async def _look(self, request: Request) -> None:
        await self._read(request)

    async def _read(self, request: Request) -> dict[str, object]:
        given = {name: await one.read(request) for name, one in self.inputs.items()}
        if not self.has_query:
            await _NO_QUERY.read(request)
        if self.repeatable:
            bodies = [one.model_dump(mode="json") for one in given.values() if isinstance(one, Incoming)]
            set_fingerprint(request, bodies)
        return given

    @property
    def name(self) -> str:
        """The endpoint's name, such as `list_models`."""
        return self.endpoint.__name__

    @property
    def path_names(self) -> set[str]:
        """The parameters that its path has."""
        return {name for one in self.inputs.values() if isinstance(one, PathInput) for name in one.model.model_fields}

    @property
    def has_query(self) -> bool:
        """Whether it has a say in the query."""
        return self.fields is not None or any(isinstance(one, QueryInput) for one in self.inputs.values())


class _NoQuery(Query):
    """Nothing."""


_NO_QUERY = QueryInput(_NoQuery)


def operation(
    tag: Tag,
    *,
    errors: Sequence[type[SluiceError]] = (),
    takes: Content | None = None,
    fields: type[Query] | None = None,
    gives: Content | None = None,
    headers: Sequence[str] = (),
    repeatable: bool = False,
    look: Callable[[Request], Awaitable[None]] | None = None,
) -> Callable[[Handler], Operation]:
    """Make an endpoint an operation.

    Args:
        tag: its group.
        errors: what it raises; what parsing the declared inputs raises needn't be said.
        takes: the body, where it isn't JSON of a model.
        fields: parameters of the query that the endpoint reads by itself.
        gives: the answer, where it isn't JSON of a model.
        headers: names of those that each good answer has.
        repeatable: whether it heeds `Idempotency-Key`.
        look: notes the fingerprint of a request whose body the endpoint reads by itself; see `repeating`.
    """

    def declare(endpoint: Handler) -> Operation:
        hints = get_type_hints(endpoint, include_extras=True)
        result = _result(hints.pop("return"), gives, tuple(headers))
        arguments = list(inspect.signature(endpoint).parameters)[1:]
        inputs = {name: _input(hints[name]) for name in arguments}
        raised = [error for one in inputs.values() for error in one.errors]
        raised += IDEMPOTENCY_KEY.errors if repeatable else ()
        all_errors = tuple(dict.fromkeys((*errors, *raised)))
        return Operation(endpoint, tag, inputs, result, takes, fields, all_errors, repeatable, look)

    return declare


def _input(annotation: Any) -> Input:
    for extra in getattr(annotation, "__metadata__", ()):
        if isinstance(extra, Header):
            return HeaderInput(extra)
        if isinstance(extra, AtMost):
            return JsonInput(annotation.__origin__, extra)
    if issubclass(annotation, PathParameters):
        return PathInput(annotation)
    if issubclass(annotation, Query):
        return QueryInput(annotation)
    assert issubclass(annotation, Incoming), annotation
    return JsonInput(annotation)


def _result(annotation: Any, gives: Content | None, headers: tuple[str, ...]) -> Result:
    if annotation in (NoContent, SeeOther):
        return Result(annotation.status, headers=headers)
    made = get_origin(annotation)
    if made is not None and issubclass(made, Answer):
        (body,) = get_args(annotation)
        return Result(made.status, body=body, headers=headers)
    assert gives is not None, "an answer that isn't a model's JSON must be described by `gives`"
    return Result(200, content=gives, headers=headers)
