"""Pipelines: loaded before they are kept, and never without a part."""

import asyncio
import os

import onnx_models
import pytest
from catalogs import Catalog

from sluice.catalog.pipelines import NewPipeline
from sluice.catalog.target import target_of
from sluice.entities import Policy
from sluice.errors import InUse, InvalidPipeline, NameTaken, NotFound


async def test_a_pipeline_is_loaded_then_kept(catalog: Catalog) -> None:
    await catalog.parts()
    await catalog.resource("labels.json", b"[]")
    new = NewPipeline("p", "double", "pre.py", "post.py", ["labels.json"], Policy(deadline_s=5))
    pipeline = await catalog.pipelines.add(new)
    assert catalog.supervisor.state(pipeline.revision_id).state == "ready"
    assert catalog.current.value.pipeline("P") == pipeline
    answer = await catalog.supervisor.run(target_of(pipeline, catalog.files), b"")
    assert bytes(answer.body) == b"[[2.0,2.0,2.0,2.0]]"
    assert catalog.current.value.pipelines_using(pipeline.model) == ("p",)
    assert await catalog.agrees()


WRONG_PARTS: list[tuple[NewPipeline, dict[str, str]]] = [
    (NewPipeline("p", "none"), {"model": "There is no model named 'none'."}),
    (
        NewPipeline("p", "none", "no.py", "no.py", ["no.txt"]),
        {
            "model": "There is no model named 'none'.",
            "preProcessing": "There is no resource named 'no.py'.",
            "postProcessing": "There is no resource named 'no.py'.",
            "dataFiles": "There is no resource named 'no.txt'.",
        },
    ),
    (NewPipeline("p", "double", "labels.json"), {"preProcessing": "'labels.json' is a data file."}),
    (NewPipeline("p", "double", None, "helper.py"), {"postProcessing": "'helper.py' is a helper module."}),
    (NewPipeline("p", "double", "pre.py", None, ["post.py"]), {"dataFiles": "'post.py' is a script"}),
    (NewPipeline("p", "double", "pre.py", None, ["PRE.PY"]), {"dataFiles": "'pre.py' is in the pipeline already."}),
    (
        NewPipeline("p", "double", None, None, ["labels.json", "Labels.json"]),
        {"dataFiles": "'labels.json' is in the pipeline already."},
    ),
]


async def test_parts_that_do_not_exist_or_fit_are_told_field_by_field(catalog: Catalog) -> None:
    await catalog.parts()
    await catalog.resource("labels.json", b"[]")
    await catalog.resource("helper.py", b"X = 1\n", "module")
    for new, expected in WRONG_PARTS:
        with pytest.raises(InvalidPipeline) as refused:
            await catalog.pipelines.add(new)
        assert refused.value.fields.keys() == expected.keys()
        for field, message in expected.items():
            assert refused.value.fields[field].startswith(message)
    assert catalog.current.value.pipelines == ()


async def test_a_pipeline_that_does_not_load_is_not_kept(catalog: Catalog) -> None:
    await catalog.model()
    await catalog.resource("fails.py", b"import surely_not_there\n\ndef process(content):\n    return None\n")
    with pytest.raises(InvalidPipeline, match="surely_not_there") as refused:
        await catalog.pipelines.add(NewPipeline("p", "double", post_processing="fails.py"))
    details = refused.value.details
    assert (details["step"], details["script"], details["line"]) == ("post-processing", "fails.py", 1)
    assert refused.value.fields.keys() == {"postProcessing"}
    assert os.listdir(catalog.data_dir / "run") == []
    await catalog.resources.delete("fails.py")
    await catalog.models.delete("double")
    assert await catalog.agrees()


async def test_a_second_pipeline_of_the_name_is_refused(catalog: Catalog) -> None:
    await catalog.model()
    results = await asyncio.gather(
        *(catalog.pipelines.add(NewPipeline(name, "double")) for name in "pP"), return_exceptions=True
    )
    assert sorted(type(result).__name__ for result in results) == ["NameTaken", "Pipeline"]
    with pytest.raises(NameTaken):
        await catalog.pipelines.add(NewPipeline("p", "double"))
    kept = catalog.current.value.pipelines[0]
    (folder,) = os.listdir(catalog.data_dir / "run")
    assert folder.startswith(kept.revision_id)


async def test_what_a_pipeline_needs_cannot_be_deleted(catalog: Catalog) -> None:
    await catalog.parts()
    await catalog.resource("labels.json", b"[]")
    await catalog.pipelines.add(NewPipeline("p", "double", "pre.py", "post.py", ["labels.json"]))
    with pytest.raises(InUse, match="The pipeline 'p' needs the model 'double'"):
        await catalog.models.delete("double")
    for name in ("pre.py", "post.py", "labels.json"):
        with pytest.raises(InUse) as refused:
            await catalog.resources.delete(name)
        assert refused.value.pipelines == ["p"]
    assert await catalog.agrees()
    await catalog.pipelines.delete("p")
    await catalog.models.delete("double")
    for name in ("pre.py", "post.py", "labels.json"):
        await catalog.resources.delete(name)
    assert await catalog.agrees()
    assert catalog.blobs() == set()
    assert os.listdir(catalog.data_dir / "run") == []


async def test_what_is_not_there_cannot_be_deleted(catalog: Catalog) -> None:
    for delete in (catalog.models.delete, catalog.resources.delete, catalog.pipelines.delete):
        with pytest.raises(NotFound, match=r"There is no \w+ named 'none'\."):
            await delete("none")


async def test_a_model_that_goes_while_its_pipeline_is_loaded(catalog: Catalog) -> None:
    await catalog.model()
    catalog.supervisor.go_on.clear()
    adding = asyncio.create_task(catalog.pipelines.add(NewPipeline("p", "double")))
    await catalog.supervisor.loaded.wait()
    await catalog.models.delete("double")
    catalog.supervisor.go_on.set()
    with pytest.raises(InvalidPipeline) as refused:
        await adding
    assert refused.value.fields == {"model": "There is no model named 'double'."}
    assert await catalog.agrees()
    assert os.listdir(catalog.data_dir / "run") == []


async def test_a_model_that_is_replaced_while_its_pipeline_is_loaded(catalog: Catalog) -> None:
    await catalog.model()
    catalog.supervisor.go_on.clear()
    adding = asyncio.create_task(catalog.pipelines.add(NewPipeline("p", "double")))
    await catalog.supervisor.loaded.wait()
    await catalog.models.delete("double")
    await catalog.model(content=onnx_models.double_it(2))
    catalog.supervisor.go_on.set()
    with pytest.raises(InvalidPipeline, match="was changed while it was loaded"):
        await adding
    assert catalog.current.value.pipelines == ()
