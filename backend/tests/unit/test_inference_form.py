"""Requests of the Open Inference Protocol: read bit by bit, or refused in a sentence that says what to do."""

from __future__ import annotations

import copy
import json
import math
import random
import struct
import zlib
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from sluice.tensors import ELEMENT_TYPES, ElementType, TensorSpec
from sluice.workers.child.failing import Unfit
from sluice.workers.child.forms import TooLong, Written
from sluice.workers.child.inputs import ModelInput
from sluice.workers.child.nested import Array, numpy_dtype
from sluice.workers.child.oip.form import InferenceForm
from sluice.workers.messages import Inference

FLOATS = TensorSpec("x", "tensor(float)", ("N", 2))
Y = TensorSpec("y", "tensor(float)", ("N", 2))
NUMBERS = [element for element in ELEMENT_TYPES if element.onnx != "string"]
MOST = 1 << 20


def form(
    specs: list[TensorSpec], head_bytes: int | None = None, tensors: bytes = b"", coding: str = "", **more: Any
) -> InferenceForm:
    asked = Inference("m", "3", head_bytes, coding, **more)
    return InferenceForm(asked, tensors, [ModelInput.of(spec) for spec in specs], [Y, *specs[1:]])


def feed(head: dict[str, Any] | bytes, tensors: bytes = b"", specs: list[TensorSpec] | None = None) -> dict[str, Any]:
    raw = head if isinstance(head, bytes) else json.dumps(head).encode()
    return form(specs or [FLOATS], len(raw), tensors).feed(raw)


def refusal(head: dict[str, Any] | bytes, tensors: bytes = b"", specs: list[TensorSpec] | None = None) -> Unfit:
    with pytest.raises(Unfit) as refused:
        feed(head, tensors, specs)
    assert refused.value.message.endswith("."), refused.value.message
    return refused.value


def x(**more: Any) -> dict[str, Any]:
    """Return a request of one input."""
    return {"inputs": [{"name": "x", "shape": [2, 2], "datatype": "FP32", **more}]}


def binary(size: int, **more: Any) -> dict[str, Any]:
    return x(parameters={"binary_data_size": size}, **more)


def values(element: ElementType) -> Array:
    """Return (2, 3) of the least, the largest and some others, or what numbers aren't."""
    dtype = numpy_dtype(element)
    if element.onnx == "bool":
        return np.array([[True, False, True], [False, False, True]])
    if dtype.kind in "iu":
        limits = np.iinfo(dtype)
        return np.array([[limits.min, limits.max, 0], [1, 7, limits.max - 1]], dtype)
    limits = ml_dtypes.finfo(dtype)  # type: ignore[no-untyped-call]
    found = np.array([[0, -0.0, 1.5], [math.nan, math.inf, -math.inf]], dtype)
    found[0, 0], found[0, 2] = limits.max, limits.smallest_subnormal
    return found


def same(left: Array, right: Array) -> bool:
    return left.dtype == right.dtype and left.shape == right.shape and left.tobytes() == right.tobytes()


@pytest.mark.parametrize("element", NUMBERS, ids=lambda element: element.datatype)
def test_every_datatype_keeps_its_bits_in_bytes(element: ElementType) -> None:
    given = values(element)
    spec = TensorSpec("x", f"tensor({element.onnx})", (2, 3))
    head = {
        "inputs": [
            {
                "name": "x",
                "shape": [2, 3],
                "datatype": element.datatype,
                "parameters": {"binary_data_size": given.nbytes},
            }
        ],
        "parameters": {"binary_data_output": True},
    }
    raw = json.dumps(head).encode()
    asked = Inference("m", "3", len(raw))
    call = InferenceForm(asked, given.tobytes(), [ModelInput.of(spec)], [spec])
    taken = call.feed(raw)["x"]
    assert same(taken, given)
    written = call.write({"x": taken}, MOST)
    assert b"".join(written.pieces)[written.head_bytes :] == given.tobytes()
    assert same(form([spec]).feed(json.dumps({"inputs": [as_json(given, element)]}).encode())["x"], given)


def as_json(given: Array, element: ElementType) -> dict[str, Any]:
    spec = TensorSpec("x", f"tensor({element.onnx})", (2, 3))
    written = InferenceForm(Inference("m", "3"), b"", [], [spec]).write({"x": given}, MOST)
    (said,) = json.loads(b"".join(written.pieces))["outputs"]
    assert len(said["data"]) == given.size
    return dict(said)


