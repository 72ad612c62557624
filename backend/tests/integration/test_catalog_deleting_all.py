"""Everything of a kind is deleted at once, in files, rows and snapshot alike, or nothing is."""

from __future__ import annotations

import onnx_models
import pytest
from catalogs import POST, Catalog

from sluice.catalog.parts import NewPipeline
from sluice.catalog.snapshot import Snapshot
from sluice.entities import Resource
from sluice.errors import InUse


def scripts(snapshot: Snapshot) -> list[Resource]:
    return [resource for resource in snapshot.resources if resource.kind == "script"]


async def test_one_that_a_pipeline_needs_keeps_all(catalog: Catalog) -> None:
    await catalog.model("another.onnx", onnx_models.times(3))
    await catalog.parts()
    await catalog.resource("zeros.bin", bytes(8))
    await catalog.pipelines.add(NewPipeline("p", "double", pre_processing="pre.py", post_processing="post.py"))
    await catalog.resource("a.py", POST + b"# of its own\n")
    before = catalog.current.value
    with pytest.raises(InUse) as refused:
        await catalog.models.delete_all()
    assert (refused.value.kind, refused.value.name, refused.value.pipelines) == ("model", "double", ["p"])
    with pytest.raises(InUse) as refused:
        await catalog.resources.delete_all(scripts)
    assert (refused.value.kind, refused.value.name) == ("resource", "post.py")
    assert catalog.current.value == before
    assert await catalog.agrees()
    await catalog.pipelines.delete_all()
    assert await catalog.agrees()
    await catalog.models.delete_all()
    await catalog.resources.delete_all(scripts)
    after = catalog.current.value
    assert (after.models, [resource.name for resource in after.resources], after.pipelines) == ((), ["zeros.bin"], ())
    assert await catalog.agrees()
    assert len(catalog.blobs()) == 1


async def test_nothing_is_deleted_where_nothing_is(catalog: Catalog) -> None:
    await catalog.pipelines.delete_all()
    await catalog.models.delete_all()
    await catalog.resources.delete_all(scripts)
    assert await catalog.agrees()
