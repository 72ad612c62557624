"""Small ONNX models built in code, each as the bytes of a file, for tests of what the server must take or refuse.

Tests import it as `import onnx_models` (pytest puts this folder on the path because `conftest.py` lies here).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, TypeProto, ValueInfoProto, helper, numpy_helper

Shape = Sequence[int | str | None]

# As onnxruntime spells a type inside `tensor(...)` -> ONNX enum.
ELEMENTS: dict[str, int] = {
    "float": TensorProto.FLOAT,
    "double": TensorProto.DOUBLE,
    "float16": TensorProto.FLOAT16,
    "bfloat16": TensorProto.BFLOAT16,
    "int8": TensorProto.INT8,
    "int16": TensorProto.INT16,
    "int32": TensorProto.INT32,
    "int64": TensorProto.INT64,
    "uint8": TensorProto.UINT8,
    "uint16": TensorProto.UINT16,
    "uint32": TensorProto.UINT32,
    "uint64": TensorProto.UINT64,
    "bool": TensorProto.BOOL,
    "string": TensorProto.STRING,
}
# What onnxruntime can open, but numpy has no array for.
UNSERVED_ELEMENTS: dict[str, int] = {"float8e4m3fn": TensorProto.FLOAT8E4M3FN, "float8e5m2": TensorProto.FLOAT8E5M2}


def identity(element: str = "float", shape: Shape | None = ("N",)) -> bytes:
    """Return a model `x -> y` that gives back its input; `shape=()` is a scalar, `(0,)` empty, None an unknown rank."""
    kind = (ELEMENTS | UNSERVED_ELEMENTS)[element]
    return _file([_node("Identity", ["x"], ["y"])], [_tensor("x", kind, shape)], [_tensor("y", kind, shape)], opset=21)


def double_it(width: int = 4) -> bytes:
    """Return a model `x float (N, width) -> y = 2 * x`."""
    return times(2, width)


def times(factor: float, width: int = 4) -> bytes:
    """Return a model `x float (N, width) -> y = factor * x`."""
    two = numpy_helper.from_array(np.array(factor, np.float32), "two")
    ends = [_tensor(name, TensorProto.FLOAT, ("N", width)) for name in "xy"]
    return _file([_node("Mul", ["x", "two"], ["y"])], ends[:1], ends[1:], initializer=[two])


def sum_and_difference() -> bytes:
    """Return a model of two inputs `a`, `b` and two outputs in the order `sum`, `difference`; all float (N,)."""
    nodes = [_node("Add", ["a", "b"], ["sum"]), _node("Sub", ["a", "b"], ["difference"])]
    ends = [_tensor(name, TensorProto.FLOAT, ("N",)) for name in ("a", "b", "sum", "difference")]
    return _file(nodes, ends[:2], ends[2:])


def empty_output() -> bytes:
    """Return a model `x float (N,) -> y float (0,)`: whatever comes, an empty array goes."""
    bounds = [numpy_helper.from_array(np.array([0], np.int64), name) for name in ("start", "end")]
    ends = _tensor("x", TensorProto.FLOAT, ("N",)), _tensor("y", TensorProto.FLOAT, (0,))
    return _file([_node("Slice", ["x", "start", "end"], ["y"])], [ends[0]], [ends[1]], initializer=bounds)


def sequence() -> bytes:
    """Return a model of a sequence `x` and an index `i`: `item` is x[i], `all` is x."""
    kind = helper.make_sequence_type_proto(helper.make_tensor_type_proto(TensorProto.FLOAT, None))
    nodes = [_node("SequenceAt", ["x", "i"], ["item"]), _node("Identity", ["x"], ["all"])]
    inputs = [helper.make_value_info("x", kind), _tensor("i", TensorProto.INT64, ())]
    return _file(nodes, inputs, [_tensor("item", TensorProto.FLOAT, None), helper.make_value_info("all", kind)])


def optional() -> bytes:
    """Return a model of an optional float (2,) `x`: `there` tells whether it came, `y` is x."""
    kind = helper.make_optional_type_proto(helper.make_tensor_type_proto(TensorProto.FLOAT, [2]))
    nodes = [_node("OptionalHasElement", ["x"], ["there"]), _node("Identity", ["x"], ["y"])]
    outputs = [_tensor("there", TensorProto.BOOL, ()), helper.make_value_info("y", kind)]
    return _file(nodes, [helper.make_value_info("x", kind)], outputs, opset=18)


def map_input(vocabulary: Sequence[str] = ("a", "b")) -> bytes:
    """Return a model `x map(string, float) -> y float (1, len(vocabulary))`; a key that isn't there counts 0."""
    kind = TypeProto()
    kind.map_type.key_type = TensorProto.STRING
    kind.map_type.value_type.CopyFrom(helper.make_tensor_type_proto(TensorProto.FLOAT, []))
    node = _node("DictVectorizer", ["x"], ["y"], domain="ai.onnx.ml", string_vocabulary=list(vocabulary))
    return _file(
        [node], [helper.make_value_info("x", kind)], [_tensor("y", TensorProto.FLOAT, (None, len(vocabulary)))]
    )


def map_output(labels: Sequence[int] | Sequence[str] = (0, 1)) -> bytes:
    """Return a model `x float (N, len(labels)) -> y seq(map(label, float))`, as scikit-learn's exporters make them."""
    text = isinstance(labels[0], str)
    kind = TypeProto()
    item = kind.sequence_type.elem_type.map_type
    item.key_type = TensorProto.STRING if text else TensorProto.INT64
    item.value_type.CopyFrom(helper.make_tensor_type_proto(TensorProto.FLOAT, []))
    keys = {"classlabels_strings" if text else "classlabels_int64s": list(labels)}
    node = _node("ZipMap", ["x"], ["y"], domain="ai.onnx.ml", **keys)
    return _file([node], [_tensor("x", TensorProto.FLOAT, ("N", len(labels)))], [helper.make_value_info("y", kind)])