def test_texts_keep_their_bytes() -> None:
    spec = TensorSpec("x", "tensor(string)", ("N",))
    texts = ["", "ä€𝄞", "a" * 1000]
    raw = b"".join(struct.pack("<I", len(text.encode())) + text.encode() for text in texts)
    head = {
        "inputs": [{"name": "x", "shape": [3], "datatype": "BYTES", "parameters": {"binary_data_size": len(raw)}}],
        "outputs": [{"name": "x", "parameters": {"binary_data": True}}],
    }
    encoded = json.dumps(head).encode()
    call = InferenceForm(Inference("m", "3", len(encoded)), raw, [ModelInput.of(spec)], [spec])
    taken = call.feed(encoded)["x"]
    assert taken.tolist() == texts
    written = call.write({"x": taken}, MOST)
    assert b"".join(written.pieces)[written.head_bytes :] == raw


def test_tensors_are_taken_where_they_lie() -> None:
    """And copied only where they begin between two numbers."""
    ones = np.ones((2, 2), np.float32)
    assert not feed(binary(16), ones.tobytes())["x"].flags.owndata
    flags = TensorSpec("flags", "tensor(bool)", (1,))
    two = {
        "inputs": [
            {"name": "flags", "shape": [1], "datatype": "BOOL", "parameters": {"binary_data_size": 1}},
            *binary(16)["inputs"],
        ]
    }
    taken = feed(two, b"\x01" + ones.tobytes(), [FLOATS, flags])
    assert taken["x"].flags.aligned
    assert same(taken["x"], ones)


