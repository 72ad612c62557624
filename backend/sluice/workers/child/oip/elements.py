"""The elements of binary tensors: little-endian, row by row; texts with their length (4 bytes) in front of each."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable, Sequence

import numpy as np

from sluice.tensors import ElementType
from sluice.workers.child.failing import Unfit
from sluice.workers.child.forms import Piece
from sluice.workers.child.nested import Array, numpy_dtype

_LENGTH = struct.Struct("<I")
_TEXTS = "each BYTES element is its length in 4 bytes (little-endian), then so many bytes"


def from_bytes(raw: Piece, element: ElementType, shape: Sequence[int]) -> Array:
    """Return the array of these bytes, without copying them where they lie as the processor wants them.

    Raises:
        Unfit: they are no tensor of this shape; the message goes on after "Input 'x': ".
    """
    size = math.prod(shape)
    if element.onnx == "string":
        return _texts(split(raw, size), shape)
    dtype = numpy_dtype(element)
    if len(raw) != size * dtype.itemsize:
        message = (
            f"shape {list(shape)} of {element.datatype} takes {size * dtype.itemsize} bytes, but it has {len(raw)}; "
            "correct `shape` or `binary_data_size`"
        )
        raise Unfit("wrong-size", message)
    if not size:
        return np.empty(shape, dtype)
    if element.onnx == "bool" and np.frombuffer(raw, np.uint8).max() > 1:
        raise Unfit("wrong-value", "its bytes aren't all 0 or 1, which is what BOOL has")
    array: Array = np.frombuffer(raw, dtype)
    return (array if array.flags.aligned else array.copy()).reshape(shape)


def split(raw: Piece, count: int) -> list[memoryview]:
    """Return the elements of a BYTES tensor.

    Raises:
        Unfit: these aren't so many; the message goes on after "Input 'x': ".
    """
    view, at = memoryview(raw), 0
    if count * _LENGTH.size > len(view):
        raise Unfit("wrong-size", f"{count} elements don't fit into {len(view)} bytes: {_TEXTS}")
    found = []
    for index in range(count):
        if at + _LENGTH.size > len(view):
            raise Unfit("wrong-size", f"the bytes end before element [{index}] of {count}: {_TEXTS}")
        (size,) = _LENGTH.unpack_from(view, at)
        at += _LENGTH.size
        if size > len(view) - at:
            message = f"element [{index}] is to have {size} bytes where {len(view) - at} are left: {_TEXTS}"
            raise Unfit("wrong-size", message)
        found.append(view[at : at + size])
        at += size
    if at < len(view):
        raise Unfit("wrong-size", f"{len(view) - at} bytes are left over behind its {count} elements: {_TEXTS}")
    return found


def join(elements: Iterable[bytes]) -> bytes:
    """Return the bytes of a BYTES tensor."""
    return b"".join(part for element in elements for part in (_LENGTH.pack(len(element)), element))


def to_bytes(array: Array) -> Piece:
    """Return an array's bytes, without copying them where they lie one behind the other."""
    if array.dtype.kind == "O":
        return join(text.encode() for text in array.ravel().tolist())
    return np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def _texts(raw: Sequence[memoryview], shape: Sequence[int]) -> Array:
    array = np.empty(len(raw), object)
    for index, element in enumerate(raw):
        try:
            array[index] = str(element, "utf-8")
        except UnicodeDecodeError:
            raise Unfit("wrong-value", f"element [{index}] is no text in UTF-8, which the model takes") from None
    return array.reshape(shape)
