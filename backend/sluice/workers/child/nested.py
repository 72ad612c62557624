"""Nested lists, as JSON gives them, into an array of exactly one element type; what doesn't fit says where.

A number is converted only where no value changes: 2.0 is a whole number, 2.5 isn't; 300 is no int8; true is no number.
Rounding a decimal number to the element type's precision is what a float tensor means, so that is no change.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import ml_dtypes
import numpy as np

from sluice.tensors import ElementType
from sluice.workers.child.failing import Unfit

Array = np.ndarray[Any, np.dtype[Any]]

FLOATS = {"float", "double", "float16", "bfloat16"}
_NUMPY_MAX_DIMENSIONS = 64
_LONGEST = 10**100  # Python refuses to print integers beyond 4300 digits
_NOT_FINITE = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}


def numpy_dtype(element: ElementType) -> np.dtype[Any]:
    """Return the dtype of an element type; strings are objects."""
    return np.dtype(ml_dtypes.bfloat16 if element.onnx == "bfloat16" else element.numpy)


def to_array(value: Any, element: ElementType) -> Array:
    """Return nested lists of `element` as an array of their own shape.

    Raises:
        Unfit: a value of another kind, out of range, or lists of unequal length; the message says where.
    """
    dtype = numpy_dtype(element)
    guess = _guess(value) if element.onnx != "string" else None
    if guess is not None:
        if element.onnx in FLOATS and guess.dtype.kind in "iuf":
            return _rounded(guess, dtype, value, element)
        if dtype.kind in "iu" and guess.dtype.kind in "iu" and (guess.size == 0 or _in_range(guess, dtype)):
            return guess.astype(dtype)
    return _element_by_element(value, element, dtype)


def _guess(value: Any) -> Array | None:
    """Let numpy convert at full speed; None where only a careful look at each element tells."""
    try:
        return np.asarray(value) if not _has_other(value) else None
    except (ValueError, OverflowError):
        return None


def _has_other(value: Any) -> bool:
    """Look for what isn't a number but numpy takes in.

    It would silently count true and false as 1 and 0, and give each text the length of the longest.
    """
    if isinstance(value, list):
        if value and isinstance(value[0], list):
            return any(_has_other(item) for item in value)
        return not {bool, str}.isdisjoint(map(type, value))
    return isinstance(value, bool | str)


def _in_range(array: Array, dtype: np.dtype[Any]) -> bool:
    limits = np.iinfo(dtype)
    return int(array.min()) >= limits.min and int(array.max()) <= limits.max


def _rounded(guess: Array, dtype: np.dtype[Any], value: Any, element: ElementType) -> Array:
    with np.errstate(over="ignore"):
        array = guess.astype(dtype)
    if dtype != np.float64 and not np.array_equal(np.isfinite(array), np.isfinite(guess)):
        return _element_by_element(value, element, dtype)  # finds and names the one out of range
    return array


def _element_by_element(value: Any, element: ElementType, dtype: np.dtype[Any]) -> Array:
    shape = _shape(value)
    flat: list[Any] = []  # grows with what is there: the first lists may promise more than memory holds
    convert = _converter(element)

    def fill(node: Any, depth: int, where: str) -> None:
        if depth < len(shape):
            if not isinstance(node, list):
                raise Unfit("wrong-shape", f"{where} is {_kind(node)} where a list of {shape[depth]} is expected")
            if len(node) != shape[depth]:
                raise Unfit("wrong-shape", f"{where} has {len(node)} elements where the first list has {shape[depth]}")
            for index, item in enumerate(node):
                fill(item, depth + 1, f"{where}[{index}]")
            return
        try:
            flat.append(convert(node))
        except _Refused as refused:
            raise Unfit("wrong-value", f"{where} is {refused}") from None

    fill(value, 0, "the value" if not shape else "element ")
    return np.array(flat, dtype).reshape(shape)


def _shape(value: Any) -> tuple[int, ...]:
    shape: list[int] = []
    while isinstance(value, list):
        shape.append(len(value))
        if not value:
            break
        value = value[0]
    if len(shape) > _NUMPY_MAX_DIMENSIONS:
        raise Unfit("wrong-shape", "lists are nested more than 64 deep")
    return tuple(shape)


class _Refused(Exception):
    """One element that can't be converted; the message goes on after 'element [3] is ...'."""


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text {value[:40]!r}"
        case int() if abs(value) >= _LONGEST:
            return "a number of very many digits"
        case int() | float():
            return f"the number {value!r}"
        case list():
            return "a list"
        case dict():
            return "an object"
    return f"a {type(value).__name__}"


def _converter(element: ElementType) -> Callable[[Any], Any]:
    if element.onnx == "string":
        return _text
    if element.onnx == "bool":
        return _bool
    dtype = numpy_dtype(element)
    if element.onnx in FLOATS:
        largest = float(ml_dtypes.finfo(dtype).max)  # type: ignore[no-untyped-call]  # knows numpy's own dtypes too
        return lambda value: _float(value, element.onnx, dtype, largest)
    limits = np.iinfo(dtype)
    return lambda value: _whole(value, element.onnx, int(limits.min), int(limits.max))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    raise _Refused(f"{_kind(value)}, not a text")


def _bool(value: Any) -> bool:
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise _Refused(f"{_kind(value)}, not true or false")


def _float(value: Any, name: str, dtype: np.dtype[Any], largest: float) -> float:
    if isinstance(value, str) and value in _NOT_FINITE:
        return _NOT_FINITE[value]
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise _Refused(f"{_kind(value)}, not a number")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number) and isinstance(value, int):
        raise _Refused(f"a whole number that is out of range; {name} ends at {largest:g}")
    with np.errstate(over="ignore"):
        fits = not math.isfinite(number) or math.isfinite(float(np.array(number).astype(dtype)))
    if not fits:
        raise _Refused(f"{_kind(value)}, which is out of range; {name} ends at {largest:g}")
    return number


def _whole(value: Any, name: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | np.number):
        raise _Refused(f"{_kind(value)}, not a whole number")
    if not isinstance(value, int) and not float(value).is_integer():
        raise _Refused(f"{_kind(value)}, not a whole number")
    number = int(value)
    if not least <= number <= most:
        raise _Refused(f"{_kind(value)}, which is out of range; {name} goes from {least} to {most}")
    return number
