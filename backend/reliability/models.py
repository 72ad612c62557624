"""Makes the models of the run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper
from PIL import Image

from benchmarks.models import write_model, write_picture


def write_increment(path: Path) -> None:
    """Write a model `numbers float (n, 4) -> sums`: one more."""
    node = helper.make_node("Add", ["numbers", "one"], ["sums"])
    values = [helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", 4]) for name in ("numbers", "sums")]
    write_model(path, [node], values[:1], values[1:], {"one": np.ones(1, np.float32)})


def increment(name: str) -> bytes:
    """Return the same model with a name inside, so that each is another file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "increment.onnx")
        write_increment(path)
        model = onnx.load(path)
    model.doc_string = name
    return bytes(model.SerializeToString())


def write_counter(path: Path) -> None:
    """Write a model `times int64 () -> counted`, which counts up to its input, so that it can take for ever."""
    count = [helper.make_node("Add", ["so_far", "one"], ["next"]), helper.make_node("Identity", ["on"], ["still"])]
    scalar = [helper.make_tensor_value_info(name, TensorProto.INT64, []) for name in ("step", "so_far", "next")]
    on, still = (helper.make_tensor_value_info(name, TensorProto.BOOL, []) for name in ("on", "still"))
    body = helper.make_graph(count, "body", [scalar[0], on, scalar[1]], [still, scalar[2]])
    loop = helper.make_node("Loop", ["times", "true", "zero"], ["counted"], body=body)
    ends = [helper.make_tensor_value_info(name, TensorProto.INT64, []) for name in ("times", "counted")]
    weights = {"one": np.int64(1), "zero": np.int64(0), "true": np.bool_(True)}
    write_model(path, [loop], ends[:1], ends[1:], weights)


def write_pictures(folder: Path) -> list[Path]:
    """Write eight pictures, each with an answer of its own."""
    write_picture(folder)
    written = []
    with Image.open(folder / "picture.png") as picture:
        for turns in range(4):
            for flipped in (False, True):
                turned = picture.rotate(90 * turns)
                if flipped:
                    turned = turned.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
                written.append(folder / f"picture-{turns}-{flipped:d}.png")
                turned.save(written[-1])
    return written
