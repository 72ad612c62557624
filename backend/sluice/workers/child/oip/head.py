"""The JSON in front: which tensors come and which are wanted, checked key by key; keys it doesn't know don't matter."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pydantic_core

from sluice.workers.child.failing import Unfit

_MOST_DIMENSIONS = 64  # of an array
_LONGEST = (1 << 63) - 1
_MISSING = object()
_SHARED = "shared memory isn't served here; send the tensor itself"


@dataclass(frozen=True, slots=True)
class TensorHead:
    """What the request says of one input.

    Attributes:
        binary_bytes: of its part behind the head; None if `data` holds its elements.
    """

    name: str
    datatype: str
    shape: tuple[int, ...]
    binary_bytes: int | None
    data: Any


@dataclass(frozen=True, slots=True)
class RequestHead:
    """What the request says.

    Attributes:
        outputs: whether each wanted one is to be binary, by name; None if all are wanted.
        binary: whether outputs are that say nothing of it.
    """

    id: str | int | None = None
    inputs: list[TensorHead] = field(default_factory=list)
    outputs: dict[str, bool] | None = None
    binary: bool = False


def read_head(head: bytes) -> RequestHead:
    """Return what it says.

    Raises:
        Unfit: it isn't what the protocol asks for; the message is a whole sentence.
    """
    try:
        said = pydantic_core.from_json(head, allow_inf_nan=True)
    except ValueError as error:
        raise Unfit("bad-json", f"The request is not JSON: {error}. {_form(head)}") from None
    if not isinstance(said, dict):
        raise Unfit("bad-json", f"The request is {_kind(said)} where a JSON object with `inputs` is expected.")
    number = said.get("id")
    if number is not None and not isinstance(number, str) and not _is_length(number):
        raise Unfit("wrong-type", f"`id` is {_kind(number)}; give a text.")
    parameters = _object(said, "parameters", "The request")
    binary = _flag(parameters, "binary_data_output", "The request") or False
    given = said.get("inputs")
    if not isinstance(given, list):
        came = "is missing" if given is None else f"is {_kind(given)}"
        raise Unfit("wrong-type", f"`inputs` {came}; it is a list of one object for each tensor.")
    inputs = [_input(item, f"inputs[{index}]") for index, item in enumerate(given)]
    return RequestHead(number, inputs, _outputs(said.get("outputs"), binary), binary)


def _input(said: Any, where: str) -> TensorHead:
    if not isinstance(said, dict):
        raise Unfit("wrong-type", f"`{where}` is {_kind(said)}; it is an object with `name`, `shape` and `datatype`.")
    name = _text(said, "name", f"`{where}`")
    label = f"Input '{name}'"
    parameters = _object(said, "parameters", label)
    if "shared_memory_region" in parameters:
        raise Unfit("wrong-type", f"{label}: {_SHARED}.", name)
    size = parameters.get("binary_data_size")
    data = said.get("data", _MISSING)
    if size is None and data is _MISSING:
        raise Unfit("missing-key", f"{label} has neither `data` nor the parameter `binary_data_size`.", name)
    if size is not None and data is not _MISSING:
        message = f"{label} has both `data` and the parameter `binary_data_size`; leave one out."
        raise Unfit("wrong-type", message, name)
    if size is not None and not _is_length(size):
        message = f"{label}: the parameter `binary_data_size` is {_kind(size)}; give its number of bytes."
        raise Unfit("wrong-size", message, name)
    return TensorHead(name, _text(said, "datatype", label), _dimensions(said.get("shape"), label, name), size, data)


def _dimensions(said: Any, label: str, name: str) -> tuple[int, ...]:
    if not isinstance(said, list) or not all(_is_length(length) for length in said):
        raise Unfit("wrong-shape", f"{label}: `shape` must be a list of whole numbers from 0, such as [1, 4].", name)
    if len(said) > _MOST_DIMENSIONS:
        raise Unfit(
            "wrong-shape", f"{label}: `shape` has {len(said)} dimensions; the most is {_MOST_DIMENSIONS}.", name
        )
    return tuple(said)


def _outputs(said: Any, binary: bool) -> dict[str, bool] | None:
    if said is None or said == []:
        return None
    if not isinstance(said, list):
        raise Unfit("wrong-type", f"`outputs` is {_kind(said)}; it is a list of one object for each tensor.")
    wanted: dict[str, bool] = {}
    for index, item in enumerate(said):
        where = f"outputs[{index}]"
        if not isinstance(item, dict):
            raise Unfit("wrong-type", f"`{where}` is {_kind(item)}; it is an object with `name`.")
        name = _text(item, "name", f"`{where}`")
        label = f"Output '{name}'"
        if name in wanted:
            raise Unfit("wrong-value", f"{label} is asked for twice.")
        parameters = _object(item, "parameters", label)
        if parameters.get("classification"):
            message = f"{label}: `classification` isn't served here; ask for the values, and take the largest."
            raise Unfit("wrong-value", message)
        if "shared_memory_region" in parameters:
            raise Unfit("wrong-type", f"{label}: shared memory isn't served here; leave that out.")
        own = _flag(parameters, "binary_data", label)
        wanted[name] = binary if own is None else own
    return wanted


def _text(said: dict[str, Any], key: str, label: str) -> str:
    value = said.get(key)
    if not isinstance(value, str):
        came = "is missing" if value is None else f"is {_kind(value)}"
        raise Unfit("wrong-type", f"{label}: `{key}` {came}; give a text.")
    return value


def _object(said: dict[str, Any], key: str, label: str) -> dict[str, Any]:
    value = said.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unfit("wrong-type", f"{label}: `{key}` is {_kind(value)}; it is an object.")
    return value


def _flag(parameters: dict[str, Any], key: str, label: str) -> bool | None:
    value = parameters.get(key)
    if value is not None and not isinstance(value, bool):
        raise Unfit("wrong-type", f"{label}: the parameter `{key}` is {_kind(value)}; give true or false.")
    return value


def _is_length(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LONGEST


def _form(head: bytes) -> str:
    if head[:1] in (b"{", b"["):
        return "Where tensors follow it, the header Inference-Header-Content-Length says how many bytes are JSON."
    return "If the body is the bytes of one tensor, send the header Inference-Header-Content-Length: 0 with it."


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return "a text"
        case int() if abs(value) < _LONGEST:
            return f"the number {value}"
        case int() | float():
            return "a number"
        case list():
            return "a list"
    return "an object"
