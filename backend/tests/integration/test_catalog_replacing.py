"""Changes that meet: whatever comes in between, a change is made whole, on what is there then, or not at all."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import onnx_models
import pytest
from catalogs import PRE, Catalog
from tortoise.exceptions import IntegrityError

from sluice.catalog.pipelines import NewPipeline
from sluice.entities import Pipeline, Policy
from sluice.errors import Conflict, InvalidPipeline, NotFound, PreconditionFailed
from sluice.storage.tables import (
    ModelRevisionRow,
    PipelineDataFileRow,
    PipelineRevisionRow,
    ResourceRevisionRow,
)

TRIPLE = onnx_models.times(3)
TENS = PRE.replace(b"np.ones((1, 4), np.float32)", b"np.full((1, 4), 10, np.float32)")
BROKEN = b"1 / 0\n\ndef process(content):\n    return content\n"


@pytest.fixture
async def pipeline(catalog: Catalog) -> Pipeline:
    """A pipeline `p` that answers with four times the model's factor."""
    await catalog.parts()
    await catalog.resource("words.txt", b"words")
    return await catalog.pipelines.add(NewPipeline("p", "double", "pre.py", "post.py", ["words.txt"]))


@asynccontextmanager
async def held(catalog: Catalog, change: "asyncio.Task[Any]") -> AsyncIterator[None]:
    """Hold one change while the block runs, when it has loaded what it is about to show; others go on."""
    supervisor = catalog.supervisor
    others, supervisor.go_on = supervisor.go_on, asyncio.Event()
    gate = supervisor.go_on
    supervisor.loaded.clear()
    loaded = asyncio.ensure_future(supervisor.loaded.wait())
    await asyncio.wait([loaded, change], return_when=asyncio.FIRST_COMPLETED)
    assert not change.done(), change.exception()
    supervisor.go_on = others
    yield
    gate.set()


def policy(wanted: NewPipeline) -> NewPipeline:
    return replace(wanted, policy=Policy(workers=2))


def run_folders(catalog: Catalog) -> set[str]:
    return {folder.partition("-")[0] for folder in os.listdir(catalog.data_dir / "run")}


async def test_only_the_current_rows_stay(catalog: Catalog, pipeline: Pipeline) -> None:
    for content in (TRIPLE, onnx_models.times(4)):
        await catalog.replace("double", content)
    for content in (TENS, PRE + b"# another\n"):
        await catalog.replace("pre.py", content)
    await catalog.replace("words.txt", b"other words")
    now = await catalog.pipelines.change("p", policy)
    assert (now.revision, now.model.revision, now.data_files[0].revision) == (7, 3, 2)
    assert now.pre_processing and now.pre_processing.revision == 3
    assert await ModelRevisionRow.all().count() == 1
    assert await ResourceRevisionRow.all().count() == 3
    assert await PipelineRevisionRow.all().count() == 1
    assert await PipelineDataFileRow.all().count() == 1
    assert await catalog.agrees()
    assert run_folders(catalog) == {now.revision_id}
    assert await catalog.answer("p") == b"[[4.0,4.0,4.0,4.0]]"


async def test_model_and_script_at_once(catalog: Catalog, pipeline: Pipeline) -> None:
    await asyncio.gather(
        catalog.replace("double", TRIPLE), catalog.replace("pre.py", TENS), catalog.pipelines.change("p", policy)
    )
    now = catalog.current.value.pipeline("p")
    assert (now.revision, now.policy.workers) == (4, 2)
    assert await catalog.answer("p") == b"[[30.0,30.0,30.0,30.0]]"
    assert await catalog.agrees()
    assert run_folders(catalog) == {now.revision_id}


async def test_two_of_one_part_at_once(catalog: Catalog, pipeline: Pipeline) -> None:
    results = await asyncio.gather(
        *(catalog.replace("double", onnx_models.times(factor)) for factor in (3, 4)), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "tuple"]
    assert await catalog.agrees()
    assert len(run_folders(catalog)) == 1


async def test_pipelines_that_change_or_come_meanwhile_are_loaded_again(catalog: Catalog, pipeline: Pipeline) -> None:
    replacing = asyncio.create_task(catalog.replace("double", TRIPLE))
    async with held(catalog, replacing):
        await catalog.pipelines.change("p", policy)
        await catalog.pipelines.add(NewPipeline("q", "double"))
    assert [(each.name, each.revision) for each in await replacing] == [("p", 3), ("q", 2)]
    now = catalog.current.value.pipeline("p")
    assert (now.model.revision, now.policy.workers) == (2, 2)
    assert await catalog.answer("p") == b"[[3.0,3.0,3.0,3.0]]"
    assert await catalog.agrees()


async def test_a_pipeline_that_goes_meanwhile_is_left_out(catalog: Catalog, pipeline: Pipeline) -> None:
    kept = await catalog.pipelines.add(NewPipeline("kept", "double"))
    replacing = asyncio.create_task(catalog.replace("double", TRIPLE))
    async with held(catalog, replacing):
        await catalog.pipelines.delete("p")
    assert [(each.name, each.revision) for each in await replacing] == [("kept", kept.revision + 1)]
    assert await catalog.agrees()
    assert run_folders(catalog) == {catalog.current.value.pipeline("kept").revision_id}