@pytest.mark.parametrize(
    ("head", "tensors", "kind", "said"),
    [
        (b"\x89PNG", b"", "bad-json", "Inference-Header-Content-Length: 0"),
        (b'{"inputs": [', b"", "bad-json", "says how many bytes are JSON"),
        (b"[" * 100_000, b"", "bad-json", "is not JSON"),
        (b"[]", b"", "bad-json", "is a list where a JSON object"),
        ({}, b"", "wrong-type", "`inputs` is missing"),
        ({"inputs": {}}, b"", "wrong-type", "`inputs` is an object"),
        ({"inputs": [7]}, b"", "wrong-type", "`inputs[0]` is the number 7"),
        ({"inputs": []}, b"", "missing-key", "gave no 'x'"),
        ({"inputs": [{}]}, b"", "wrong-type", "`inputs[0]`: `name` is missing"),
        ({"id": [], "inputs": []}, b"", "wrong-type", "`id` is a list"),
        ({"id": 10**100, "inputs": []}, b"", "wrong-type", "`id` is a number"),
        ({"parameters": 5, "inputs": []}, b"", "wrong-type", "`parameters` is the number 5"),
        ({"parameters": {"binary_data_output": 1}, "inputs": []}, b"", "wrong-type", "`binary_data_output`"),
        (x(), b"", "missing-key", "neither `data` nor"),
        (x(data=[0.0] * 4, parameters={"binary_data_size": 16}), bytes(16), "wrong-type", "has both `data` and"),
        (x(data=[0.0] * 4, datatype="FP64"), b"", "wrong-dtype", "came FP64; convert it, and send `datatype` FP32"),
        (x(data=[0.0] * 4, datatype="FLOAT"), b"", "wrong-dtype", "'FLOAT', which is no datatype"),
        (x(data=[0.0] * 4, datatype=32), b"", "wrong-type", "`datatype` is the number 32"),
        (x(data=[0.0] * 4, shape=[2, -2]), b"", "wrong-shape", "whole numbers from 0"),
        (x(data=[0.0] * 4, shape=[2, True]), b"", "wrong-shape", "whole numbers from 0"),
        (x(data=[0.0] * 4, shape=[2, 2.0]), b"", "wrong-shape", "whole numbers from 0"),
        (x(data=[0.0] * 4, shape="2,2"), b"", "wrong-shape", "whole numbers from 0"),
        (x(data=[0.0] * 4, shape=[1] * 65), b"", "wrong-shape", "the most is 64"),
        (x(data=[0.0] * 4, shape=[10**18, 10**18]), b"", "wrong-shape", "`data` has 4 elements"),
        (x(data=[0.0] * 5), b"", "wrong-shape", "`data` has 5 elements where shape [2, 2] has 4"),
        (x(data=[[0.0] * 4]), b"", "wrong-shape", "nested as [1, 4] where `shape` is [2, 2]"),
        (x(data=[0.0, 0.0, 0.0, "a"]), b"", "wrong-value", "element [3] is the text 'a'"),
        (x(data={"a": 1}), b"", "wrong-value", "an object"),
        (x(data=[0.0] * 4, shape=[4]), b"", "wrong-shape", "came shape (4,)"),
        (x(parameters={"shared_memory_region": "r"}), b"", "wrong-type", "shared memory"),
        (binary(16), bytes(15), "wrong-size", "is to have 16 bytes (`binary_data_size`) where 15 are left"),
        (binary(16), bytes(17), "wrong-size", "17 bytes follow the JSON"),
        (binary(12), bytes(12), "wrong-size", "shape [2, 2] of FP32 takes 16 bytes, but it has 12"),
        (binary(16, shape=[10**18, 10**18]), bytes(16), "wrong-size", "but it has 16"),
        (binary(-1), b"", "wrong-size", "is the number -1"),
        (binary(10**30), b"", "wrong-size", "is a number"),
        (x(parameters={"binary_data_size": "16"}), bytes(16), "wrong-size", "is a text"),
        (x(parameters={"binary_data_size": True}), bytes(1), "wrong-size", "is true"),
        (x(data=[0.0] * 4), b"left", "wrong-size", "4 bytes follow the JSON"),
        ({"inputs": binary(16)["inputs"] * 2}, bytes(32), "wrong-value", "came twice"),
        ({"inputs": binary(16)["inputs"] * 2}, bytes(16), "wrong-size", "where 0 are left"),
        ({"inputs": binary(16, name="z")["inputs"]}, bytes(16), "unknown-key", "no input of the model"),
        ({**binary(16), "outputs": [{"name": "z"}]}, bytes(16), "unknown-key", "There is no output 'z'; ask for some"),
        ({**binary(16), "outputs": [{"name": "y"}] * 2}, bytes(16), "wrong-value", "asked for twice"),
        ({**binary(16), "outputs": {"name": "y"}}, bytes(16), "wrong-type", "`outputs` is an object"),
        ({**binary(16), "outputs": ["y"]}, bytes(16), "wrong-type", "`outputs[0]` is a text"),
        (
            {**binary(16), "outputs": [{"name": "y", "parameters": {"classification": 3}}]},
            bytes(16),
            "wrong-value",
            "`classification` isn't served",
        ),
        (
            {**binary(16), "outputs": [{"name": "y", "parameters": {"binary_data": "no"}}]},
            bytes(16),
            "wrong-type",
            "`binary_data` is a text",
        ),
    ],
)
def test_what_is_malformed_is_refused(head: dict[str, Any] | bytes, tensors: bytes, kind: str, said: str) -> None:
    refused = refusal(head, tensors)
    assert refused.kind == kind, refused.message
    assert said in refused.message


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\x01\x00\x00\x00a", "2 elements don't fit into 5 bytes"),
        (b"\x05\x00\x00\x00abcde", "the bytes end before element [1]"),
        (b"\x01\x00\x00\x00a\xff\xff\xff\xff", "element [1] is to have 4294967295 bytes where 0 are left"),
        (b"\x01\x00\x00\x00a\x01\x00\x00\x00bc", "1 bytes are left over"),
        (b"\x01\x00\x00\x00a\x01\x00\x00\x00\xff", "element [1] is no text in UTF-8"),
    ],
)
def test_texts_of_wrong_lengths_are_refused(raw: bytes, said: str) -> None:
    head = binary(len(raw), shape=[2], datatype="BYTES")
    assert said in refusal(head, raw, [TensorSpec("x", "tensor(string)", ("N",))]).message


def test_truth_values_are_0_or_1() -> None:
    head = binary(2, shape=[2], datatype="BOOL")
    assert "0 or 1" in refusal(head, b"\x00\x02", [TensorSpec("x", "tensor(bool)", ("N",))]).message


def test_nested_data_and_scalars_and_empty_tensors() -> None:
    assert feed(x(data=[[1, 2], [3, 4]]))["x"].tolist() == [[1, 2], [3, 4]]
    scalar = TensorSpec("x", "tensor(float)", ())
    assert feed(x(data=[5], shape=[]), specs=[scalar])["x"].shape == ()
    assert feed(binary(4, shape=[]), struct.pack("<f", 5), [scalar])["x"] == 5
    assert feed(x(data=[], shape=[0, 2]))["x"].shape == (0, 2)
    assert feed(binary(0, shape=[0, 2]))["x"].shape == (0, 2)


