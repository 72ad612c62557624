"""Makes the models and request bodies that the benchmarks run, always the same."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import orjson
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

from benchmarks.workloads import TENSOR_HEAD_BYTES, TENSOR_MEGABYTES

Floats = NDArray[np.float32]

IR_VERSION = 8
OPSETS = [helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)]


def make_files(folder: Path) -> None:
    """Write the models and bodies of all workloads."""
    write_flower(folder)
    write_numbers(folder)
    write_tensors(folder)
    write_picture(folder)
    write_classifier(folder)


def write_flower(folder: Path, name: str = "flower", shift: float = 0.0) -> None:
    """Write a logistic regression of 4 measures and 3 classes, and one record for it; `shift` makes it another one."""
    coefficients = [-0.42, 0.97, -2.51, -1.08, 0.53, -0.32, -0.21, -0.94, -0.11, -0.65, 2.72, 2.02]
    node = helper.make_node(
        "LinearClassifier",
        ["measures"],
        ["species", "scores"],
        domain="ai.onnx.ml",
        coefficients=coefficients,
        intercepts=[9.85 + shift, 2.24, -12.09],
        classlabels_ints=[0, 1, 2],
        multi_class=1,
        post_transform="SOFTMAX",
    )
    outputs = [
        helper.make_tensor_value_info("species", TensorProto.INT64, ["n"]),
        _floats("scores", "n", 3),
    ]
    write_model(folder / f"{name}.onnx", [node], [_floats("measures", "n", 4)], outputs, {})
    (folder / "flower.json").write_text(json.dumps({"measures": [[5.1, 3.5, 1.4, 0.2]]}))


def write_numbers(folder: Path) -> None:
    """Write `add_one.onnx` and bodies of 10 and 100 MB."""
    node = helper.make_node("Add", ["numbers", "one"], ["sums"])
    one = {"one": np.ones(1, np.float32)}
    write_model(folder / "add_one.onnx", [node], [_floats("numbers", "n", "m")], [_floats("sums", "n", "m")], one)
    random = np.random.default_rng(1)
    for megabytes in (10, 100):
        random.random(megabytes * 250_000, np.float32).tofile(folder / f"numbers-{megabytes}.bin")


def write_tensors(folder: Path) -> None:
    """Write requests of the Open Inference Protocol to `add_one.onnx`: as JSON, and with a binary tensor."""
    for megabytes in TENSOR_MEGABYTES:
        numbers = np.random.default_rng(5).random((250, 1000 * megabytes), np.float32)
        head: dict[str, Any] = {"name": "numbers", "shape": numbers.shape, "datatype": "FP32"}
        flat = orjson.dumps(numbers.reshape(-1), option=orjson.OPT_SERIALIZE_NUMPY)
        request: dict[str, Any] = {"inputs": [{**head, "data": orjson.Fragment(flat)}]}
        (folder / f"tensor-{megabytes}.json").write_bytes(orjson.dumps(request))
        request = {
            "inputs": [{**head, "parameters": {"binary_data_size": numbers.nbytes}}],
            "parameters": {"binary_data_output": True},
        }
        padded = orjson.dumps(request).ljust(TENSOR_HEAD_BYTES)
        assert len(padded) == TENSOR_HEAD_BYTES
        (folder / f"tensor-{megabytes}.bin").write_bytes(padded + numbers.tobytes())


def write_picture(folder: Path) -> None:
    """Write `picture.png`, 300 x 300, about as hard to unpack as a photograph."""
    across, down = np.meshgrid(np.linspace(0, 1, 300), np.linspace(0, 1, 300))
    waves = [np.sin(7 * across + 2 * down), np.cos(6 * across * down), np.sin(4 * down - 3 * across)]
    noise = np.random.default_rng(2).normal(0, 6, (300, 300, 3))
    pixels = np.clip(np.stack(waves, axis=-1) * 100 + 128 + noise, 0, 255).astype(np.uint8)
    packed = io.BytesIO()
    Image.fromarray(pixels).save(packed, "PNG")
    (folder / "picture.png").write_bytes(packed.getvalue())


def write_classifier(folder: Path) -> None:
    """Write `classifier.onnx`, a MobileNetV2 (14 MB) whose weights are random.

    Source: Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", 2018, table 2.
    """
    _Network().write(folder / "classifier.onnx")


def write_table(path: Path, megabytes: int) -> None:
    """Write a model of a given size: it looks up two rows of a table and mixes them, so that a run is quick."""
    width = 512
    random = np.random.default_rng(3)
    rows = megabytes * 1_000_000 // (4 * width)
    weights = {
        "table": random.standard_normal((rows, width), np.float32),
        "mix": random.standard_normal((width, width), np.float32) / np.float32(width**0.5),
    }
    nodes = [
        helper.make_node("Gather", ["table", "rows"], ["found"], axis=0),
        helper.make_node("MatMul", ["found", "mix"], ["mixed"]),
        helper.make_node("Tanh", ["mixed"], ["bent"]),
        helper.make_node("MatMul", ["bent", "mix"], ["twice"]),
        helper.make_node("Softmax", ["twice"], ["shares"], axis=-1),
    ]
    rows_input = helper.make_tensor_value_info("rows", TensorProto.INT64, [2])
    write_model(path, nodes, [rows_input], [_floats("shares", 2, width)], weights)


class _Network:
    """Collects the layers of the classifier."""

    # Of each group of blocks: how much wider inside, channels out, blocks, step of the first.
    GROUPS = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1))
    CLASSES = 1000
    LAST = 1280

    def __init__(self) -> None:
        self._random = np.random.default_rng(4)
        self._nodes: list[onnx.NodeProto] = []
        self._weights: dict[str, Floats | np.float32] = {"zero": np.float32(0), "six": np.float32(6)}

    def write(self, path: Path) -> None:
        value, channels = self._convolve("picture", 3, 32, size=3, step=2), 32
        for wider, out, blocks, step in self.GROUPS:
            for number in range(blocks):
                value = self._block(value, channels, channels * wider, out, 1 if number else step)
                channels = out
        value = self._convolve(value, channels, self.LAST)
        value = self._add("GlobalAveragePool", value)
        value = self._add("Flatten", value)
        scale = np.float32(0.02)
        self._weights["last"] = self._random.standard_normal((self.LAST, self.CLASSES), np.float32) * scale
        value = self._add("MatMul", value, "last")
        value = self._add("Softmax", value)
        self._nodes.append(helper.make_node("Identity", [value], ["probabilities"]))
        inputs = [_floats("picture", "n", 3, 224, 224)]
        write_model(path, self._nodes, inputs, [_floats("probabilities", "n", self.CLASSES)], self._weights)

    def _block(self, value: str, channels: int, inside: int, out: int, step: int) -> str:
        start = value
        if inside > channels:
            value = self._convolve(value, channels, inside)
        value = self._convolve(value, inside, inside, size=3, step=step, groups=inside)
        value = self._convolve(value, inside, out, bounded=False)
        return self._add("Add", start, value) if step == 1 and channels == out else value

    def _convolve(
        self, value: str, into: int, out: int, size: int = 1, step: int = 1, groups: int = 1, bounded: bool = True
    ) -> str:
        name = f"w{len(self._weights)}"
        fan = into // groups * size * size
        kernel = self._random.standard_normal((out, into // groups, size, size), np.float32)
        self._weights[name] = kernel * np.float32((2 / fan) ** 0.5)
        options = {"kernel_shape": [size] * 2, "strides": [step] * 2, "pads": [size // 2] * 4, "group": groups}
        value = self._add("Conv", value, name, **options)
        return self._add("Clip", value, "zero", "six") if bounded else value

    def _add(self, operator: str, *values: str, **options: Any) -> str:
        result = f"v{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, list(values), [result], **options))
        return result


def _floats(name: str, *shape: int | str) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)


def write_model(
    path: Path,
    nodes: list[onnx.NodeProto],
    inputs: list[onnx.ValueInfoProto],
    outputs: list[onnx.ValueInfoProto],
    weights: Mapping[str, NDArray[Any] | np.generic],
) -> None:
    """Write a model of one graph."""
    stored = [numpy_helper.from_array(np.asarray(array), name) for name, array in weights.items()]
    graph = helper.make_graph(nodes, path.stem, inputs, outputs, stored)
    model = helper.make_model(graph, opset_imports=OPSETS, ir_version=IR_VERSION)
    onnx.checker.check_model(model)
    onnx.save(model, path)
