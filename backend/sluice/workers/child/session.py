"""The only module that imports onnxruntime: one loaded model."""

from __future__ import annotations

import ctypes
import os
import re
from typing import Any

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # its Linux wheels otherwise start a thread and a database in the home folder

import ml_dtypes
import numpy as np
import onnxruntime as ort  # type: ignore[import-untyped]

from sluice.tensors import TensorSpec
from sluice.workers.child.nested import Array
from sluice.workers.child.value_types import UnknownType, holds, parse_type

_FATAL_ONLY = 4
_BFLOAT16 = 16  # onnx.TensorProto.BFLOAT16
_NOISE = re.compile(r"^\[ONNXRuntimeError\] : \d+ : \w+ : |/\S*/onnxruntime/\S+ ")


class ModelFailed(Exception):
    """onnxruntime refused to load or run; the message is its own, without its source paths."""


def runtime_version() -> str:
    """Return onnxruntime's version."""
    return str(ort.__version__)


class Session:
    """A model, loaded on the CPU.

    Attributes:
        inputs: specs as onnxruntime tells them; a rank of 0 may also mean that the rank is unknown.
        outputs: likewise.
    """

    def __init__(self, path: str, intra_op_threads: int = 1) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = intra_op_threads
        options.inter_op_num_threads = 1
        options.enable_mem_pattern = False  # planned blocks are larger than what single tensors take, and no faster
        options.log_severity_level = _FATAL_ONLY  # errors come back as exceptions; the log would mix with prints
        try:
            self._session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises a class of its own for each status code
            raise ModelFailed(_without_path(_clean(error), path)) from None
        self.inputs = [_spec(node) for node in self._session.get_inputs()]
        self.outputs = [_spec(node) for node in self._session.get_outputs()]
        self._output_names = [spec.name for spec in self.outputs]
        self._has_bfloat16 = any(_holds_bfloat16(spec) for spec in (*self.inputs, *self.outputs))

    def run(self, feed: dict[str, Any], output_names: list[str] | None = None) -> list[Any]:
        """Return the outputs in the model's order, or those that are named: arrays, lists, dicts or None.

        Raises:
            ModelFailed: the model failed on this input.
        """
        names = output_names or self._output_names
        try:
            if self._has_bfloat16:
                return self._run_bfloat16(feed, names)
            outputs: list[Any] = self._session.run(names, feed)
            return outputs
        except Exception as error:
            raise ModelFailed(_clean(error)) from None

    def _run_bfloat16(self, feed: dict[str, Any], names: list[str]) -> list[Any]:
        """Run through values of onnxruntime's own: its numpy interface has no bfloat16."""
        values = {name: _to_value(array) for name, array in feed.items()}
        return [_from_value(value) for value in self._session.run_with_ort_values(names, values)]


def _to_value(array: Array) -> Any:
    if array.dtype == ml_dtypes.bfloat16:
        return ort.OrtValue.ortvalue_from_numpy_with_onnx_type(array.view(np.uint16), _BFLOAT16)
    return ort.OrtValue.ortvalue_from_numpy(array)


def _from_value(value: Any) -> Any:
    if value.data_type() != "tensor(bfloat16)":
        return value.numpy()
    shape = tuple(value.shape())
    raw = ctypes.string_at(value.data_ptr(), 2 * int(np.prod(shape, dtype=np.int64)))
    return np.frombuffer(raw, dtype=ml_dtypes.bfloat16).reshape(shape)


def _spec(node: Any) -> TensorSpec:
    is_tensor = node.type.startswith(("tensor(", "optional(tensor("))
    return TensorSpec(node.name, node.type, tuple(node.shape) if is_tensor else None)


def _holds_bfloat16(spec: TensorSpec) -> bool:
    try:
        return holds(parse_type(spec.type), "bfloat16")
    except UnknownType:
        return False


def _without_path(text: str, path: str) -> str:
    """Leave out where the file lies, which is nobody's business."""
    return re.sub(rf"Load model (from )?{re.escape(path)} failed[:.]", "", text).replace(path, "the file").strip()


def _clean(error: Exception) -> str:
    return _NOISE.sub("", str(error)).strip() or type(error).__name__
