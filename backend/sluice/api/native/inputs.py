"""The parts of a request that an endpoint declares by its annotations: each is read, and documented, from here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel
from starlette.requests import Request

from sluice.api.bodies import MAX_JSON_BYTES, read_json
from sluice.api.native.schemas.base import Incoming
from sluice.errors import BadRequest, SluiceError, TooLarge, Unprocessable, UploadCutOff

Errors = tuple[type[SluiceError], ...]


class PathParameters(BaseModel):
    """What an address names; the router found it."""

    model_config = ConfigDict(frozen=True, defer_build=True)


class Query(BaseModel):
    """The parameters behind the question mark, in camelCase; unknown ones are refused."""

    model_config = ConfigDict(
        alias_generator=to_camel, validate_by_name=False, validate_by_alias=True, frozen=True, defer_build=True
    )


Q = TypeVar("Q", bound=Query)


@dataclass(frozen=True)
class Header:
    """One header of a request, for `Annotated`.

    Attributes:
        name: of it.
        read: returns its meaning from the value of each such header.
        schema: of its text.
        description: in a sentence.
        errors: that `read` raises.
        required: whether it must be there.
    """

    name: str
    read: Callable[[Sequence[str]], object]
    schema: dict[str, Any]
    description: str
    errors: Errors = ()
    required: bool = False


class Input(Protocol):
    """One argument of an endpoint."""

    @property
    def errors(self) -> Errors:
        """What `read` raises."""

    async def read(self, request: Request) -> object:
        """Return the argument."""


@dataclass(frozen=True)
class PathInput:
    """The parameters of the path."""

    model: type[PathParameters]
    errors: Errors = ()

    async def read(self, request: Request) -> PathParameters:
        """Return them."""
        return self.model(**{name: request.path_params[name] for name in self.model.model_fields})


@dataclass(frozen=True)
class QueryInput:
    """The parameters of the query."""

    model: type[Query]
    errors: Errors = (Unprocessable,)

    async def read(self, request: Request) -> Query:
        """Return them, checked.

        Raises:
            Unprocessable: one is unknown, given twice or not what it may be.
        """
        given = request.query_params
        known = sorted(field.alias or name for name, field in self.model.model_fields.items())
        fields = {name: _unknown(known) for name in sorted(set(given) - {*known})}
        fields |= {name: "It is given twice." for name in known if len(given.getlist(name)) > 1}
        if fields:
            raise _refused(fields)
        return checked_parameters(self.model, given)


def checked_parameters(model: type[Q], given: Mapping[str, str]) -> Q:
    """Return parameters, checked.

    Raises:
        Unprocessable: one is missing or not what it may be.
    """
    try:
        return model.model_validate(dict(given))
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        raise _refused({".".join(map(str, each["loc"])): _told(each) for each in found}) from None


def _refused(fields: dict[str, str]) -> Unprocessable:
    return Unprocessable("; ".join(f"{name}: {message}" for name, message in fields.items()), fields=fields)


def _unknown(known: Sequence[str]) -> str:
    return "There is no such parameter; " + (f"known are {', '.join(known)}." if known else "there are none here.")


def _told(error: Any) -> str:
    if error["type"] == "missing":
        return "It is needed."
    message: str = error["msg"].removeprefix("Value error, ").replace("Input should be", "It must be")
    return message if message.endswith(".") else message + "."


@dataclass(frozen=True)
class HeaderInput:
    """A header."""

    header: Header

    @property
    def errors(self) -> Errors:
        """What reading it raises."""
        return self.header.errors

    async def read(self, request: Request) -> object:
        """Return its meaning."""
        return self.header.read(request.headers.getlist(self.header.name))


@dataclass(frozen=True)
class AtMost:
    """A limit of bytes for a JSON body, for `Annotated`."""

    size_bytes: int


@dataclass(frozen=True)
class JsonInput:
    """The body, as JSON."""

    model: type[Incoming]
    limit: AtMost = AtMost(MAX_JSON_BYTES)
    errors: Errors = (BadRequest, UploadCutOff, TooLarge, Unprocessable)

    async def read(self, request: Request) -> Incoming:
        """Return it, checked; raises as `api.bodies.read_json`."""
        return await read_json(request, self.model, self.limit.size_bytes)
