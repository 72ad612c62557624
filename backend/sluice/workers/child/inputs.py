"""What the model is given: checked against its inputs, never silently cast or reshaped."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sluice.tensors import TensorSpec
from sluice.workers.child.failing import Unfit
from sluice.workers.child.nested import Array, numpy_dtype, to_array
from sluice.workers.child.value_types import MapType, OptionalType, SequenceType, TensorType, ValueType, parse_type


@dataclass(frozen=True, slots=True)
class ModelInput:
    """One input with its type read.

    Attributes:
        dtype: of its arrays; None if it takes something else, or texts.
        lengths: of each axis; None where any will do.
    """

    spec: TensorSpec
    type: ValueType
    dtype: np.dtype[Any] | None
    lengths: tuple[int | None, ...] | None

    @classmethod
    def of(cls, spec: TensorSpec) -> ModelInput:
        """Read the spec's type."""
        kind = parse_type(spec.type)
        numeric = isinstance(kind, TensorType) and kind.element.onnx != "string"
        dtype = numpy_dtype(kind.element) if isinstance(kind, TensorType) and numeric else None
        given = spec.dimensions
        lengths = None if given is None else tuple(d if isinstance(d, int) and d >= 0 else None for d in given)
        return cls(spec, kind, dtype, lengths)

    def takes(self, value: Any) -> bool:
        """Tell whether a value can be given as it is; if not, it may still fit. Most arrays are seen through here."""
        if type(value) is not np.ndarray or self.dtype is None or value.dtype != self.dtype:
            return False
        if not value.flags.c_contiguous:
            return False
        lengths, shape = self.lengths, value.shape
        if lengths is None or shape == lengths:
            return True
        if len(shape) != len(lengths):
            return False
        for wanted, length in zip(lengths, shape, strict=True):
            if wanted is not None and wanted != length:
                return False
        return True


def prepare(given: Any, inputs: Sequence[ModelInput], giver: str) -> dict[str, Any]:
    """Return what onnxruntime is fed with.

    Args:
        given: model input name -> array, or nested lists of numbers, texts and truth values.
        inputs: of the model.
        giver: who gave it, at the start of a message: `Pre-processing`, `The input`.

    Raises:
        Unfit: a key is missing or unknown, or a value doesn't fit; says which input, what it expects and what came.
    """
    if type(given) is dict and len(given) == len(inputs):
        for i in inputs:
            if not i.takes(given.get(i.spec.name)):
                break
        else:
            return given
    if not isinstance(given, Mapping):
        raise Unfit("wrong-type", f"{giver} gave {_what(given)}; expected {_expected(inputs)}.")
    by_name = {i.spec.name: i for i in inputs}
    _check_keys(given, by_name, giver)
    feed = {}
    for name, value in given.items():
        try:
            feed[name] = _fit(value, by_name[name].type, by_name[name].spec)
        except Unfit as unfit:
            message = f"Input '{name}': {unfit.message}. The model expects {describe(by_name[name].spec)}."
            raise Unfit(unfit.kind, message, name) from None
    return feed


def describe(spec: TensorSpec) -> str:
    """Return type and shape in words: `float32 (N, 3, 224, 224)`."""
    element = spec.element
    name = element.numpy if element and element.onnx != "string" else "text" if element else spec.type
    if spec.dimensions is None or not element:
        return name
    return f"{name} {_shape(spec.dimensions)}"


def _expected(inputs: Sequence[ModelInput]) -> str:
    listed = ", ".join(f"'{i.spec.name}': {describe(i.spec)}" for i in inputs)
    return f"a dict from model input to array: {{{listed}}}"


