"""What backend/docs/mle.md shows works, and each of its rows has a test."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import httpx2
from mle_calls import POST, PRE, TOKEN, named

HERE = Path(__file__).parent
DOCUMENT = (HERE.parents[2] / "docs/mle.md").read_text("utf-8")
SHELL = re.compile(r"^```sh\n(.*?)```", re.DOTALL | re.MULTILINE)
ROW = re.compile(r"^\| (\d{1,2}) \|", re.MULTILINE)
TESTED = re.compile(r"^(?:async )?def test_rows?_((?:\d+_(?:and_)?)+)", re.MULTILINE)


def test_each_row_has_a_test() -> None:
    rows = [int(number) for number in ROW.findall(DOCUMENT)]
    assert rows == list(range(1, 53))
    names = [name for file in HERE.glob("test_*.py") for name in TESTED.findall(file.read_text("utf-8"))]
    assert {int(number) for name in names for number in re.findall(r"\d+", name)} == set(rows)


def test_the_example_answers(admin: httpx2.Client, tmp_path: Path) -> None:
    (commands,) = SHELL.findall(DOCUMENT)
    files = {
        "resnet50.onnx": named("resnet50"),
        "PreprocessFabricImage.py": PRE,
        "ClassifyFabricFace.py": POST,
        "fabric.png": b"\1\2\3",
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    script = commands.replace("http://127.0.0.1:8000/service/zementis/onnx", str(admin.base_url).rstrip("/"))
    done = subprocess.run(
        ["bash", "-euc", script], cwd=tmp_path, env=os.environ | {"TOKEN": TOKEN}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith('"postProcessing":"ClassifyFabricFace.py"}{"sum":6.0}')
