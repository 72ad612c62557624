"""Lists: filtered, sorted, and page by page if one likes.

A cursor names the last thing of its page by what the list is sorted by. So things that come or go meanwhile make no
other one appear twice or be left out.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field

from sluice.api.native.inputs import Query
from sluice.api.native.parameters import Count
from sluice.catalog.names import name_key
from sluice.errors import Unprocessable

T = TypeVar("T")

SORT = "What the list is sorted by; with `-` before it the other way round."


class ListQuery(Query):
    """What every list takes."""

    limit: Count | None = Field(
        None, description="The most things of one page; without it the answer has all.", examples=[50]
    )
    cursor: Annotated[str, Field(max_length=2000)] | None = Field(
        None, description="`nextCursor` of the page before; the other parameters must be as they were."
    )
    q: Annotated[str, Field(max_length=200)] | None = Field(
        None, description="Only what has this in its name; case doesn't count.", examples=["digit"]
    )
    sort: str = Field("name", description=SORT)

    def matches(self, name: str) -> bool:
        """Tell whether a name has in it what is looked for."""
        return self.q is None or name_key(self.q) in name_key(name)


@dataclass(frozen=True)
class Listed(Generic[T]):
    """One page, and the cursor of the next one."""

    items: list[T]
    next_cursor: str | None


@dataclass(frozen=True)
class Order(Generic[T]):
    """How things may be sorted.

    Attributes:
        id: tells those apart that are otherwise equal.
        keys: by each word of `sort`: a number or text.
    """

    id: Callable[[T], str]
    keys: Mapping[str, Callable[[T], Any]]

    def page(self, things: Iterable[T], query: ListQuery) -> Listed[T]:
        """Return the page that a query asks for.

        Raises:
            Unprocessable: the cursor isn't one of this list.
        """
        backwards, word = query.sort.startswith("-"), query.sort.removeprefix("-")

        def place(thing: T) -> tuple[Any, str]:
            return self.keys[word](thing), self.id(thing)

        ordered = sorted(things, key=place, reverse=backwards)
        if query.cursor is not None:
            last = _read(query.cursor, query.sort)
            try:
                ordered = [one for one in ordered if (place(one) < last if backwards else place(one) > last)]
            except TypeError:
                raise _unknown_cursor() from None
        if query.limit is None or len(ordered) <= query.limit:
            return Listed(ordered, None)
        shown = ordered[: query.limit]
        return Listed(shown, _written(query.sort, *place(shown[-1])))


def _written(sort: str, key: Any, id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([sort, key, id]).encode()).decode().rstrip("=")


def _read(cursor: str, sort: str) -> tuple[Any, str]:
    try:
        decoded = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
        of, key, id = json.loads(decoded)
    except (ValueError, TypeError, RecursionError):
        raise _unknown_cursor() from None
    if of != sort or not isinstance(id, str):
        raise _unknown_cursor()
    return key, id


def _unknown_cursor() -> Unprocessable:
    message = "This is no `nextCursor` of a list sorted in this way."
    return Unprocessable(f"cursor: {message}", fields={"cursor": message})
