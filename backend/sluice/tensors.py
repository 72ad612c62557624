"""What goes into a model and comes out: names, ONNX types, shapes, and the table of element types.

The one table ONNX element type <-> numpy dtype <-> Open Inference datatype; the worker uses it too.

Source: ONNX `TensorProto.DataType`; Open Inference Protocol, "Tensor Data Types".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ElementType:
    """One element type under its three names.

    Attributes:
        onnx: as onnxruntime spells it inside `tensor(...)`.
        numpy: dtype name; `bfloat16` has none in numpy itself and is handled as raw 16-bit words.
        datatype: Open Inference datatype, or None where the protocol has none.
    """

    onnx: str
    numpy: str
    datatype: str | None


ELEMENT_TYPES: tuple[ElementType, ...] = (
    ElementType("float", "float32", "FP32"),
    ElementType("double", "float64", "FP64"),
    ElementType("float16", "float16", "FP16"),
    ElementType("bfloat16", "bfloat16", "BF16"),
    ElementType("int8", "int8", "INT8"),
    ElementType("int16", "int16", "INT16"),
    ElementType("int32", "int32", "INT32"),
    ElementType("int64", "int64", "INT64"),
    ElementType("uint8", "uint8", "UINT8"),
    ElementType("uint16", "uint16", "UINT16"),
    ElementType("uint32", "uint32", "UINT32"),
    ElementType("uint64", "uint64", "UINT64"),
    ElementType("bool", "bool", "BOOL"),
    ElementType("string", "object", "BYTES"),
)
BY_ONNX = {element.onnx: element for element in ELEMENT_TYPES}
BY_DATATYPE = {element.datatype: element for element in ELEMENT_TYPES if element.datatype}

CONTENT = "content"
"""In Open Inference terms the one input, BYTES [1], of a pipeline with a pre-processing script."""

RESULT = "result"
"""Likewise the one output, BYTES [1], of a pipeline with a post-processing script; its element is JSON."""

_TENSOR = re.compile(r"(?:optional\()?tensor\((\w+)\)\)?")


@dataclass(frozen=True)
class TensorSpec:
    """One input or output of a model.

    Attributes:
        name: in the graph.
        type: as onnxruntime spells it, e.g. `tensor(float)`, `seq(map(int64,tensor(float)))`.
        dimensions: a number where fixed, the symbol where named, None where unknown;
            None instead of the tuple where the rank is unknown or the value isn't a tensor.
    """

    name: str
    type: str
    dimensions: tuple[int | str | None, ...] | None

    @property
    def element(self) -> ElementType | None:
        """The element type of a tensor or an optional tensor; None for sequences and maps."""
        match = _TENSOR.fullmatch(self.type)
        return BY_ONNX.get(match[1]) if match else None

    @property
    def datatype(self) -> str | None:
        """The Open Inference datatype, or None for what the protocol has no tensor for."""
        return self.element.datatype if self.element else None

    @property
    def travels_as_json(self) -> bool:
        """Whether the Open Inference Protocol has no tensor for it: it goes as one BYTES element that holds JSON."""
        return self.datatype is None or not self.type.startswith("tensor(")

    @property
    def shape(self) -> tuple[int, ...] | None:
        """The dimensions in Open Inference terms: -1 is variable."""
        if self.dimensions is None:
            return None
        return tuple(d if isinstance(d, int) else -1 for d in self.dimensions)

    def to_json(self) -> dict[str, Any]:
        """Return the spec as it is stored and crosses to another process."""
        return {"name": self.name, "type": self.type, "dimensions": self.dimensions}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TensorSpec:
        """Build a spec from what `to_json` returned."""
        dimensions = data["dimensions"]
        return cls(data["name"], data["type"], None if dimensions is None else tuple(dimensions))
