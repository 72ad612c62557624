"""What endpoints answer; the class says the status, its argument says the body, and the document reads both."""

from __future__ import annotations

from typing import ClassVar, Generic, TypeVar

from starlette.responses import Response

from sluice.api.native.schemas.base import Body
from sluice.api.versions import etag

B = TypeVar("B", bound=Body)


class Answer(Response, Generic[B]):
    """JSON.

    Args:
        body: of the answer.
        version: of what it shows, for the header `ETag`.
        location: of what was made, relative to the request's own address.
    """

    status: ClassVar[int] = 200

    def __init__(self, body: B, *, version: str | None = None, location: str | None = None) -> None:
        headers = {}
        if version is not None:
            headers["ETag"] = etag(version)
        if location is not None:
            headers["Location"] = location
        super().__init__(body.model_dump_json(by_alias=True), self.status, headers, media_type="application/json")


class Created(Answer[B]):
    """JSON of what was made."""

    status = 201


class Accepted(Answer[B]):
    """JSON of what goes on in the background."""

    status = 202


class SeeOther(Response):
    """The way to another address, for a browser."""

    status: ClassVar[int] = 303

    def __init__(self, location: str) -> None:
        super().__init__(status_code=self.status, headers={"Location": location})


class NoContent(Response):
    """Nothing: it is done."""

    status: ClassVar[int] = 204

    def __init__(self) -> None:
        super().__init__(status_code=self.status)
