"""Names that are given to what comes without one."""

from __future__ import annotations

import pytest

from sluice.catalog.default_names import base_name, default_model_name, safe_pipeline_name
from sluice.catalog.names import checked_new_name

SHA = "5a" * 32


@pytest.mark.parametrize(
    ("graph", "file", "name"),
    [
        ("resnet50", "other.onnx", "resnet50"),
        ("39c9f725699e4c9988ff55b8561db7fe", "iris.onnx", "39c9f725699e4c9988ff55b8561db7fe"),
        ("", "net.onnx", "net"),
        ("  ", "net.v2.onnx", "net.v2"),
        ("main", "squeezenet1.1.onnx", "squeezenet1.1"),
        ("main_graph", "net.onnx", "net"),
        ("torch_jit", "net.onnx", "net"),
        ("torch-jit-export", "net.onnx", "net"),
        ("Graph", "net.onnx", "net"),
        ("tf2onnx", "net.onnx", "net"),
        ("ONNX(RandomForestClassifier)", "net.onnx", "net"),
        ("main", "C:\\models\\net.onnx", "net"),
        ("main", "/home/ann/net.onnx", "net"),
        ("main", "", "main"),
        ("", "", SHA[:32]),
        ("..", "", SHA[:32]),
        ("encoder/layers\\0\n", "net.onnx", "encoder_layers_0"),
        ("a\u202eb", "net.onnx", "a_b"),
        ("u\u0308ber", "net.onnx", "\u00fcber"),
        ("x" * 300, "net.onnx", "x" * 200),
        ("main", "Model.v2.onnx", "Model_v2"),
    ],
)
def test_a_model_has_its_graph_s_name_or_its_file_s(graph: str, file: str, name: str) -> None:
    assert default_model_name(graph, file, SHA) == name
    assert checked_new_name(name) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("DetectFabricOrientation", "DetectFabricOrientation"),
        ("a-b_c.d1", "a-b_c.d1"),
        ("detect fabric/orientation#2?", "detect_fabric_orientation_2_"),
        ("T\u00fcr, 窓", "T\u00fcr__窓"),
        ("हिन्दी", "हिन्दी"),
        (" \n\u202e", "___"),
        ("model.a", "model_a"),
    ],
)
def test_unsafe_characters_of_a_pipeline_s_name_become_underscores(text: str, name: str) -> None:
    assert safe_pipeline_name(text) == name
    assert checked_new_name(name) == name


def test_folders_before_a_file_s_name_are_left_out() -> None:
    assert [base_name(text) for text in ("a.py", "b/a.py", "c:\\b/a.py", "b/")] == ["a.py", "a.py", "a.py", ""]
