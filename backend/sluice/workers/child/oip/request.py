"""A request's tensors as what pre-processing or the model gets."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import pydantic_core

from sluice.tensors import BY_DATATYPE, CONTENT, ElementType, TensorSpec
from sluice.workers.child.failing import Unfit
from sluice.workers.child.forms import Piece
from sluice.workers.child.inputs import ModelInput, prepare
from sluice.workers.child.nested import Array, numpy_dtype, to_array
from sluice.workers.child.oip.elements import from_bytes, split
from sluice.workers.child.oip.head import TensorHead

_TEXTS = BY_DATATYPE["BYTES"]


def content(given: Sequence[TensorHead], tensors: Piece) -> bytes:
    """Return what pre-processing gets: the element of the one input.

    Raises:
        Unfit: there is another input, or not one element.
    """
    parts = _parts(given, tensors)
    expected = f"The pipeline has one input, '{CONTENT}' BYTES [1]: its element is what pre-processing gets."
    for head in given:
        if head.name != CONTENT:
            raise Unfit("unknown-key", f"There is no input '{head.name}'. {expected}")
    if len(given) != 1:
        came = "came twice" if given else "is missing"
        raise Unfit("missing-key", f"Input '{CONTENT}' {came}. {expected}", CONTENT)
    (head,), (part,) = given, parts
    try:
        return _element(head, part)
    except Unfit as unfit:
        raise Unfit(unfit.kind, f"Input '{CONTENT}': {unfit.message}. {expected}", CONTENT) from None


def feed(given: Sequence[TensorHead], tensors: Piece, inputs: Sequence[ModelInput]) -> dict[str, Any]:
    """Return what the model gets.

    Raises:
        Unfit: tensors are missing, unknown, or not what the model takes.
    """
    by_name = {i.spec.name: i.spec for i in inputs}
    found: dict[str, Any] = {}
    for head, part in zip(given, _parts(given, tensors), strict=True):
        if head.name in found:
            raise Unfit("wrong-value", f"Input '{head.name}' came twice.", head.name)
        spec = by_name.get(head.name)
        try:
            found[head.name] = None if spec is None else _value(head, part, spec)
        except Unfit as unfit:
            wanted = f"The model expects {expectation(spec)}." if spec else ""
            raise Unfit(unfit.kind, f"Input '{head.name}': {unfit.message}. {wanted}", head.name) from None
    return prepare(found, inputs, "The request")


def raw_feed(tensor: bytes, inputs: Sequence[ModelInput]) -> dict[str, Any]:
    """Return what the model gets where the body is nothing but the bytes of its one input.

    Raises:
        Unfit: it has several, its shape can't be told from the number of bytes, or they don't fit it.
    """
    names = ", ".join(f"'{i.spec.name}'" for i in inputs)
    if len(inputs) != 1:
        message = f"A body without JSON is the bytes of one tensor, but the model has the inputs {names}. Send a head."
        raise Unfit("missing-key", message)
    spec = inputs[0].spec
    try:
        value = _raw(tensor, spec)
    except Unfit as unfit:
        message = f"Input {names}: {unfit.message}. The model expects {expectation(spec)}."
        raise Unfit(unfit.kind, message, spec.name) from None
    return prepare({spec.name: value}, inputs, "The request")


def expectation(spec: TensorSpec) -> str:
    """Return datatype and shape, as requests give them: `FP32 [-1, 4]`."""
    if spec.travels_as_json:
        return f"BYTES [1] whose element is JSON, for {spec.type}"
    shape = "of any shape" if spec.shape is None else str(list(spec.shape))
    return f"{spec.datatype} {shape}"


def _parts(given: Sequence[TensorHead], tensors: Piece) -> list[Piece]:
    """Return the bytes of each input, none where they are in the head."""
    view, at = memoryview(tensors), 0
    found: list[Piece] = []
    for head in given:
        size = head.binary_bytes or 0
        if size > len(view) - at:
            message = (
                f"Input '{head.name}' is to have {size} bytes (`binary_data_size`) where {len(view) - at} are left of "
                f"the {len(view)} that follow the JSON. Send all of them, or correct Inference-Header-Content-Length."
            )
            raise Unfit("wrong-size", message, head.name)
        found.append(view[at : at + size])
        at += size
    if at < len(view):
        message = (
            f"{len(view)} bytes follow the JSON, but the inputs' `binary_data_size` are {at} together. "
            "Correct these, or Inference-Header-Content-Length."
        )
        raise Unfit("wrong-size", message)
    return found


def _value(head: TensorHead, part: Piece, spec: TensorSpec) -> Any:
    if spec.travels_as_json:
        return _json(_element(head, part))
    if head.datatype != spec.datatype:
        what = head.datatype if head.datatype in BY_DATATYPE else f"'{head.datatype}', which is no datatype"
        raise Unfit("wrong-dtype", f"came {what}; convert it, and send `datatype` {spec.datatype}")
    element = BY_DATATYPE[head.datatype]
    if head.binary_bytes is not None:
        return from_bytes(part, element, head.shape)
    return _from_data(head, element)


def _from_data(head: TensorHead, element: ElementType) -> Array:
    array = to_array(head.data, element)
    if array.shape == head.shape:
        return array
    size = math.prod(head.shape)
    if array.size != size:
        message = (
            f"`data` has {array.size} elements where shape {list(head.shape)} has {size}; correct `data` or `shape`"
        )
        raise Unfit("wrong-shape", message)
    if array.ndim > 1:
        message = f"`data` is nested as {list(array.shape)} where `shape` is {list(head.shape)}; give one flat list"
        raise Unfit("wrong-shape", message)
    return array.reshape(head.shape)


def _element(head: TensorHead, part: Piece) -> bytes:
    """Return the element of a BYTES tensor that has only one."""
    if head.datatype != "BYTES":
        raise Unfit("wrong-dtype", f"came {head.datatype}; send it as BYTES")
    if head.shape != (1,):
        raise Unfit("wrong-shape", f"came shape {list(head.shape)}; send [1]")
    if head.binary_bytes is not None:
        return bytes(split(part, 1)[0])
    text: str = _from_data(head, _TEXTS)[0]
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise Unfit("wrong-value", "its text has half of a surrogate pair; send it binary") from None


def _json(element: bytes) -> Any:
    try:
        return pydantic_core.from_json(element, allow_inf_nan=True)
    except ValueError as error:
        raise Unfit("bad-json", f"its element is not JSON: {error}") from None


def _raw(tensor: bytes, spec: TensorSpec) -> Any:
    if spec.travels_as_json:
        return _json(tensor)
    if spec.shape is None:
        raise Unfit("wrong-shape", "its shape can't be told from the number of bytes; send a head")
    element = BY_DATATYPE[spec.datatype or ""]
    if element is _TEXTS:
        return from_bytes(len(tensor).to_bytes(4, "little") + tensor, element, [1 if d < 0 else d for d in spec.shape])
    if sum(d < 0 for d in spec.shape) > 1:
        raise Unfit("wrong-shape", "several of its dimensions are variable, so its shape can't be told; send a head")
    itemsize = numpy_dtype(element).itemsize
    fixed = math.prod(d for d in spec.shape if d >= 0)
    length, rest = divmod(len(tensor), fixed * itemsize) if fixed else (0, len(tensor))
    if rest:
        least = f"{fixed * itemsize} bytes" if fixed else "none"
        raise Unfit("wrong-size", f"{len(tensor)} bytes came where {least} or a multiple of that are expected")
    return from_bytes(tensor, element, [length if d < 0 else d for d in spec.shape])
