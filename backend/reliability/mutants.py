"""Damaged models, and models made to hang or to swell whoever loads them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import AttributeProto, ModelProto, NodeProto, TensorProto, helper, numpy_helper

Value = NDArray[Any] | np.generic

_EXTREMES = (0, 1, -1, 2**31 - 1, 2**31, 2**63 - 1, -(2**63), 255, 4096)
_TEXTS = ("", "x", "\0", "../../etc/passwd", "a" * 10_000, "Loop", "com.microsoft")


def mutant(kinds: Sequence[bytes], chance: random.Random) -> bytes:
    """Return one of these models with a few changes, of its bytes or of its meaning."""
    content = chance.choice(kinds)
    if chance.random() < 0.5:
        return _bytes_changed(content, kinds, chance)
    return _meaning_changed(content, chance)


def _bytes_changed(content: bytes, kinds: Sequence[bytes], chance: random.Random) -> bytes:
    told = bytearray(content)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at = chance.randrange(len(told) + 1)
        match chance.randrange(5):
            case 0 if at < len(told):
                told[at] ^= 1 << chance.randrange(8)
            case 1:
                del told[at : at + chance.choice((1, 4, 64))]
            case 2:
                told[at:at] = chance.randbytes(chance.choice((1, 4, 10)))
            case 3:
                other = chance.choice(kinds)
                begin = chance.randrange(len(other))
                told[at : at + 64] = other[begin : begin + 64]
            case _:
                del told[at : len(told) if chance.random() < 0.1 else at + 1]
    return bytes(told)


def _meaning_changed(content: bytes, chance: random.Random) -> bytes:
    model = ModelProto.FromString(content)
    for _ in range(chance.choice((1, 2, 4))):
        _change(model, chance)
    return bytes(model.SerializeToString())


def _change(message: object, chance: random.Random) -> None:
    """Change one field anywhere below a message."""
    while True:
        fields = [(field, value) for field, value in message.ListFields()]  # type: ignore[attr-defined]
        if not fields:
            return
        field, value = chance.choice(fields)
        many = not isinstance(value, (str, bytes, int, float)) and hasattr(value, "__len__")
        if field.message_type is not None:
            if not many:
                message = value
                continue
            match chance.randrange(6):
                case 0:
                    del value[chance.randrange(len(value))]
                case 1:
                    value.add().CopyFrom(chance.choice(value))
                case _:
                    message = chance.choice(value)
                    continue
            return
        if many:
            value[chance.randrange(len(value))] = _other(value[0], chance)
        else:
            _set(message, field.name, _other(value, chance))
        return


def _set(message: object, name: str, value: object) -> None:
    try:
        setattr(message, name, value)
    except ValueError:  # out of the field's range
        message.ClearField(name)  # type: ignore[attr-defined]


def _other(value: object, chance: random.Random) -> int | float | str | bytes:
    if isinstance(value, int):
        other = chance.choice((value + 1, value - 1, *_EXTREMES))
        return other if -(2**31) <= other < 2**31 or abs(value) >= 2**31 else other % 2**31
    if isinstance(value, float):
        return chance.choice((0.0, float("nan"), float("inf"), -1.0, 1e38))
    if isinstance(value, str):
        return chance.choice((*_TEXTS, value + "x"))
    assert isinstance(value, bytes)
    return value[: len(value) // 2] + chance.randbytes(chance.randrange(8))


def _model(nodes: Sequence[NodeProto], initializers: Sequence[TensorProto] = ()) -> bytes:
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("x", "y")]
    graph = helper.make_graph(nodes, "bomb", ends[:1], ends[1:], list(initializers))
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    return bytes(made.SerializeToString())


def _endless_loop() -> bytes:
    """Return a loop without end over constants, which is run when it is folded."""
    on = helper.make_tensor_value_info("on", TensorProto.BOOL, [])
    step = helper.make_tensor_value_info("step", TensorProto.INT64, [])
    still = helper.make_tensor_value_info("still", TensorProto.BOOL, [])
    carried = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in ("v", "w")]
    nodes = [helper.make_node("Identity", ["on"], ["still"]), helper.make_node("Add", ["v", "v"], ["w"])]
    body = helper.make_graph(nodes, "body", [step, on, carried[0]], [still, carried[1]])
    values: dict[str, Value] = {"most": np.int64(2**62), "true": np.bool_(True), "zero": np.zeros(1, np.float32)}
    loop = helper.make_node("Loop", ["most", "true", "zero"], ["z"], body=body)
    return _model([loop, helper.make_node("Add", ["x", "z"], ["y"])], _weights(values))


def _huge_initializer() -> bytes:
    """Return 50 GB that are announced, and not there."""
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[50_000, 250_000])
    return _model([helper.make_node("Add", ["x", "w"], ["y"])], [tensor])


def _huge_constant() -> bytes:
    """Return a constant of 50 GB that is made when it is folded."""
    shape = {"shape": np.array([50_000, 250_000], np.int64)}
    nodes = [helper.make_node("ConstantOfShape", ["shape"], ["z"]), helper.make_node("Add", ["x", "z"], ["y"])]
    return _model(nodes, _weights(shape))


def _doubling() -> bytes:
    """Return a constant that doubles forty times when it is folded."""
    nodes = [helper.make_node("Concat", [f"v{n}", f"v{n}"], [f"v{n + 1}"], axis=0) for n in range(40)]
    return _model([*nodes, helper.make_node("Add", ["x", "v40"], ["y"])], _weights({"v0": np.ones(1, np.float32)}))


def _many_nodes() -> bytes:
    """Return a hundred thousand nodes in a row."""
    names = ["x", *(f"v{n}" for n in range(99_999)), "y"]
    return _model([helper.make_node("Neg", [names[n]], [names[n + 1]]) for n in range(100_000)])


def _deep() -> bytes:
    """Return conditions within conditions, as deep as protobuf reads messages."""
    out = helper.make_tensor_value_info("o", TensorProto.FLOAT, None)
    graph = helper.make_graph([helper.make_node("Identity", ["x"], ["o"])], "g", [], [out])
    for _ in range(24):
        graph = helper.make_graph([helper.make_node("If", ["c"], ["o"], then_branch=graph)], "g", [], [out])
    top = helper.make_node("If", ["c"], ["y"], then_branch=graph, else_branch=graph)
    return _model([top], _weights({"c": np.bool_(True)}))


def _outside() -> bytes:
    """Return a weight that is said to lie in a file of the machine."""
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4], data_location=TensorProto.EXTERNAL)
    tensor.external_data.add(key="location", value="../../../../etc/passwd")
    return _model([helper.make_node("Add", ["x", "w"], ["y"])], [tensor])


def _itself() -> bytes:
    """Return a function that calls itself."""
    opset = helper.make_opsetid("own", 1)
    calls = [helper.make_node("F", ["a"], ["b"], domain="own")]
    function = helper.make_function("own", "F", ["a"], ["b"], calls, [opset])
    ends = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node("F", ["x"], ["y"], domain="own")], "bomb", ends[:1], ends[1:])
    opsets = [helper.make_opsetid("", 17), opset]
    return bytes(helper.make_model(graph, functions=[function], opset_imports=opsets, ir_version=8).SerializeToString())


def _long_attribute() -> bytes:
    """Return an attribute of 50 MB."""
    node = helper.make_node("Neg", ["x"], ["y"])
    node.attribute.append(AttributeProto(name="a", type=AttributeProto.STRING, s=bytes(50_000_000)))
    return _model([node])


def _weights(values: Mapping[str, Value]) -> list[TensorProto]:
    return [numpy_helper.from_array(np.asarray(value), name) for name, value in values.items()]


BOMBS: Mapping[str, Callable[[], bytes]] = {
    "endless": _endless_loop,
    "announced": _huge_initializer,
    "folded": _huge_constant,
    "doubling": _doubling,
    "many": _many_nodes,
    "deep": _deep,
    "outside": _outside,
    "itself": _itself,
    "long": _long_attribute,
    "zeros": lambda: bytes(1 << 20),
    "nested": lambda: b"\x3a\x80\x08" * 10_000,
}
"""What makes each, by name."""
