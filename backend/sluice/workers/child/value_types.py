"""onnxruntime's type strings, read into a small tree: `seq(map(int64,tensor(float)))`, `optional(tensor(int64))`."""

from __future__ import annotations

from dataclasses import dataclass

from sluice.tensors import BY_ONNX, ElementType


@dataclass(frozen=True)
class TensorType:
    """A tensor, or the scalar that a map holds."""

    element: ElementType


@dataclass(frozen=True)
class SequenceType:
    """A list of values of one type."""

    item: ValueType


@dataclass(frozen=True)
class MapType:
    """A dict with integer or string keys."""

    key: ElementType
    value: ValueType


@dataclass(frozen=True)
class OptionalType:
    """A value that may be missing."""

    item: ValueType


ValueType = TensorType | SequenceType | MapType | OptionalType


class UnknownType(ValueError):
    """A type that can't be given or returned through this server; the message is its name."""


def parse_type(text: str) -> ValueType:
    """Return the tree for a type string.

    Raises:
        UnknownType: an element type that onnxruntime doesn't serve on the CPU, or another kind of value.
    """
    kind, _, rest = text.partition("(")
    inner = rest[:-1]
    if not rest.endswith(")"):
        raise UnknownType(text)
    if kind == "tensor" and inner in BY_ONNX:
        return TensorType(BY_ONNX[inner])
    if kind == "seq":
        return SequenceType(parse_type(inner))
    if kind == "optional":
        return OptionalType(parse_type(inner))
    if kind == "map":
        key, _, value = inner.partition(",")
        if key in BY_ONNX:
            return MapType(BY_ONNX[key], parse_type(value))
    raise UnknownType(text)


def holds(value_type: ValueType, onnx_element: str) -> bool:
    """Tell whether a value of this type has elements of `onnx_element` anywhere."""
    match value_type:
        case TensorType(element):
            return element.onnx == onnx_element
        case MapType(key, value):
            return key.onnx == onnx_element or holds(value, onnx_element)
        case SequenceType(item) | OptionalType(item):
            return holds(item, onnx_element)