def _check_keys(given: Mapping[Any, Any], by_name: dict[str, ModelInput], giver: str) -> None:
    for key in given:
        if key not in by_name:
            near = difflib.get_close_matches(str(key), by_name, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            names = ", ".join(f"'{name}'" for name in by_name) or "none"
            raise Unfit(
                "unknown-key", f"{giver} gave '{key}', which is no input of the model; its inputs are {names}.{hint}"
            )
    for name, wanted in by_name.items():
        if name not in given and not isinstance(wanted.type, OptionalType):
            raise Unfit(
                "missing-key", f"{giver} gave no '{name}'; the model expects {describe(wanted.spec)} under it.", name
            )


def _fit(value: Any, wanted: ValueType, spec: TensorSpec | None) -> Any:
    match wanted:
        case OptionalType(item):
            return None if value is None else _fit(value, item, spec)
        case SequenceType(item):
            if not isinstance(value, list | tuple):
                raise Unfit("wrong-type", f"came {_what(value)}; a sequence is given as a list")
            return [_fit(element, item, None) for element in value]
        case MapType(key, item):
            if not isinstance(value, Mapping):
                raise Unfit("wrong-type", f"came {_what(value)}; a map is given as an object")
            return {_key(k, key.onnx): _scalar(_fit(v, item, None)) for k, v in value.items()}
        case TensorType():
            return _tensor(value, wanted, spec)


def _key(key: Any, wanted: str) -> Any:
    if wanted == "string":
        return str(key)
    try:
        return int(key)
    except ValueError:
        raise Unfit("wrong-value", f"key {key!r} is no whole number ({wanted})") from None


def _scalar(value: Any) -> Any:
    """Unwrap what a map holds: onnxruntime takes plain numbers and texts there."""
    return value.item() if isinstance(value, np.ndarray) and value.ndim == 0 else value


def _tensor(value: Any, wanted: TensorType, spec: TensorSpec | None) -> Array:
    if isinstance(value, np.generic) or (not isinstance(value, np.ndarray) and hasattr(value, "__array__")):
        value = np.asarray(value)
    if isinstance(value, np.ndarray):
        array = _same_dtype(value, wanted)
    else:
        if isinstance(value, tuple):
            value = list(value)
        if not isinstance(value, list | str | bool | int | float):
            raise Unfit("wrong-type", f"came {_what(value)}; give a numpy array")
        array = to_array(value, wanted.element)
        array = _with_empty_shape(array, spec)
    if spec is not None:
        _check_shape(array, spec)
    return array if array.flags.c_contiguous else array.copy(order="C")


def _same_dtype(array: Array, wanted: TensorType) -> Array:
    element = wanted.element
    if element.onnx == "string":
        if array.dtype.kind in "OU" and all(isinstance(item, str) for item in array.ravel().tolist()):
            return array.astype(object)
        raise Unfit("wrong-dtype", f"came {array.dtype}; give texts (dtype object or str)")
    if array.dtype.newbyteorder("=") != numpy_dtype(element):
        name = "ml_dtypes.bfloat16" if element.onnx == "bfloat16" else f"np.{element.numpy}"
        raise Unfit("wrong-dtype", f"came {array.dtype}; convert it with `.astype({name})`")
    return array.astype(numpy_dtype(element), copy=False)


def _with_empty_shape(array: Array, spec: TensorSpec | None) -> Array:
    """Give an empty list the model's further dimensions: JSON's `[]` can't say that they are (0, 4)."""
    if array.size or spec is None or spec.dimensions is None or array.ndim >= len(spec.dimensions):
        return array
    rest = spec.dimensions[array.ndim :]
    return array.reshape(array.shape + tuple(d if isinstance(d, int) else 0 for d in rest))


def _check_shape(array: Array, spec: TensorSpec) -> None:
    if spec.dimensions is None:
        return
    wanted = spec.dimensions
    if _fits(array.shape, wanted):
        return
    lacks_first = _fits(array.shape, wanted[1:]) and not (isinstance(wanted[0], int) and wanted[0] > 1)
    hint = "; a first axis is missing: `x[None]` adds it" if lacks_first else ""
    raise Unfit("wrong-shape", f"came shape {_shape(array.shape)}{hint}")


def _fits(shape: tuple[int, ...], wanted: Sequence[int | str | None]) -> bool:
    return len(shape) == len(wanted) and all(
        not isinstance(w, int) or w < 0 or w == d for w, d in zip(wanted, shape, strict=True)
    )


def _shape(dimensions: Sequence[int | str | None]) -> str:
    inner = ", ".join("?" if d is None else str(d) for d in dimensions)
    return f"({inner},)" if len(dimensions) == 1 else f"({inner})"


def _what(value: Any) -> str:
    if value is None:
        return "nothing (None)"
    return type(value).__name__
