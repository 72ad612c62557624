"""Models, resources and pipelines come back from either database exactly as they were kept."""

from dataclasses import replace
from typing import TypeVar

import pytest
from tortoise.exceptions import IntegrityError

from sluice.entities import Model, ModelFacts, Opset, Pipeline, Policy, Resource, ScriptWarning
from sluice.errors import Conflict, InUse, NameTaken
from sluice.storage.blobs import is_named, named_blobs
from sluice.storage.database import Database
from sluice.storage.ids import new_id, now
from sluice.storage.models import ModelStore
from sluice.storage.pipelines import PipelineStore
from sluice.storage.resources import ResourceStore
from sluice.storage.tables import ModelRevisionRow, ModelRow, PipelineRevisionRow
from sluice.tensors import TensorSpec

pytestmark = pytest.mark.usefixtures("database")

FACTS = ModelFacts(
    ir_version=8,
    opsets=(Opset("ai.onnx", 17), Opset("ai.onnx.ml", 3)),
    producer_name="nul \0, umlaut ä, half a pair \ud800",
    producer_version="",
    graph_name="g",
    model_version=2**62,
    inputs=(TensorSpec("x", "tensor(float)", ("N", 64, None)), TensorSpec("s", "tensor(int64)", ())),
    outputs=(TensorSpec("y", "seq(map(int64,tensor(float)))", None),),
)
Head = TypeVar("Head", Model, Resource, Pipeline)


def a_model(name: str = "digits", sha256: str = "a" * 64) -> Model:
    return Model(new_id(), name, now(), new_id(), 1, f"{name}.onnx", sha256, 5_000_000_000, FACTS)


def a_resource(name: str, sha256: str = "b" * 64) -> Resource:
    warnings = (ScriptWarning(3, "There is no module 'cv2'.", "cv2"),)
    return Resource(new_id(), name, "script", now(), new_id(), 1, sha256, 512, warnings)


async def kept(entity: Head) -> Head:
    stores = {Model: ModelStore(), Resource: ResourceStore(), Pipeline: PipelineStore()}
    await stores[type(entity)].add(entity, entity.name.casefold())  # type: ignore[attr-defined]
    return entity


async def kept_pipeline(name: str = "digits") -> Pipeline:
    model = await kept(a_model(f"{name}-model"))
    parts = [await kept(a_resource(f"{name}-{n}.py")) for n in range(4)]
    policy = Policy(
        1.5, 2, intra_op_threads=3, memory_mb=16, max_answer_bytes=1 << 33, pinned=True, sample="s", network=(1, 2)
    )
    return await kept(
        Pipeline(new_id(), name, now(), new_id(), 1, model, parts[0], parts[1], (parts[3], parts[2]), policy)
    )


async def test_everything_comes_back_as_it_was_kept() -> None:
    pipeline = await kept_pipeline()
    bare = await kept(
        replace(
            pipeline,
            id=new_id(),
            revision_id=new_id(),
            name="bare",
            pre_processing=None,
            post_processing=None,
            data_files=(),
            policy=Policy(),
        )
    )
    assert await ModelStore().all() == [pipeline.model]
    assert sorted(await ResourceStore().all(), key=lambda r: r.name) == sorted(
        pipeline.resources(), key=lambda r: r.name
    )
    assert sorted(await PipelineStore().all(), key=lambda p: p.name) == [bare, pipeline]


async def test_a_policy_of_an_earlier_version_has_defaults() -> None:
    pipeline = await kept_pipeline()
    await PipelineRevisionRow.filter(id=pipeline.revision_id).update(policy='{"deadline_s": 1.5, "workers": null}')
    assert [found.policy for found in await PipelineStore().all()] == [Policy(deadline_s=1.5)]


async def test_only_the_current_revision_is_listed() -> None:
    model = await kept(a_model())
    newer = replace(model, revision_id=new_id(), revision=2, sha256="c" * 64)
    row = (await ModelRevisionRow.get(id=model.revision_id)).clone(pk=newer.revision_id)
    await row.update_from_dict({"number": 2, "sha256": newer.sha256}).save()
    assert await ModelStore().all() == [model]
    await ModelRow.filter(id=model.id).update(current=2)
    assert await ModelStore().all() == [newer]


async def test_a_second_of_the_same_name_is_refused() -> None:
    pipeline = await kept_pipeline()
    for entity in (pipeline.model, *pipeline.resources(), pipeline):
        other = replace(entity, id=new_id(), revision_id=new_id(), name=entity.name.upper())
        with pytest.raises(NameTaken, match=rf"named '{other.name}' exists already"):
            await kept(other)


async def test_what_a_pipeline_needs_stays() -> None:
    pipeline = await kept_pipeline("first")
    with pytest.raises(InUse) as refused:
        await ModelStore().remove([pipeline.model])
    assert (
        refused.value.message
        == "The pipeline 'first' needs the model 'first-model'. Delete it first, or PATCH it to another model."
    )
    for resource in pipeline.resources():
        with pytest.raises(InUse) as refused:
            await ResourceStore().remove([resource])
        assert refused.value.pipelines == ["first"]
    second = replace(pipeline, id=new_id(), revision_id=new_id(), name="Second")
    await kept(second)
    with pytest.raises(InUse, match="The pipelines 'first', 'Second' need the model 'first-model'"):
        await ModelStore().remove([pipeline.model])
    assert await ModelStore().all() == [pipeline.model]
    with pytest.raises(IntegrityError):
        await ModelRevisionRow.filter(id=pipeline.model.revision_id).delete()


async def test_a_pipeline_goes_first_then_its_parts() -> None:
    pipeline = await kept_pipeline()
    await PipelineStore().remove([pipeline])
    await ModelStore().remove([pipeline.model])
    for resource in pipeline.resources():
        await ResourceStore().remove([resource])
    assert await ModelStore().all() == await ResourceStore().all() == await PipelineStore().all() == []


async def test_a_pipeline_whose_part_is_gone_is_refused_whole() -> None:
    model = await kept(a_model())
    await ModelStore().remove([model])
    with pytest.raises(Conflict, match="was deleted meanwhile"):
        await kept(Pipeline(new_id(), "digits", now(), new_id(), 1, model))
    assert await PipelineStore().all() == []


async def test_rows_name_the_files_they_need(database: Database) -> None:
    model = await kept(a_model(sha256="1" * 64))
    await kept(a_model("same content", sha256="1" * 64))
    await kept(a_resource("a.py", sha256="2" * 64))
    assert await named_blobs() == {"1" * 64, "2" * 64}
    await ModelStore().remove([model])
    assert await is_named("1" * 64)
    assert await is_named("2" * 64)
    assert not await is_named("3" * 64)
