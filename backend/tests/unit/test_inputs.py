"""What the model is given is checked against its inputs and never cast."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest

from sluice.tensors import TensorSpec
from sluice.workers.child.failing import Unfit
from sluice.workers.child.inputs import ModelInput, prepare
from sluice.workers.child.value_types import (
    MapType,
    OptionalType,
    SequenceType,
    TensorType,
    UnknownType,
    holds,
    parse_type,
)

IMAGE = TensorSpec("image", "tensor(float)", ("N", 3, 2, 2))


def feed(given: Any, *specs: TensorSpec) -> dict[str, Any]:
    return prepare(given, [ModelInput.of(spec) for spec in specs], "Pre-processing")


def refusal(given: Any, *specs: TensorSpec) -> Unfit:
    with pytest.raises(Unfit) as refused:
        feed(given, *specs)
    return refused.value


def test_a_fitting_array_goes_as_it_is() -> None:
    array = np.ones((5, 3, 2, 2), np.float32)
    assert feed({"image": array}, IMAGE)["image"] is array


def test_a_view_is_made_contiguous() -> None:
    array = np.ones((1, 2, 2, 3), np.float32).transpose(0, 3, 1, 2)
    assert feed({"image": array}, IMAGE)["image"].flags.c_contiguous


def test_the_other_byte_order_is_no_other_dtype() -> None:
    array = np.ones((1, 3, 2, 2), ">f4")
    assert feed({"image": array}, IMAGE)["image"].dtype == np.dtype("<f4")


def test_a_wider_dtype_is_refused_with_the_repair() -> None:
    refused = refusal({"image": np.ones((1, 3, 2, 2))}, IMAGE)
    assert (refused.kind, refused.input) == ("wrong-dtype", "image")
    assert refused.message == (
        "Input 'image': came float64; convert it with `.astype(np.float32)`. The model expects float32 (N, 3, 2, 2)."
    )


@pytest.mark.parametrize(
    ("shape", "said"),
    [((3, 2, 2), "came shape (3, 2, 2); a first axis is missing: `x[None]` adds it"), ((1, 1, 2, 2), "(1, 1, 2, 2)")],
)
def test_a_wrong_shape_is_refused(shape: tuple[int, ...], said: str) -> None:
    refused = refusal({"image": np.ones(shape, np.float32)}, IMAGE)
    assert refused.kind == "wrong-shape"
    assert said in refused.message


def test_a_missing_key_says_what_the_model_expects() -> None:
    refused = refusal({}, IMAGE)
    assert refused.kind == "missing-key"
    assert "gave no 'image'; the model expects float32 (N, 3, 2, 2)" in refused.message


def test_an_unknown_key_proposes_the_near_one() -> None:
    refused = refusal({"imgae": 1}, IMAGE)
    assert refused.kind == "unknown-key"
    assert "Did you mean 'image'?" in refused.message


@pytest.mark.parametrize("given", [None, [1], np.ones(3)])
def test_anything_but_a_dict_is_refused(given: Any) -> None:
    refused = refusal(given, IMAGE)
    assert refused.kind == "wrong-type"
    assert "{'image': float32 (N, 3, 2, 2)}" in refused.message


def test_bytes_are_no_array() -> None:
    assert "came bytes; give a numpy array" in refusal({"image": b"x"}, IMAGE).message


def test_an_empty_list_takes_the_models_further_dimensions() -> None:
    spec = TensorSpec("x", "tensor(float)", ("N", 4))
    assert feed({"x": []}, spec)["x"].shape == (0, 4)


def test_scalars() -> None:
    spec = TensorSpec("x", "tensor(int64)", ())
    assert feed({"x": 3}, spec)["x"].shape == ()
    assert feed({"x": np.int64(3)}, spec)["x"].shape == ()


def test_texts() -> None:
    spec = TensorSpec("x", "tensor(string)", ("N",))
    assert feed({"x": np.array(["a", "b"])}, spec)["x"].dtype == object
    assert refusal({"x": np.array([1])}, spec).kind == "wrong-dtype"


def test_bfloat16_arrays() -> None:
    spec = TensorSpec("x", "tensor(bfloat16)", ("N",))
    array = np.ones(2, ml_dtypes.bfloat16)
    assert feed({"x": array}, spec)["x"] is array
    assert "ml_dtypes.bfloat16" in refusal({"x": np.ones(2, np.float32)}, spec).message


def test_sequences_maps_and_optionals() -> None:
    sequence = TensorSpec("s", "seq(tensor(float))", None)
    mapping = TensorSpec("m", "map(int64,tensor(float))", None)
    optional = TensorSpec("o", "optional(tensor(float))", (2,))
    given = feed({"s": [[1, 2], []], "m": {"7": 1.5}, "o": None}, sequence, mapping, optional)
    assert [array.tolist() for array in given["s"]] == [[1.0, 2.0], []]
    assert given["m"] == {7: 1.5}
    assert given["o"] is None
    assert "o" not in feed({"s": [], "m": {}}, sequence, mapping, optional)
    assert refusal({"s": 1}, sequence).kind == "wrong-type"
    assert refusal({"m": [1]}, mapping).kind == "wrong-type"
    assert "key 'a' is no whole number" in refusal({"m": {"a": 1}}, mapping).message
    assert refusal({"o": [1, 2, 3]}, optional).kind == "wrong-shape"


def test_types_are_read_as_the_runtime_spells_them() -> None:
    parsed = parse_type("seq(map(int64,tensor(float)))")
    assert isinstance(parsed, SequenceType)
    assert isinstance(parsed.item, MapType)
    assert isinstance(parsed.item.value, TensorType)
    assert isinstance(parse_type("optional(seq(tensor(bfloat16)))"), OptionalType)
    assert holds(parse_type("optional(seq(tensor(bfloat16)))"), "bfloat16")
    assert not holds(parsed, "bfloat16")


@pytest.mark.parametrize("text", ["tensor(float8e4m3fn)", "sparse_tensor(float)", "tensor(float", "map(float)", ""])
def test_other_types_are_refused(text: str) -> None:
    with pytest.raises(UnknownType):
        parse_type(text)