async def test_a_part_that_goes_meanwhile(catalog: Catalog) -> None:
    model = await catalog.model()
    await catalog.pipelines.add(NewPipeline("p", "double"))
    replacing = asyncio.create_task(catalog.replace("double", TRIPLE))
    async with held(catalog, replacing):
        await catalog.pipelines.delete("p")
        await catalog.models.delete("double")
        await catalog.model("double.onnx", onnx_models.times(5))
    with pytest.raises(NotFound, match="no model named 'double' any more"):
        await replacing
    assert catalog.current.value.model("double").id != model.id
    assert await catalog.agrees()
    assert run_folders(catalog) == set()


async def test_a_change_to_another_revision_is_refused_when_its_turn_comes(
    catalog: Catalog, pipeline: Pipeline
) -> None:
    changing = asyncio.create_task(catalog.pipelines.change("p", policy, frozenset([pipeline.version])))
    async with held(catalog, changing):
        renamed = await catalog.pipelines.change("p", lambda wanted: replace(wanted, name="P"))
    with pytest.raises(PreconditionFailed) as refused:
        await changing
    assert refused.value.version == renamed.version
    assert catalog.current.value.pipeline("p") == renamed
    assert await catalog.agrees()
    assert run_folders(catalog) == {renamed.revision_id}


async def test_a_change_that_expects_nothing_is_made_to_what_is_there_then(
    catalog: Catalog, pipeline: Pipeline
) -> None:
    changing = asyncio.create_task(catalog.pipelines.change("p", policy))
    async with held(catalog, changing):
        await catalog.replace("double", TRIPLE)
    now = await changing
    assert (now.revision, now.model.revision, now.policy.workers) == (3, 2, 2)
    assert await catalog.agrees()
    assert run_folders(catalog) == {now.revision_id}


async def test_who_leaves_while_it_is_loaded_changes_nothing(catalog: Catalog, pipeline: Pipeline) -> None:
    for change in (catalog.replace("double", TRIPLE), catalog.pipelines.change("p", policy)):
        leaving = asyncio.create_task(change)
        async with held(catalog, leaving):
            leaving.cancel()
            with pytest.raises(asyncio.CancelledError):
                await leaving
        await catalog.changes.settle()
        assert catalog.current.value.pipeline("p") == pipeline
        assert await catalog.agrees()
        assert await catalog.answer("p") == b"[[2.0,2.0,2.0,2.0]]"
        assert run_folders(catalog) == {pipeline.revision_id}


async def test_who_leaves_at_any_moment_leaves_no_half_change(catalog: Catalog, pipeline: Pipeline) -> None:
    for number in range(12):
        replacing = asyncio.create_task(catalog.replace("words.txt", b"words %d" % number))
        async with held(catalog, replacing):
            pass
        for _ in range(number * 2):
            await asyncio.sleep(0)
        replacing.cancel()
        await asyncio.gather(replacing, return_exceptions=True)
        await catalog.changes.settle()
        assert await catalog.agrees()
        assert await catalog.answer("p") == b"[[2.0,2.0,2.0,2.0]]"
        assert run_folders(catalog) == {catalog.current.value.pipeline("p").revision_id}


async def test_rows_that_cant_be_written_change_nothing(
    catalog: Catalog, pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise IntegrityError("no more rows")

    monkeypatch.setattr(PipelineDataFileRow, "create", fail)
    with pytest.raises(Conflict):
        await catalog.replace("double", TRIPLE)
    with pytest.raises(Conflict):
        await catalog.pipelines.change("p", policy)
    assert catalog.current.value.pipeline("p") == pipeline
    assert await catalog.agrees()
    assert await catalog.answer("p") == b"[[2.0,2.0,2.0,2.0]]"
    assert run_folders(catalog) == {pipeline.revision_id}


async def test_pipelines_that_rest_go_on_resting(catalog: Catalog, pipeline: Pipeline) -> None:
    await catalog.supervisor.retire(pipeline.revision_id)
    await catalog.pipelines.add(NewPipeline("awake", "double"))
    pinned = await catalog.pipelines.add(NewPipeline("pinned", "double", policy=Policy(pinned=True)))
    await catalog.supervisor.retire(pinned.revision_id)
    loads = catalog.supervisor.loads
    followed = {each.name: each.revision_id for each in await catalog.replace("double", TRIPLE)}
    assert catalog.supervisor.loads == loads + 3
    await catalog.changes.cleaned()
    assert run_folders(catalog) == {followed["awake"], followed["pinned"]}
    assert await catalog.answer("p") == b"[[3.0,3.0,3.0,3.0]]"


async def test_the_same_content_elsewhere_stays(catalog: Catalog, pipeline: Pipeline) -> None:
    other = await catalog.resource("other.txt", b"words")
    await catalog.replace("words.txt", b"new words")
    assert await catalog.agrees()
    assert other.sha256 in catalog.blobs()
    replacing = asyncio.create_task(catalog.replace("words.txt", b"words"))
    async with held(catalog, replacing):
        await catalog.resources.delete("other.txt")
        assert other.sha256 in catalog.blobs()
    await replacing
    assert await catalog.agrees()
    with pytest.raises(InvalidPipeline):
        await catalog.replace("pre.py", BROKEN)
    assert await catalog.agrees()