@pytest.mark.parametrize(
    ("spec", "raw", "expected"),
    [
        (FLOATS, struct.pack("<4f", 1, 2, 3, 4), [[1, 2], [3, 4]]),
        (FLOATS, b"", []),
        (TensorSpec("x", "tensor(uint8)", (3,)), b"abc", [97, 98, 99]),
        (TensorSpec("x", "tensor(string)", (1,)), b"abc", ["abc"]),
        (TensorSpec("x", "seq(tensor(int64))", None), b"[[1,2],[3]]", None),
    ],
)
def test_a_body_may_be_nothing_but_one_tensor(spec: TensorSpec, raw: bytes, expected: Any) -> None:
    taken = form([spec], 0).feed(raw)["x"]
    if expected is None:
        assert [item.tolist() for item in taken] == [[1, 2], [3]]
    else:
        assert taken.tolist() == expected


@pytest.mark.parametrize(
    ("specs", "raw", "said"),
    [
        ([FLOATS], bytes(7), "7 bytes came where 8 bytes or a multiple"),
        ([TensorSpec("x", "tensor(float)", ("N", "M"))], bytes(8), "several of its dimensions are variable"),
        ([TensorSpec("x", "tensor(float)", None)], bytes(8), "can't be told from the number of bytes"),
        ([FLOATS, Y], bytes(8), "has the inputs 'x', 'y'. Send a head"),
        ([TensorSpec("x", "seq(tensor(int64))", None)], b"no", "its element is not JSON"),
    ],
)
def test_a_tensor_without_a_head_that_can_not_be_told(specs: list[TensorSpec], raw: bytes, said: str) -> None:
    with pytest.raises(Unfit) as refused:
        form(specs, 0).feed(raw)
    assert said in refused.value.message


def written(head: dict[str, Any], coding: str = "", rows: int = 2, **more: Any) -> Written:
    call = form([FLOATS], coding=coding, **more)
    call.feed(json.dumps({**x(data=[0.0] * 4), **head}).encode())
    return call.write({"y": np.zeros((rows, 2), np.float32)}, MOST)


def test_an_answer_is_compressed_where_that_helps() -> None:
    plain = written({"id": "a"}, rows=500)
    assert not plain.compressed
    packed = written({"id": "a"}, "gzip", rows=500)
    assert packed.compressed
    assert zlib.decompress(b"".join(packed.pieces), 31) == b"".join(plain.pieces)
    assert not written({}, "deflate").compressed, "there is nothing to save"


def test_binary_answers_are_compressed_only_for_who_wants_nothing_else() -> None:
    head = {"parameters": {"binary_data_output": True}}
    assert not written(head, "deflate", rows=500).compressed
    packed = written(head, "deflate", rows=500, also_tensors=True)
    assert packed.compressed
    plain = zlib.decompress(b"".join(packed.pieces))
    assert plain[packed.head_bytes :] == bytes(4000)
    assert json.loads(plain[: packed.head_bytes])["model_version"] == "3"


def test_an_answer_that_is_too_long() -> None:
    with pytest.raises(TooLong) as refused:
        form([FLOATS]).write({"y": np.zeros((1000, 2), np.float32)}, 4000)
    assert refused.value.size > 4000


def test_broken_requests_are_refused_or_read_but_nothing_else() -> None:
    """2000 heads of which parts were swapped, cut, repeated or made up."""
    chance = random.Random(5)
    whole = json.dumps({"id": "a", **binary(16), "outputs": [{"name": "y", "parameters": {"binary_data": True}}]})
    odd = [None, True, -1, 2**70, 1e400, "", "x", [], {}, [[]], {"name": "x"}, "\ud800"]
    for _ in range(2000):
        head: Any = json.loads(whole)
        for _ in range(chance.randint(1, 3)):
            node: Any = head
            while isinstance(node, dict | list) and node:
                key = chance.choice(list(node) if isinstance(node, dict) else range(len(node)))
                if chance.random() < 0.4 or not isinstance(node[key], dict | list) or not node[key]:
                    node[key] = copy.deepcopy(chance.choice(odd))
                    break
                node = node[key]
        raw = json.dumps(head).encode()
        if chance.random() < 0.3:
            at = chance.randrange(len(raw))
            raw = raw[:at] + chance.randbytes(chance.randint(0, 3)) + raw[at + chance.randint(0, 3) :]
        try:
            feed(raw, bytes(chance.choice([0, 15, 16, 17])))
        except Unfit as refused:
            assert refused.message
