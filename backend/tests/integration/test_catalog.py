"""Models and resources: what is uploaded is kept with its row, or leaves nothing."""

import asyncio
import os

import onnx_models
import pytest
from catalogs import DOUBLE, POST, Catalog

from sluice.catalog.opening import open_catalog
from sluice.catalog.target import target_of
from sluice.catalog.uploads import model_and_data
from sluice.entities import ResourceKind
from sluice.errors import InvalidModel, InvalidName, InvalidScript, NameTaken, NotFound, Unprocessable


async def test_a_model_is_kept_under_its_files_stem(catalog: Catalog) -> None:
    model = await catalog.model("double.onnx")
    assert (model.name, model.revision, model.size_bytes) == ("double", 1, len(DOUBLE))
    assert [(spec.name, spec.datatype, spec.shape) for spec in model.facts.inputs] == [("x", "FP32", (-1, 4))]
    assert catalog.files.path(model.sha256).read_bytes() == DOUBLE
    assert catalog.current.value.model("DOUBLE") == model
    assert await catalog.agrees()


async def test_a_broken_model_leaves_nothing(catalog: Catalog) -> None:
    upload = await catalog.upload("broken.onnx", b"not a model")
    with pytest.raises(InvalidModel):
        await catalog.models.add(upload)
    await catalog.files.discard(upload.staged)
    assert await catalog.agrees()
    assert catalog.current.value.models == ()


async def test_external_data_is_merged_into_one_file(catalog: Catalog) -> None:
    file, data = onnx_models.external_data("weights.data")
    uploads = [await catalog.upload("weights.data", data), await catalog.upload("added.onnx", file)]
    model = await catalog.models.add(*model_and_data(uploads))
    assert catalog.blobs() == {model.sha256}
    await catalog.supervisor.warm(target_of(model, catalog.files))
    for upload in uploads:
        await catalog.files.discard(upload.staged)
    assert os.listdir(catalog.data_dir / "incoming") == []


async def test_of_several_files_one_must_be_the_model(catalog: Catalog) -> None:
    a, b = [await catalog.upload(name, b"x") for name in ("a.onnx", "b.onnx")]
    odd = await catalog.upload("odd", b"x")
    assert model_and_data([odd]) == (odd, ())
    assert model_and_data([odd, b]) == (b, (odd,))
    for files in ([a, b], [odd, odd], []):
        with pytest.raises(Unprocessable, match=r"Send one \.onnx file"):
            model_and_data(files)


async def test_a_name_that_cannot_be_kept_is_refused_before_the_inspection(catalog: Catalog) -> None:
    for name in ("a/b", "", " ", "x\0"):
        with pytest.raises(InvalidName):
            await catalog.model(content=b"not even looked at", name=name)


async def test_of_two_uploads_at_once_one_gets_the_name(catalog: Catalog) -> None:
    contents = [onnx_models.double_it(width) for width in (2, 3, 4)]
    results = await asyncio.gather(
        *(catalog.model(content=content, name=name) for content, name in zip(contents, "aAa", strict=True)),
        return_exceptions=True,
    )
    assert sorted(type(result).__name__ for result in results) == ["Model", "NameTaken", "NameTaken"]
    assert await catalog.agrees()
    assert len(catalog.blobs()) == 1


async def test_a_taken_name_is_told_before_anything_is_uploaded(catalog: Catalog) -> None:
    await catalog.parts()
    with pytest.raises(NameTaken, match=r"A model named 'double' exists.*PUT models/double/content replaces it"):
        catalog.models.free_name("Double.onnx")
    with pytest.raises(NameTaken, match=r"A resource named 'pre\.py' exists already.*PUT resources/pre\.py/content"):
        catalog.resources.free_name("Pre.PY")
    assert catalog.models.free_name("Double.onnx", "other") == "other"


async def test_one_content_under_two_names_stays_until_the_last_goes(catalog: Catalog) -> None:
    await catalog.resource("a.txt", b"same")
    await catalog.resource("b.txt", b"same")
    assert len(catalog.blobs()) == 1
    await catalog.resources.delete("a.txt")
    assert await catalog.agrees()
    assert len(catalog.blobs()) == 1
    await catalog.resources.delete("b.txt")
    assert catalog.blobs() == set()


async def test_deleting_never_races_an_upload_of_the_same_content(catalog: Catalog) -> None:
    await catalog.resource("0.txt", b"same")
    for number in range(1, 20):
        await asyncio.gather(catalog.resource(f"{number}.txt", b"same"), catalog.resources.delete(f"{number - 1}.txt"))
        assert len(catalog.blobs()) == 1
    assert await catalog.agrees()


async def test_a_change_whose_caller_leaves_is_made_whole(catalog: Catalog) -> None:
    for number in range(10):
        upload = await catalog.upload(f"{number}.txt", b"%d" % number)
        adding = asyncio.create_task(catalog.resources.add(upload))
        for _ in range(number * 3):
            await asyncio.sleep(0)
        adding.cancel()
        await asyncio.gather(adding, return_exceptions=True)
        await catalog.changes.settle()
        await catalog.files.discard(upload.staged)
        assert await catalog.agrees()


async def test_a_script_is_checked_and_data_is_not(catalog: Catalog) -> None:
    with pytest.raises(InvalidScript) as refused:
        await catalog.resource("bad.py", b"def process(content):\n    return (\n")
    assert refused.value.details["line"] == 2
    assert (await catalog.resource("bad.txt", b"def process(")).kind == "data"
    assert (await catalog.resource("data.py", b"def process(", "data")).kind == "data"
    assert (await catalog.resource("helper.py", b"X = 1\n", "module")).kind == "module"
    warned = await catalog.resource("warned.py", b"import surely_not_there\n" + POST)
    assert [warning.module for warning in warned.warnings] == ["surely_not_there"]


async def test_a_python_file_needs_a_name_that_python_finds(catalog: Catalog) -> None:
    wrong: list[tuple[str, ResourceKind]] = [("a.txt", "script"), ("a.txt", "module"), ("a-b.py", "module")]
    for name, kind in wrong:
        with pytest.raises(InvalidName, match=name):
            await catalog.resource(name, POST, kind)


async def test_the_text_of_a_resource(catalog: Catalog) -> None:
    await catalog.resource("text.txt", "größer\r\n".encode())
    await catalog.resource("binary.bin", b"\xff\xfe")
    await catalog.resource("large.txt", b"x" * (1024 * 1024 + 1))
    assert await catalog.resources.read_text("text.txt") == "größer\r\n"
    assert await catalog.resources.read_text("binary.bin") is None
    assert await catalog.resources.read_text("large.txt") is None
    with pytest.raises(NotFound, match=r"There is no resource named 'none\.txt'\."):
        await catalog.resources.read_text("none.txt")


async def test_a_start_after_a_crash_removes_what_no_row_names(catalog: Catalog) -> None:
    await catalog.parts()
    orphan = await catalog.upload("orphan", b"kept, but its row never came")
    await catalog.files.flush(orphan.staged)
    await catalog.files.keep(orphan.staged)
    await catalog.upload("cut off", b"staged only")
    reopened = await open_catalog(catalog.files)
    assert reopened.value == catalog.current.value
    assert orphan.staged.sha256 not in catalog.blobs()
    assert os.listdir(catalog.data_dir / "incoming") == []
    assert await catalog.agrees()
