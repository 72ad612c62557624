"""Which pipelines file names alone leave no doubt about."""

from __future__ import annotations

from pathlib import Path

import pytest

from sluice.cli.saved import SavedPipeline, proposed

ONE = {"net": Path("model.onnx")}
TWO = {"cat": Path("cat.onnx"), "cats": Path("cats.onnx")}


@pytest.mark.parametrize(
    ("models", "scripts", "expected"),
    [
        (ONE, ["pre.py", "PostProcess.py"], [SavedPipeline("net", "net", "pre.py", "PostProcess.py")]),
        (ONE, ["PreprocessFabricImage.py"], [SavedPipeline("net", "net", "PreprocessFabricImage.py", None)]),
        (ONE, ["my_postprocessing.py"], [SavedPipeline("net", "net", None, "my_postprocessing.py")]),
        (ONE, [], []),
        (ONE, ["predict.py"], []),
        (ONE, ["pre.py", "classify.py"], []),
        (ONE, ["pre_1.py", "pre_2.py"], []),
        (ONE, ["pre_and_post.py"], []),
        ({}, ["pre.py"], []),
        (TWO, ["pre.py", "post.py"], []),
        (
            TWO,
            ["cat_pre.py", "cats-post.py", "other.py"],
            [SavedPipeline("cat", "cat", "cat_pre.py", None), SavedPipeline("cats", "cats", None, "cats-post.py")],
        ),
        (TWO, ["cat_pre.py", "cat_help.py", "cats_pre.py"], [SavedPipeline("cats", "cats", "cats_pre.py", None)]),
    ],
)
def test_proposed(models: dict[str, Path], scripts: list[str], expected: list[SavedPipeline]):
    assert proposed(models, scripts) == expected