def external_data(location: str = "weights.data", width: int = 4) -> tuple[bytes, bytes]:
    """Return a model `x float (N, width) -> y = x + (0, 1, 2, ...)` and the data file `location` that it needs."""
    weights = np.arange(width, dtype=np.float32)
    tensor = TensorProto(name="weights", data_type=TensorProto.FLOAT, dims=[width])
    tensor.data_location = TensorProto.EXTERNAL
    for key, value in {"location": location, "offset": "0", "length": str(weights.nbytes)}.items():
        tensor.external_data.add(key=key, value=value)
    ends = [_tensor(name, TensorProto.FLOAT, ("N", width)) for name in "xy"]
    file = _file([_node("Add", ["x", "weights"], ["y"])], ends[:1], ends[1:], initializer=[tensor])
    return file, weights.tobytes()


def newer_opset(version: int = 99) -> bytes:
    """Return a model whose only fault is an opset that no runtime knows yet."""
    ends = [_tensor(name, TensorProto.FLOAT, ("N",)) for name in "xy"]
    return _file([_node("Identity", ["x"], ["y"])], ends[:1], ends[1:], opset=version)


def unknown_operator() -> bytes:
    """Return a model with an operator that doesn't exist, so that it can't be loaded."""
    ends = [_tensor(name, TensorProto.FLOAT, ("N",)) for name in "xy"]
    return _file([_node("NoSuchOperator", ["x"], ["y"])], ends[:1], ends[1:])


def fails_when_run() -> bytes:
    """Return a model that loads, and runs only for exactly six numbers: it makes `x float (N,)` a (2, 3)."""
    target = numpy_helper.from_array(np.array([2, 3], np.int64), "target")
    ends = _tensor("x", TensorProto.FLOAT, ("N",)), _tensor("y", TensorProto.FLOAT, (2, 3))
    return _file([_node("Reshape", ["x", "target"], ["y"])], [ends[0]], [ends[1]], initializer=[target])


def endless() -> bytes:
    """Return a model that loads, and whose run never ends: a Loop without a limit whose condition stays true."""
    scalar = _tensor("step", TensorProto.INT64, ()), _tensor("goes_on", TensorProto.BOOL, ())
    again = [_tensor("again", TensorProto.BOOL, ()), _tensor("next", TensorProto.FLOAT, ("N",))]
    nodes = [_node("Identity", ["goes_on"], ["again"]), _node("Neg", ["state"], ["next"])]
    body = helper.make_graph(nodes, "body", [*scalar, _tensor("state", TensorProto.FLOAT, ("N",))], again)
    true = numpy_helper.from_array(np.array(True), "true")
    ends = [_tensor(name, TensorProto.FLOAT, ("N",)) for name in "xy"]
    return _file([_node("Loop", ["", "true", "x"], ["y"], body=body)], ends[:1], ends[1:], initializer=[true])


def asks_for_memory(gigabytes: int = 50) -> bytes:
    """Return a few hundred bytes that ask for that much memory when run: `x int64 (1,)` is how many times."""
    each = numpy_helper.from_array(np.array([gigabytes * 250_000_000], np.int64), "each")
    nodes = [_node("Mul", ["x", "each"], ["shape"]), _node("ConstantOfShape", ["shape"], ["zeros"])]
    nodes.append(_node("ReduceSum", ["zeros"], ["y"], keepdims=0))
    ends = _tensor("x", TensorProto.INT64, (1,)), _tensor("y", TensorProto.FLOAT, ())
    return _file(nodes, [ends[0]], [ends[1]], initializer=[each])


def big(megabytes: int) -> bytes:
    """Return a model of that many MB (10**6): `x int64 (N,)` chooses rows of a table, `y float (N, 250)` are these."""
    rows = megabytes * 1_000
    table = numpy_helper.from_array(np.arange(rows * 250, dtype=np.float32).reshape(rows, 250), "table")
    ends = _tensor("x", TensorProto.INT64, ("N",)), _tensor("y", TensorProto.FLOAT, ("N", 250))
    return _file([_node("Gather", ["table", "x"], ["y"])], [ends[0]], [ends[1]], initializer=[table])


def _node(operator: str, inputs: Sequence[str], outputs: Sequence[str], **attributes: object) -> NodeProto:
    return helper.make_node(operator, list(inputs), list(outputs), **attributes)


def _tensor(name: str, element: int, shape: Shape | None) -> ValueInfoProto:
    return helper.make_tensor_value_info(name, element, shape)


def _file(
    nodes: Sequence[NodeProto],
    inputs: Sequence[ValueInfoProto],
    outputs: Sequence[ValueInfoProto],
    *,
    opset: int = 17,
    initializer: Sequence[TensorProto] = (),
) -> bytes:
    opsets = [helper.make_opsetid("", opset)]
    if any(node.domain == "ai.onnx.ml" for node in nodes):
        opsets.append(helper.make_opsetid("ai.onnx.ml", 1))
    graph = helper.make_graph(nodes, "test", inputs, outputs, initializer=initializer)
    model: ModelProto = helper.make_model(graph, opset_imports=opsets, ir_version=8 if opset <= 18 else 10)
    return model.SerializeToString()
