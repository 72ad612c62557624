"""The examples that come with the program."""

from __future__ import annotations

from starlette.requests import Request

from sluice.api.native.answers import Answer
from sluice.api.native.operation import operation
from sluice.api.native.schemas.examples import ExampleBody, ExampleList, LoadedExampleBody, LoadedExampleList
from sluice.api.native.tags import EXAMPLES as TAG
from sluice.api.services import services
from sluice.catalog.examples import EXAMPLES
from sluice.errors import DiskFull
from sluice.storage.audit import Entry
from sluice.storage.transaction import note


@operation(TAG)
async def list_examples(request: Request) -> Answer[ExampleList]:
    """Tell which examples are there."""
    found = services(request).examples
    return Answer(
        ExampleList(items=[ExampleBody(pipeline=each.name, present=found.present(each)) for each in EXAMPLES])
    )


@operation(TAG, errors=[DiskFull])
async def load_examples(request: Request) -> Answer[LoadedExampleList]:
    """Load those that aren't there."""
    made = await services(request).examples.load()
    await note(Entry("examples.load", detail={"made": [each.pipeline for each in made if each.created]}))
    items = [LoadedExampleBody(pipeline=each.pipeline, created=each.created, problem=each.problem) for each in made]
    return Answer(LoadedExampleList(items=items))
