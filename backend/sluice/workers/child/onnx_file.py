"""The only module that imports onnx: what a model file says of itself, and its external data.

The file may be hostile: this runs in the inspector, under its limits, never in the server.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from sluice.tensors import TensorSpec

_MAX_PROTOBUF_BYTES = (1 << 31) - 1


class NotAModel(Exception):
    """The file can't be used; the message says why and how to mend it."""


class Unreadable(NotAModel):
    """The file isn't ONNX at all."""


class OnnxFile:
    """A parsed model file.

    Raises:
        NotAModel: it isn't ONNX, or holds what is refused.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            start = file.read(8)
        if start[4:8] == b"ORTM":
            raise Unreadable("This is onnxruntime's own format (.ort). Upload the .onnx file that it was made from.")
        try:
            self._model = onnx.load_model(path, format="protobuf", load_external_data=False)
        except Exception:  # protobuf raises classes of its own, some of them private
            raise Unreadable(
                "This is not an ONNX file: it can't be read as one. Upload the .onnx file itself."
            ) from None
        if not self._model.HasField("graph") or not self._model.ir_version or not self._model.graph.output:
            raise Unreadable("This is not an ONNX model: it has no graph with outputs. Upload the .onnx file itself.")
        for node in self._nodes():
            if node.op_type == "EPContext":
                raise NotAModel("The model was compiled for one device (EPContext). Upload the one it was made from.")

    def facts(self, inputs: list[TensorSpec], outputs: list[TensorSpec]) -> dict[str, Any]:
        """Return the fields of `entities.ModelFacts`; the specs are onnxruntime's, which infers shapes."""
        model = self._model
        ranks = {value.name: _has_rank(value.type) for value in (*model.graph.input, *model.graph.output)}
        return {
            "ir_version": int(model.ir_version),
            "opsets": [{"domain": o.domain or "ai.onnx", "version": int(o.version)} for o in model.opset_import],
            "producer_name": model.producer_name,
            "producer_version": model.producer_version,
            "graph_name": model.graph.name,
            "model_version": int(model.model_version),
            "inputs": [_ranked(spec, ranks).to_json() for spec in inputs],
            "outputs": [_ranked(spec, ranks).to_json() for spec in outputs],
        }

    def opset(self) -> int:
        """Return the version of the default operator set, 0 if there is none."""
        return next((int(o.version) for o in self._model.opset_import if o.domain in ("", "ai.onnx")), 0)

    @property
    def ir_version(self) -> int:
        """The version of the file format."""
        return int(self._model.ir_version)

    def merge(self, data_files: Mapping[str, Path], merged: Path) -> bool:
        """Write one file of the model and its external data; tell whether there was any.

        Raises:
            NotAModel: data is missing, out of bounds, or a data file belongs to no tensor.
        """
        used = set()
        for tensor in self._tensors():
            if tensor.data_location == onnx.TensorProto.EXTERNAL:
                used.add(_take_in(tensor, data_files))
        if left := sorted(set(data_files) - used):
            raise NotAModel(
                f"No tensor of the model keeps its data in {_quoted(left)}. Upload only what belongs to it."
            )
        if used:
            if self._model.ByteSize() > _MAX_PROTOBUF_BYTES:
                raise NotAModel("With its data the model is above 2 GiB, which one ONNX file can't hold.")
            merged.write_bytes(self._model.SerializeToString())
        return bool(used)

    def _nodes(self) -> Iterator[onnx.NodeProto]:
        yield from _nodes_of(self._model.graph)
        for function in self._model.functions:
            for node in function.node:
                yield node
                yield from _nested(node)

    def _tensors(self) -> Iterator[onnx.TensorProto]:
        for graph in self._graphs():
            yield from graph.initializer
            for sparse in graph.sparse_initializer:
                yield sparse.values
                yield sparse.indices
        for node in self._nodes():
            for attribute in node.attribute:
                if attribute.HasField("t"):
                    yield attribute.t
                yield from attribute.tensors
                for sparse in (attribute.sparse_tensor, *attribute.sparse_tensors):
                    yield sparse.values
                    yield sparse.indices

    def _graphs(self) -> Iterator[onnx.GraphProto]:
        yield self._model.graph
        for node in self._nodes():
            for attribute in node.attribute:
                if attribute.HasField("g"):
                    yield attribute.g
                yield from attribute.graphs


def _nodes_of(graph: onnx.GraphProto) -> Iterator[onnx.NodeProto]:
    for node in graph.node:
        yield node
        yield from _nested(node)


def _nested(node: onnx.NodeProto) -> Iterator[onnx.NodeProto]:
    for attribute in node.attribute:
        if attribute.HasField("g"):
            yield from _nodes_of(attribute.g)
        for graph in attribute.graphs:
            yield from _nodes_of(graph)


def _take_in(tensor: onnx.TensorProto, data_files: Mapping[str, Path]) -> str:
    """Read the tensor's bytes from the uploaded file that it names, and return that file's name."""
    said = {entry.key: entry.value for entry in tensor.external_data}
    name = said.get("location", "").removeprefix("./")
    if name not in data_files:
        raise NotAModel(
            f"Tensor '{tensor.name}' keeps its data in '{name}', which was not uploaded. "
            f"Upload the .onnx file and '{name}' together."
        )
    size = data_files[name].stat().st_size
    try:
        offset = int(said.get("offset", 0))
        length = int(said["length"]) if "length" in said else size - offset
    except ValueError:
        raise NotAModel(f"Tensor '{tensor.name}' says no valid place in '{name}'.") from None
    if offset < 0 or length < 0 or offset + length > size:
        raise NotAModel(
            f"Tensor '{tensor.name}' lies outside '{name}', which has {size} bytes. Is it the file of another export?"
        )
    expected = _bytes_needed(tensor)
    if expected is not None and length != expected:
        raise NotAModel(f"Tensor '{tensor.name}' needs {expected} bytes, but says that '{name}' holds {length}.")
    with data_files[name].open("rb") as file:
        tensor.raw_data = os.pread(file.fileno(), length, offset)
    tensor.data_location = onnx.TensorProto.DEFAULT
    del tensor.external_data[:]
    return str(name)


def _bytes_needed(tensor: onnx.TensorProto) -> int | None:
    """Return how many bytes the shape takes; None for types of less than a byte."""
    try:
        dtype = onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type)
    except (KeyError, ValueError):
        return None
    if dtype.name in ("int4", "uint4", "int2", "uint2", "float4_e2m1fn"):
        return None
    return int(np.prod(list(tensor.dims), dtype=object)) * dtype.itemsize


def _has_rank(value_type: onnx.TypeProto) -> bool:
    if value_type.HasField("optional_type"):
        return _has_rank(value_type.optional_type.elem_type)
    return bool(value_type.HasField("tensor_type") and value_type.tensor_type.HasField("shape"))


def _ranked(spec: TensorSpec, ranks: Mapping[str, bool]) -> TensorSpec:
    """Onnxruntime tells a scalar and an unknown rank alike; the file knows which it is."""
    if spec.dimensions == () and not ranks.get(spec.name, False):
        return TensorSpec(spec.name, spec.type, None)
    return spec


def _quoted(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
