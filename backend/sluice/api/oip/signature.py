"""Which tensors go into a pipeline or model of the protocol, and which come out.

The protocol has tensors only. So what pre-processing gets is one BYTES tensor `content`, what post-processing returns
is one BYTES tensor `result` of JSON, and a model's sequences, maps and optionals travel as BYTES tensors of JSON, too;
each of these has the shape [1]. All other tensors are the model's own.

Source: Open Inference Protocol, "Tensor Data Types".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sluice.entities import Model, Pipeline
from sluice.tensors import CONTENT, RESULT, TensorSpec

BYTES = "BYTES"


@dataclass(frozen=True)
class Port:
    """One input or output.

    Attributes:
        name: the model's own, else `content` or `result`.
        datatype: of the protocol.
        shape: -1 is variable; also for a tensor of any rank, see `any_rank`.
        travels: as a `tensor`, which it is; or as one element, which is `json`, or `bytes` for a script as they are.
        onnx_type: as onnxruntime spells it; None for `content` and `result`.
        any_rank: whether the model says nothing of the shape.
    """

    name: str
    datatype: str
    shape: tuple[int, ...]
    travels: Literal["tensor", "json", "bytes"]
    onnx_type: str | None = None
    any_rank: bool = False


def inputs_of(entity: Pipeline | Model) -> tuple[Port, ...]:
    """Return what a caller must give."""
    if isinstance(entity, Pipeline):
        if entity.pre_processing:
            return (Port(CONTENT, BYTES, (1,), "bytes"),)
        entity = entity.model
    return tuple(_port(spec) for spec in entity.facts.inputs)


def outputs_of(entity: Pipeline | Model) -> tuple[Port, ...]:
    """Return what a caller gets, in the model's order."""
    if isinstance(entity, Pipeline):
        if entity.post_processing:
            return (Port(RESULT, BYTES, (1,), "json"),)
        entity = entity.model
    return tuple(_port(spec) for spec in entity.facts.outputs)


def _port(spec: TensorSpec) -> Port:
    if spec.travels_as_json or spec.datatype is None:
        return Port(spec.name, BYTES, (1,), "json", spec.type)
    any_rank = spec.shape is None
    return Port(spec.name, spec.datatype, spec.shape or ((-1,) if any_rank else ()), "tensor", spec.type, any_rank)
