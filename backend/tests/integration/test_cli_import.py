"""`sluice import`: what was saved elsewhere is judged first, then moved in, as often as wanted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx_models
import pytest
from commands import Done, sluice
from serving import SLUICE, serving

DIGITS = Path(__file__).parents[2] / "examples/digits"
PRE = "import numpy as np\n\n\ndef process(content):\n    return {'x': np.full((1, 4), 1.5, np.float32)}\n"
OLD = "import numpy as np\n\nKIND = np.float\n\n\ndef process(content):\n    return content[0].astype(KIND).tolist()\n"
PIPELINES = [
    {"pipelineName": "Double/it", "modelName": "double", "preProcessing": "Prepare.py"},
    {"pipelineName": "Old", "modelName": "double", "preProcessing": "Prepare.py", "postProcessing": "Old.py"},
    {"pipelineName": "Lost", "modelName": "gone", "preProcessing": "Prepare.py"},
    {"pipelineName": "Digits", "modelName": "digits", "preProcessing": "digits_pre.py"},
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What somebody saved: a model whose graph has a name, one without, scripts, and the pipelines."""
    saved = tmp_path / "saved"
    (saved / "scripts").mkdir(parents=True)
    (saved / "double.onnx").write_bytes(onnx_models.double_it().replace(b"\x12\x04test", b"\x12\x04main"))
    shutil.copy(DIGITS / "digits.onnx", saved / "download (1).onnx")
    shutil.copy(DIGITS / "digits_pre.py", saved / "scripts")
    (saved / "scripts/Prepare.py").write_text(PRE)
    (saved / "scripts/Old.py").write_text(OLD)
    (saved / "answer.json").write_text(json.dumps({"pipelines": PIPELINES}))
    return saved


def verdicts(done: Done) -> dict[tuple[str, str], dict[str, Any]]:
    return {(line["kind"], line["name"]): line for line in done.lines}


def deeds(done: Done) -> dict[str, str]:
    return {line["name"]: line["deed"] for line in done.lines if line["ok"]}


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("server")
    with serving(SLUICE, folder):
        yield folder / "data"


def test_a_dry_run_tells_what_to_repair_and_the_rest_moves_in(folder: Path, data_dir: Path, tmp_path: Path):
    dry = sluice("import", folder, "--json", cwd=tmp_path)
    assert (dry.status, dry.error.count("\n")) == (1, 1)
    assert not (tmp_path / "data").exists()
    found = verdicts(dry)
    assert list(found) == [
        ("model", "double"),
        ("model", "digits"),
        ("resource", "Old.py"),
        ("resource", "Prepare.py"),
        ("resource", "digits_pre.py"),
        ("pipeline", "Double_it"),
        ("pipeline", "Old"),
        ("pipeline", "Lost"),
        ("pipeline", "Digits"),
    ]
    assert found["model", "digits"]["notes"] == ["from the file download (1).onnx"]
    assert found["pipeline", "Double_it"]["notes"] == ["was called 'Double/it'"]
    assert [name for (kind, name), line in found.items() if not line["ok"]] == ["Old", "Lost"]
    assert "'Old.py' can't be loaded at line 3" in found["pipeline", "Old"]["problem"]
    assert any("np.float" in warning for warning in found["resource", "Old.py"]["warnings"])
    assert found["pipeline", "Lost"]["problem"] == "Its model 'gone' isn't in the folder: save it there, too."

    there = ("--data-dir", data_dir)
    planned = sluice("import", folder, *there)
    assert planned.status == 1 and "would be created" in planned.out and "--apply" in planned.error
    assert "repair" in planned.out and "'Old.py' can't be loaded at line 3" in planned.out
    real = sluice("import", folder, "--apply", "--json", *there)
    assert real.status == 1
    assert set(deeds(real).values()) == {"created"} and "Old" not in deeds(real)
    again = sluice("import", folder, "--apply", "--json", *there)
    assert set(deeds(again).values()) == {"unchanged"} and deeds(again).keys() == deeds(real).keys()

    (folder / "scripts/Old.py").write_text(OLD.replace("np.float", "np.float64"))
    (folder / "answer.json").write_text(json.dumps(PIPELINES[:2]))
    kept = sluice("import", folder, "--apply", "--json", *there)
    assert kept.status == 1
    assert deeds(kept)["Old.py"] == "kept"
    assert "module 'numpy' has no attribute 'float'" in verdicts(kept)["pipeline", "Old"]["problem"]
    replaced = sluice("import", folder, "--apply", "--replace", "--json", *there)
    assert replaced.status == 0, replaced.out
    assert (deeds(replaced)["Old.py"], deeds(replaced)["Old"]) == ("replaced", "created")


def test_without_an_answer_only_what_is_beyond_doubt(folder: Path, tmp_path: Path):
    (folder / "answer.json").unlink()
    several = sluice("import", folder, "--json", cwd=tmp_path)
    assert [name for kind, name in verdicts(several) if kind == "pipeline"] == []
    assert "no pipeline: " in several.error
    for path in (folder / "scripts/Old.py", folder / "scripts/digits_pre.py", folder / "download (1).onnx"):
        path.unlink()
    (folder / "scripts/Prepare.py").rename(folder / "preprocess.py")
    one = sluice("import", folder, "--json", cwd=tmp_path)
    assert (one.status, [name for kind, name in verdicts(one) if kind == "pipeline"]) == (0, ["double"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["."], "'.' has no .onnx and no .py file."),
        (["no-such"], "'no-such' does not exist"),
        ([".", "--pipelines", "x.json"], "'x.json' tells of no pipeline"),
    ],
)
def test_what_cant_be_imported(tmp_path: Path, arguments: list[str], told: str):
    (tmp_path / "x.json").write_text("[1, {}]")
    done = sluice("import", *arguments, cwd=tmp_path)
    assert (done.status, done.out) == (2, "")
    assert told in done.error and done.error.count("\n") == 1
