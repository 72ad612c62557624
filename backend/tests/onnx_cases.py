"""ONNX's own test cases for runtimes (`onnx.backend.test`): models, inputs, and what onnxruntime makes of them here.

The values that they expect don't count: what is compared is onnxruntime in this process and behind the server.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.backend.test.loader import load_model_tests

from sluice.tensors import TensorSpec
from sluice.workers.child.session import Session
from sluice.workers.child.value_types import UnknownType, parse_type

KINDS = ("node", "simple", "pytorch-converted", "pytorch-operator", "real")
_PACKAGE = Path(onnx.__file__).parents[1]
_DATA = "test_data_set_0"
_RUNS = 4  # some generators give the same again at first


@dataclass(frozen=True)
class Case:
    """One of them; the first of its sets of inputs."""

    kind: str
    name: str
    source: Any

    def model(self) -> bytes:
        """Return the file."""
        if self.source.model is not None:
            content: bytes = self.source.model.SerializeToString()
            return content
        return self._path.read_bytes()

    def inputs(self, specs: list[TensorSpec]) -> dict[str, Any]:
        """Return what to feed."""
        if self.source.data_sets is not None:
            given = [_plain(value) for value in self.source.data_sets[0][0]]
        elif self.source.model_dir is not None:
            files = sorted((self._path.parent / _DATA).glob("input_*.pb"), key=lambda file: int(file.stem[6:]))
            given = [_read(file, spec) for file, spec in zip(files, specs, strict=True)]
        else:
            given = [_made_up(spec) for spec in specs]
        return dict(zip((spec.name for spec in specs), given, strict=False))

    @property
    def _path(self) -> Path:
        if self.source.model_dir is None:
            return _PACKAGE / str(self.source.url)
        return Path(self.source.model_dir, "model.onnx")


@dataclass(frozen=True)
class Run:
    """What onnxruntime made of a case in this process.

    Attributes:
        inputs: by name.
        outputs: by name.
        random: whether it makes something else of it each time.
    """

    specs: dict[str, TensorSpec]
    inputs: dict[str, Any]
    outputs: dict[str, Any]
    random: bool

    @property
    def only_tensors(self) -> bool:
        """Whether nothing but tensors go in and come out."""
        return not any(spec.travels_as_json for spec in self.specs.values())


class NotServed(Exception):
    """The model has values that there is no way to send; `args` names their type."""


@cache
def cases() -> tuple[Case, ...]:
    """Return all of them, in the same order each time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the cases' own making
        return tuple(Case(kind, case.name, case) for kind in KINDS for case in load_model_tests(kind=kind))


def sample(each: int) -> Iterator[Case]:
    """Yield every so many of them, spread over all kinds and operators."""
    yield from cases()[::each]


def run(case: Case, folder: Path) -> Run:
    """Return what onnxruntime makes of it in this process.

    Raises:
        ModelFailed: onnxruntime doesn't load or run it.
        NotServed: it takes or gives what numpy has no array for.
    """
    path = folder / f"{case.name}.onnx"
    path.write_bytes(case.model())
    session = Session(str(path))
    specs = {spec.name: spec for spec in (*session.inputs, *session.outputs)}
    for spec in specs.values():
        try:
            parse_type(spec.type)
        except UnknownType:
            raise NotServed(spec.type) from None
    inputs = case.inputs(session.inputs)
    names = [spec.name for spec in session.outputs]
    outputs, *others = (
        dict(zip(names, each.run(dict(inputs)), strict=True)) for each in (*[session] * _RUNS, Session(str(path)))
    )
    random = not all(same(outputs[name], other[name]) for name in names for other in others)
    return Run(specs, inputs, outputs, random)


def same(left: Any, right: Any) -> bool:
    """Tell whether two values are the same bit by bit."""
    if isinstance(left, np.ndarray) and isinstance(right, np.ndarray):
        if left.dtype.kind == "O" or right.dtype.kind == "O":
            return left.shape == right.shape and left.tolist() == right.tolist()
        return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()
    return same_numbers(left, right)


def same_numbers(left: Any, right: Any) -> bool:
    """Tell whether two values, or all that they hold, are the same; one of them may be as JSON has it."""
    left, right = _bare(left), _bare(right)
    match left:
        case list():
            return isinstance(right, list) and len(left) == len(right) and all(map(same_numbers, left, right))
        case dict():
            return left.keys() == right.keys() and all(same_numbers(left[key], right[key]) for key in left)
        case float():
            if not isinstance(right, float):
                return False
            if math.isnan(left):
                return math.isnan(right)
            return left == right and math.copysign(1, left) == math.copysign(1, right)
    return type(left) is type(right) and bool(left == right)


def _bare(value: Any) -> Any:
    match value:
        case np.ndarray():
            return (value.astype(np.float64) if value.dtype.name == "bfloat16" else value).tolist()
        case tuple():
            return list(value)
        case dict():
            return {str(key): item for key, item in value.items()}
        case str():
            return _NOT_FINITE.get(value, value)
    return value


_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def to_json(value: Any) -> Any:
    """Return a value as a program writes it into JSON."""
    match value:
        case np.ndarray():
            return to_json(value.astype(np.float64).tolist() if value.dtype.name == "bfloat16" else value.tolist())
        case list() | tuple():
            return [to_json(item) for item in value]
        case dict():
            return {str(key): to_json(item) for key, item in value.items()}
        case float() if not math.isfinite(value):
            return next(text for text, number in _NOT_FINITE.items() if str(number) == str(value))
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, onnx.TensorProto):
        return numpy_helper.to_array(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, np.generic | int | float | bool):
        return np.asarray(value)
    return value


def _read(file: Path, spec: TensorSpec) -> Any:
    if spec.type.startswith("seq"):
        return numpy_helper.to_list(onnx.load_sequence(file) if hasattr(onnx, "load_sequence") else _sequence(file))
    return numpy_helper.to_array(onnx.load_tensor(str(file)))


def _sequence(file: Path) -> onnx.SequenceProto:
    found = onnx.SequenceProto()
    found.ParseFromString(file.read_bytes())
    return found


def _made_up(spec: TensorSpec) -> Any:
    """Return numbers from 0 to 1, for the models that come without inputs: pictures, all of them."""
    shape = [size if isinstance(size, int) and size > 0 else 1 for size in spec.dimensions or ()]
    return (np.arange(math.prod(shape), dtype=np.float32) / math.prod(shape)).reshape(shape)
