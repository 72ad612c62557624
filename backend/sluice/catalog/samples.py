"""Makes an input up for a model that takes JSON: zeros of its shapes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from math import prod
from typing import Any

from sluice.tensors import ElementType, TensorSpec

_MOST_ELEMENTS = 1 << 18
_MOST_RANK = 64  # numpy has no more, and JSON isn't written much deeper


def made_sample(inputs: Sequence[TensorSpec]) -> bytes | None:
    """Return zeros (false, empty texts) of the model's shapes, with 1 where a dimension is variable, as JSON.

    None where that can't be made up: other values than tensors, an unknown rank, too many dimensions or numbers.
    """
    values: dict[str, Any] = {}
    left = _MOST_ELEMENTS
    for spec in inputs:
        if spec.element is None or spec.shape is None:
            return None
        shape = [1 if size < 0 else size for size in spec.shape]
        if 0 in shape:
            shape = shape[: shape.index(0) + 1]  # an empty list holds nothing further
        left -= prod(size or 1 for size in shape)
        if left < 0 or len(shape) > _MOST_RANK:
            return None
        values[spec.name] = _nested(_zero(spec.element), shape)
    return json.dumps(values).encode()


def _zero(element: ElementType) -> Any:
    if element.onnx in ("string", "bool"):
        return "" if element.onnx == "string" else False
    return 0


def _nested(value: Any, shape: Sequence[int]) -> Any:
    for size in reversed(shape):
        value = [value] * size
    return value
