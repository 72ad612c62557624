"""The examples that come with the program."""

from __future__ import annotations

from sluice.api.native.schemas.base import Body


class ExampleBody(Body):
    """An example, and whether its pipeline is there."""

    pipeline: str
    present: bool


class ExampleList(Body):
    """All examples."""

    items: list[ExampleBody]


class LoadedExampleBody(Body):
    """What became of an example."""

    pipeline: str
    created: bool
    problem: str | None


class LoadedExampleList(Body):
    """What became of all examples."""

    items: list[LoadedExampleBody]
