"""The examples that come with the program."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from sluice.api.native.schemas import ExampleBody, ExampleList, LoadedExampleBody, LoadedExampleList, json_response
from sluice.api.services import services
from sluice.catalog.examples import EXAMPLES


async def list_examples(request: Request) -> Response:
    """Tell which examples are there."""
    found = services(request).examples
    return json_response(
        ExampleList(items=[ExampleBody(pipeline=each.name, present=found.present(each)) for each in EXAMPLES])
    )


async def load_examples(request: Request) -> Response:
    """Load those that aren't there."""
    made = await services(request).examples.load()
    items = [LoadedExampleBody(pipeline=each.pipeline, created=each.created, problem=each.problem) for each in made]
    return json_response(LoadedExampleList(items=items))
