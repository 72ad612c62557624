"""Nested lists into arrays: exact, or refused with the place."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sluice.tensors import BY_ONNX
from sluice.workers.child.failing import Unfit
from sluice.workers.child.nested import numpy_dtype, to_array


@pytest.mark.parametrize("element", BY_ONNX)
def test_every_element_type_gets_its_own_dtype(element: str) -> None:
    value = {"string": ["a", "ü"], "bool": [True, False]}.get(element, [1, 2])
    array = to_array(value, BY_ONNX[element])
    assert array.dtype == numpy_dtype(BY_ONNX[element])
    assert array.tolist() == value


@pytest.mark.parametrize(
    ("element", "value", "expected"),
    [
        ("int64", [9007199254740993, -(2**63)], [9007199254740993, -(2**63)]),
        ("int64", [2**53 + 1, 1.0], [2**53 + 1, 1]),
        ("uint64", [2**64 - 1, 0], [2**64 - 1, 0]),
        ("int8", [-128.0, 127], [-128, 127]),
        ("float", [0.1], [float(np.float32(0.1))]),
        ("float", 7, 7.0),
        ("float", [], []),
        ("float", [[], []], [[], []]),
        ("double", ["Infinity", "-Infinity", 1], [math.inf, -math.inf, 1.0]),
        ("float16", [65504], [65504.0]),
        ("bfloat16", [1.0078125], [1.0078125]),
        ("string", [["NaN", ""]], [["NaN", ""]]),
    ],
)
def test_values_survive(element: str, value: Any, expected: Any) -> None:
    assert to_array(value, BY_ONNX[element]).tolist() == expected


def test_nan_comes_as_text_and_as_number() -> None:
    assert np.isnan(to_array(["NaN", math.nan], BY_ONNX["float"])).all()


@pytest.mark.parametrize(
    ("element", "value", "said"),
    [
        ("float", [1, True], "element [1] is true, not a number"),
        ("float", [[1, 2], [3, None]], "element [1][1] is null, not a number"),
        ("float", [1, "two"], "element [1] is the text 'two', not a number"),
        ("float", [1, 1e39], "element [1] is the number 1e+39, which is out of range; float ends at 3.40282e+38"),
        ("float16", [65520], "element [0] is the number 65520, which is out of range; float16 ends at 65504"),
        ("double", [10**400], "element [0] is a whole number that is out of range; double ends at 1.79769e+308"),
        ("int8", [1, 300], "element [1] is the number 300, which is out of range; int8 goes from -128 to 127"),
        ("int64", [2**63], f"element [0] is the number {2**63}, which is out of range"),
        ("int32", [1, 2.5], "element [1] is the number 2.5, not a whole number"),
        ("int32", ["NaN"], "element [0] is the text 'NaN', not a whole number"),
        ("int32", [math.nan], "element [0] is the number nan, not a whole number"),
        ("uint8", [-1], "element [0] is the number -1, which is out of range; uint8 goes from 0 to 255"),
        ("bool", [1], "element [0] is the number 1, not true or false"),
        ("string", ["a", 1], "element [1] is the number 1, not a text"),
        ("float", [[1, 2], [3]], "element [1] has 1 elements where the first list has 2"),
        ("float", [[1], 2], "element [1] is the number 2 where a list of 1 is expected"),
        ("float", [{"a": 1}], "element [0] is an object, not a number"),
        ("float", [1, [2]], "element [1] is a list, not a number"),
    ],
)
def test_what_does_not_fit_says_where(element: str, value: Any, said: str) -> None:
    with pytest.raises(Unfit) as refused:
        to_array(value, BY_ONNX[element])
    assert said in refused.value.message


def test_lists_too_deep_are_refused() -> None:
    value: Any = 1
    for _ in range(70):
        value = [value]
    with pytest.raises(Unfit, match="more than 64 deep"):
        to_array(value, BY_ONNX["float"])
