"""`sluice check`: a pipeline is judged without a server, in the server's words, and nothing is left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import onnx_models
import pytest
from commands import sluice, started

EXAMPLES = Path(__file__).parents[2] / "examples"
DIGITS = EXAMPLES / "digits"
PRE = "import numpy as np\n\n\ndef process(content):\n    print('here')\n    return {'x': np.full((1, 4), 2)}\n"
HANGS = "import time\n\n\ndef process(content):\n    time.sleep(600)\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with a model in it; nothing may be left in the folder for temporary files beside it."""
    (tmp_path / "tmp").mkdir()
    (tmp_path / "double.onnx").write_bytes(onnx_models.double_it())
    yield tmp_path
    assert os.listdir(tmp_path / "tmp") == []


def test_a_good_pipeline_as_json(folder: Path):
    done = sluice(
        *("check", DIGITS / "digits_pre.py", "--model", DIGITS / "digits.onnx", "--post", DIGITS / "digits_post.py"),
        *("--file", DIGITS / "digits_labels.json", "--input", DIGITS / "pictures/digit-3.png", "--json"),
        *("--deadline-s", "20"),
        TMPDIR=str(folder / "tmp"),
    )
    assert (done.status, done.error) == (0, "")
    [report] = done.lines
    assert (report["ok"], report["loaded"], report["ran"], report["sample"]) == (True, True, True, "input")
    assert (report["output"]["digit"], report["problem"], report["warnings"]) == (3, None, [])
    assert report["model"]["inputs"][0]["name"] == "image"
    steps = [step["step"] for step in report["trace"]["steps"]]
    assert steps[:3] == ["pre-processing", "model", "post-processing"]


def test_an_example_s_manifest_for_people(folder: Path):
    done = sluice("check", EXAMPLES / "iris/pipeline.toml", TMPDIR=str(folder / "tmp"))
    assert (done.status, done.error) == (0, "")
    assert "post-processing" in done.out and '"species": "setosa"' in done.out
    assert done.out.endswith("ok  It loads and answers.\n")


def test_what_is_broken_is_told_with_step_line_source_and_repair(folder: Path):
    (folder / "pre.py").write_text("import made_up_name\n" + PRE)
    (folder / "good.py").write_text(PRE)
    (folder / "sample.txt").write_text("a")
    broken = ("--model", "double.onnx", "--input", "sample.txt")
    settings = {"TMPDIR": str(folder / "tmp"), "cwd": folder}
    unfit = sluice("check", "good.py", *broken, **settings)  # type: ignore[arg-type]
    assert (unfit.status, unfit.error) == (1, "")
    assert "broken  pre-processing, good.py" in unfit.out
    assert "astype(np.float32)" in unfit.out
    assert "    here\n" in unfit.out
    missing = sluice("check", "pre.py", *broken, **settings)  # type: ignore[arg-type]
    assert (missing.status, missing.error) == (1, "")
    assert "warning  pre.py: Line 1 imports 'made_up_name', which is not installed here." in missing.out
    assert "broken  pre-processing, pre.py, line 1" in missing.out
    assert ">    1  import made_up_name" in missing.out


def test_what_is_no_model(folder: Path):
    done = sluice("check", "--model", DIGITS / "digits_pre.py", "--json", TMPDIR=str(folder / "tmp"))
    assert done.status == 1
    [report] = done.lines
    assert (report["ok"], report["problem"]["code"], report["problem"]["step"]) == (False, "invalid-model", "model")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--post", DIGITS / "digits_labels.json", "--model", DIGITS / "digits.onnx"], "is no Python file"),
        ([DIGITS / "digits_pre.py"], "Name the model by --model"),
        ([DIGITS / "pipeline.toml", "--model", DIGITS / "digits.onnx"], "leave --model, --post and --file out"),
        (
            [DIGITS / "digits_pre.py", "--model", DIGITS / "digits.onnx", "--file", DIGITS / "digits_pre.py"],
            "can't both be 'digits_pre.py'",
        ),
    ],
)
def test_flags_that_dont_go_together(arguments: list[str | Path], told: str):
    done = sluice("check", *arguments)
    assert (done.status, done.out) == (2, "")
    assert told in done.error and done.error.count("\n") == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_nothing(folder: Path, number: signal.Signals):
    (folder / "pre.py").write_text(HANGS)
    arguments = ("check", "pre.py", "--model", "double.onnx", "--input", "pre.py")
    with started(*arguments, cwd=folder, TMPDIR=str(folder / "tmp")) as running:
        while not list(folder.glob("tmp/sluice-*/data/run/*")):
            assert running.poll() is None
        running.send_signal(number)
        _, error = running.communicate(timeout=30)
    assert running.returncode == 128 + number
    assert error == ("sluice: interrupted.\n" if number == signal.SIGINT else "sluice: terminated.\n")
