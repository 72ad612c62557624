"""Results into JSON: exact, complete, and refused with the place where JSON has no form."""

from __future__ import annotations

import datetime
import json
import math
from collections import OrderedDict
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from sluice.workers.child.answer import NotJson, to_json


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "null"),
        ({"a": [1, 2.5, True, None, "ü"]}, '{"a":[1,2.5,true,null,"ü"]}'),
        (np.float32([0.1]), "[0.10000000149011612]"),
        (np.float32(0.1), "0.10000000149011612"),
        ({"p": np.float32(0.1), "n": None}, '{"p":0.10000000149011612,"n":null}'),
        (np.array(3), "3"),
        (np.array([[1, 2], [3, 4]], np.int8), "[[1,2],[3,4]]"),
        (np.array([2**64 - 1], np.uint64), "[18446744073709551615]"),
        (np.array([2**53 + 1]), "[9007199254740993]"),
        (np.array([True, False]), "[true,false]"),
        (np.array(["a", "ü"], dtype=object), '["a","ü"]'),
        (np.array(["a"]), '["a"]'),
        (np.zeros((2, 0)), "[[],[]]"),
        (np.float16([0.1]), "[0.0999755859375]"),
        (np.array([1.5], ml_dtypes.bfloat16), "[1.5]"),
        (ml_dtypes.bfloat16(1.5), "1.5"),
        (np.ones((2, 2), ">f4"), "[[1.0,1.0],[1.0,1.0]]"),
        (np.arange(6).reshape(2, 3).T, "[[0,3],[1,4],[2,5]]"),
        ([math.nan, math.inf, -math.inf], '["NaN","Infinity","-Infinity"]'),
        (np.float32([1, np.nan]), '[1.0,"NaN"]'),
        ({0: 1.0, "1": np.int64(2)}, '{"0":1.0,"1":2}'),
        ({np.int64(5): 1, True: 2}, '{"5":1,"true":2}'),
        ([{0: np.float32(1)}], '[{"0":1.0}]'),
        (OrderedDict(a=(1, 2)), '{"a":[1,2]}'),
        (10**30, "1000000000000000000000000000000"),
        (datetime.date(2026, 11, 22), '"2026-11-22"'),
        ("null", '"null"'),
    ],
)
def test_values(value: Any, expected: str) -> None:
    assert to_json(value).decode() == expected


def test_a_lone_surrogate_is_still_json() -> None:
    assert json.loads(to_json(["\ud800"])) == ["\ud800"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"x": {1, 2}}, "the result['x'] is a set, which JSON can't hold; return a list"),
        (object(), "the result is an object, which JSON can't hold; return dicts"),
        ([b"x"], "the result[0] is a bytes, which JSON can't hold; return text"),
        (1j, "the result is a complex"),
        ([object()], "the result[0] is an object"),
        ({(1, 2): 3}, "the result has a key of type tuple; make it a str"),
        ({None: 3}, "the result has a key of type NoneType"),
    ],
)
def test_what_json_cannot_hold_says_where(value: Any, said: str) -> None:
    with pytest.raises(NotJson) as refused:
        to_json(value)
    assert said in str(refused.value)


def test_a_value_that_holds_itself() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(NotJson, match="holds itself"):
        to_json(value)
