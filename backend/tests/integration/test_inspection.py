"""Uploaded files are judged in a process of their own."""

from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import onnx_models
import pytest
from puppets import inspectors
from targets import Targets

from sluice.entities import Opset
from sluice.errors import InvalidModel, InvalidScript
from sluice.workers.inspection import InspectedScript, Inspector


@pytest.fixture
def targets(tmp_path: Path, inspector: Inspector) -> Targets:
    return Targets(tmp_path, inspector)


@asynccontextmanager
async def inspecting(folder: Path, timeout_s: float, memory_mb: int) -> AsyncIterator[Targets]:
    inspector = Inspector(timeout_s, memory_mb, folders=[folder])
    yield Targets(folder, inspector)
    await inspector.close()


async def reason(targets: Targets, model: bytes) -> str:
    with pytest.raises(InvalidModel) as refused:
        await targets.facts(model)
    assert str(targets.folder) not in refused.value.message
    return refused.value.message


async def test_a_model_tells_its_facts(targets: Targets) -> None:
    facts = await targets.facts(onnx_models.map_output())
    assert facts.ir_version == 8
    assert facts.opsets == (Opset("ai.onnx", 17), Opset("ai.onnx.ml", 1))
    assert facts.graph_name == "test"
    assert [(i.name, i.type, i.dimensions, i.datatype) for i in facts.inputs] == [
        ("x", "tensor(float)", ("N", 2), "FP32")
    ]
    assert [(o.name, o.type, o.shape) for o in facts.outputs] == [("y", "seq(map(int64,tensor(float)))", None)]


async def test_a_scalar_and_an_unknown_rank_are_told_apart(targets: Targets) -> None:
    assert (await targets.facts(onnx_models.identity("float", ()))).inputs[0].dimensions == ()
    assert (await targets.facts(onnx_models.identity("float", None))).inputs[0].dimensions is None


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "not an ONNX file"),
        (b"hello", "not an ONNX"),
        (b"\x08\x08", "has no graph with outputs"),
        (b"\0\0\0\0ORTM", "onnxruntime's own format"),
        (onnx_models.identity()[:-5], "not an ONNX"),
    ],
)
async def test_what_is_no_model_is_refused(targets: Targets, content: bytes, said: str) -> None:
    assert said in await reason(targets, content)


async def test_a_newer_opset_says_what_is_supported_and_what_to_set(targets: Targets) -> None:
    said = await reason(targets, onnx_models.newer_opset(99))
    assert "uses opset 99" in said
    assert "opset_version=" in said


async def test_an_unknown_operator_is_named(targets: Targets) -> None:
    assert "NoSuchOperator" in await reason(targets, onnx_models.unknown_operator())


@pytest.mark.parametrize("element", onnx_models.UNSERVED_ELEMENTS)
async def test_a_type_that_cannot_travel_is_refused(targets: Targets, element: str) -> None:
    assert f"tensor({element})" in await reason(targets, onnx_models.identity(element))


async def test_a_model_that_takes_too_long_to_load(tmp_path: Path) -> None:
    async with inspecting(tmp_path, timeout_s=0.001, memory_mb=4096) as targets:
        assert "didn't load within 0.001 s" in await reason(targets, onnx_models.big(30))


async def test_a_model_that_takes_too_much_memory_to_load(tmp_path: Path) -> None:
    async with inspecting(tmp_path, timeout_s=60, memory_mb=1024) as targets:
        assert re.search(r"1024 MB|more memory than is allowed", await reason(targets, onnx_models.big(300)))


async def test_a_zygote_that_was_lost_is_replaced(tmp_path: Path) -> None:
    async with inspecting(tmp_path, timeout_s=60, memory_mb=4096) as targets:
        before = set(inspectors())
        await targets.facts(onnx_models.identity())
        (zygote,) = set(inspectors()) - before
        os.kill(zygote, signal.SIGKILL)
        await targets.facts(onnx_models.identity())
        (other,) = set(inspectors()) - before
        assert other != zygote
    assert set(inspectors()) == before


async def test_external_data_is_merged(tmp_path: Path, inspector: Inspector, targets: Targets) -> None:
    model, data = onnx_models.external_data("weights.data")
    (tmp_path / "m.onnx").write_bytes(model)
    (tmp_path / "d").write_bytes(data)
    merged = tmp_path / "merged"
    inspected = await inspector.inspect_model(tmp_path / "m.onnx", {"weights.data": tmp_path / "d"}, merged)
    assert inspected.merged
    assert (await targets.facts(merged.read_bytes())) == inspected.facts


@pytest.mark.parametrize(
    ("location", "files", "said"),
    [
        ("weights.data", {}, "keeps its data in 'weights.data', which was not uploaded"),
        ("/etc/passwd", {}, "keeps its data in '/etc/passwd', which was not uploaded"),
        ("../up.data", {"up.data": 16}, "keeps its data in '../up.data', which was not uploaded"),
        ("weights.data", {"weights.data": 15}, "lies outside 'weights.data', which has 15 bytes"),
        (
            "weights.data",
            {"weights.data": 16, "other.data": 4},
            "No tensor of the model keeps its data in 'other.data'",
        ),
    ],
)
async def test_external_data_that_does_not_fit(
    tmp_path: Path, inspector: Inspector, location: str, files: dict[str, int], said: str
) -> None:
    (tmp_path / "m.onnx").write_bytes(onnx_models.external_data(location)[0])
    for name, size in files.items():
        (tmp_path / name).write_bytes(b"\0" * size)
    with pytest.raises(InvalidModel) as refused:
        await inspector.inspect_model(tmp_path / "m.onnx", {n: tmp_path / n for n in files}, tmp_path / "merged")
    assert said in refused.value.message


async def test_a_script_is_not_run(tmp_path: Path, inspector: Inspector) -> None:
    made = tmp_path / "made"
    script = tmp_path / "s"
    script.write_text(f"open({str(made)!r}, 'w')\ndef process(content): pass\n")
    assert await inspector.inspect_script(script, "s.py", "script") == InspectedScript((), None)
    assert not made.exists()


async def test_a_bad_script_says_where(tmp_path: Path, inspector: Inspector) -> None:
    script = tmp_path / "s"
    script.write_text("def process(content):\n    return content +\n")
    with pytest.raises(InvalidScript, match="invalid syntax") as refused:
        await inspector.inspect_script(script, "pre.py", "script")
    assert refused.value.details == {"line": 2, "column": 21, "lineText": "    return content +"}


async def test_a_script_that_breaks_the_parser_is_refused(tmp_path: Path, inspector: Inspector) -> None:
    script = tmp_path / "s"
    script.write_text("x = " + "-" * 200_000 + "1\n")
    with pytest.raises(InvalidScript):
        await inspector.inspect_script(script, "pre.py", "script")


async def test_many_files_at_once(targets: Targets) -> None:
    facts = await asyncio.gather(*(targets.facts(onnx_models.identity(element)) for element in onnx_models.ELEMENTS))
    assert [f.inputs[0].type for f in facts] == [f"tensor({element})" for element in onnx_models.ELEMENTS]
