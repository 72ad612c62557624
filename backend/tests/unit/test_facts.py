"""What a trace says of a value: true for every kind, short for every size, and never an exception."""

from __future__ import annotations

import json
import math
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from sluice.workers.child.facts import Facts


def facts(value: Any, within_s: float = 5.0) -> dict[str, Any]:
    return Facts(within_s).of(value)


NUMBERS = ["float16", "float32", "float64", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]


@pytest.mark.parametrize("dtype", [*NUMBERS, ml_dtypes.bfloat16, ">f4", ">i8", np.longdouble])
def test_numbers_of_every_type(dtype: Any) -> None:
    array = np.array([[1, 2], [4, 1]], dtype)
    told = facts(array)
    nans = told.pop("nanCount", None)
    assert (nans == 0) if array.dtype.kind not in "iu" else (nans is None)
    assert told == {
        "type": "tensor", "dtype": str(array.dtype), "shape": [2, 2], "sizeBytes": array.nbytes,
        "first": [1, 2, 4, 1], "min": 1, "max": 4, "mean": 2,
    }  # fmt: skip


def test_extremes_keep_their_digits() -> None:
    told = facts(np.array([2**64 - 1, 2**64 - 2], np.uint64))
    assert (told["min"], told["max"]) == (2**64 - 2, 2**64 - 1)
    told = facts(np.array([0.1], np.float32))
    assert told["min"] == told["max"] == told["first"][0] == float(np.float32(0.1))


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", ml_dtypes.bfloat16])
def test_what_isnt_finite_is_spelt_as_in_answers(dtype: Any) -> None:
    told = facts(np.array([math.nan, math.inf, -math.inf, math.nan, 3], dtype))
    assert told["first"] == ["NaN", "Infinity", "-Infinity", "NaN", 3]
    assert (told["min"], told["max"], told["mean"], told["nanCount"]) == ("-Infinity", "Infinity", "NaN", 2)
    told = facts(np.array([math.nan, 1, 3], dtype))
    assert (told["min"], told["max"], told["mean"], told["nanCount"]) == (1, 3, 2, 1)
    told = facts(np.full((3,), math.nan, dtype))
    assert told["nanCount"] == 3 and told.keys().isdisjoint({"min", "max", "mean"})


def test_odd_shapes() -> None:
    assert facts(np.float32(2.5)) == facts(np.array(2.5, np.float32))
    assert facts(np.array(2.5, np.float32))["shape"] == []
    empty = facts(np.zeros((0, 4), np.float32))
    assert (empty["shape"], empty["first"], empty["nanCount"]) == ([0, 4], [], 0)
    assert "min" not in empty
    big = np.arange(200_000, dtype=np.int64).reshape(400, 500)
    for array in (big, big.T, big[::2, ::-3], np.asfortranarray(big), np.broadcast_to(np.int64(7), (300, 500))):
        told = facts(array)
        assert (told["min"], told["max"]) == (array.min(), array.max())
        assert told["mean"] == pytest.approx(float(array.mean()))
        assert told["first"] == array.ravel()[:8].tolist()


def test_truth_values_and_texts() -> None:
    told = facts(np.array([True, False, False, False]))
    assert (told["min"], told["max"], told["mean"], told["first"][0]) == (False, True, 0.25, True)
    for array in (np.array(["a", "ü"], object), np.array(["a", "ü"])):
        told = facts(array)
        assert told["first"] == ["a", "ü"] and told["shape"] == [2]
        assert told.keys().isdisjoint({"min", "nanCount"})


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, {"type": "nothing"}),
        (True, {"type": "bool", "first": [True]}),
        (3, {"type": "number", "first": [3]}),
        (math.inf, {"type": "number", "first": ["Infinity"]}),
        ("täxt", {"type": "text", "length": 4, "first": ["täxt"], "text": "täxt"}),
        (b"\x89PNG\r\n", {"type": "bytes", "sizeBytes": 6, "first": [r"b'\x89PNG\r\n'"]}),
        (b"", {"type": "bytes", "sizeBytes": 0, "first": ["b''"]}),
        ([1, "a", [2, [3, [4]]]], {"type": "list", "length": 3, "first": [1, "a", [2, [3, "<list>"]]]}),
        ((), {"type": "tuple", "length": 0, "first": []}),
        ({"a": 1, 2: None}, {"type": "dict", "length": 2, "keys": ["a", "2"]}),
        ([{0: 0.5, 1: 0.25}], {"type": "list", "length": 1, "first": [{"0": 0.5, "1": 0.25}]}),
        ([np.zeros((2, 3), np.int8)], {"type": "list", "length": 1, "first": ["<tensor int8 (2, 3)>"]}),
        ({1, 2}, {"type": "set"}),
        (1j, {"type": "complex"}),
    ],
)
def test_other_values(value: Any, expected: dict[str, Any]) -> None:
    assert facts(value) == expected


def test_a_dict_is_told_value_by_value_and_so_are_outputs() -> None:
    look = Facts(1.0)
    named = look.of_all({"x": np.zeros(1), "y": 2})
    assert [(fact["name"], fact["type"]) for fact in named] == [("x", "tensor"), ("y", "number")]
    named = look.of_all([np.zeros(1), [{1: 2.0}]], ["scores", "maps"])
    assert [(fact["name"], fact["type"]) for fact in named] == [("scores", "tensor"), ("maps", "list")]
    assert look.of_all({}) == [{"type": "dict", "length": 0, "keys": []}]
    assert look.of_all([1]) == [{"type": "list", "length": 1, "first": [1]}]
    assert [fact["name"] for fact in look.of_all(OrderedDict(a=1))] == ["a"]


class Hostile(Mapping[str, Any]):
    def __getattribute__(self, name: str) -> Any:
        raise SystemExit(name)

    def __getitem__(self, key: str) -> Any:
        raise SystemExit

    def __iter__(self) -> Iterator[str]:
        raise KeyboardInterrupt

    def __len__(self) -> int:
        raise SystemExit


class HostileArray(np.ndarray[Any, Any]):
    def __getattribute__(self, name: str) -> Any:
        raise SystemExit

    def __array_finalize__(self, other: Any) -> None:
        pass


class HostileText(str):
    def __getitem__(self, key: Any) -> Any:
        raise SystemExit

    def __len__(self) -> int:
        raise SystemExit

    __str__ = __repr__ = __format__ = __getitem__  # type: ignore[assignment]


class HostileNumber(float):
    def __float__(self) -> float:
        raise SystemExit

    __repr__ = __str__ = __float__  # type: ignore[assignment]


class HostileKind(type):
    @property
    def __name__(cls) -> str:  # type: ignore[override]
        raise SystemExit


class OfHostileKind(metaclass=HostileKind):
    pass


class Dictish(dict[Any, Any]):
    def items(self) -> Any:
        raise SystemExit

    __iter__ = __len__ = __getitem__ = items  # type: ignore[assignment]


HOSTILE = [
    Hostile(), np.zeros(3).view(HostileArray), HostileText("abc"), HostileNumber(3), OfHostileKind(), Dictish(a=1),
    np.array([HostileText("a"), HostileNumber(1), OfHostileKind()], object), {HostileText("k"): 1},
    {OfHostileKind(): 1},
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_hostile_objects_raise_nothing(number: int) -> None:
    value = HOSTILE[number]  # not as a parameter: pytest looks at those
    for told in (facts(value), facts([value]), facts({"a": value}), *Facts(1.0).of_all(value)):
        assert type(told["type"]) is str
        json.dumps(told, allow_nan=False)
    json.dumps(Facts(1.0).of_all({"a": value}), allow_nan=False)


def test_text_is_told_at_some_length() -> None:
    assert facts("a\nb")["text"] == "a\nb"
    assert facts('{"x": "ü"}'.encode())["text"] == '{"x": "ü"}'
    assert facts("ü" * 5000)["text"] == "ü" * 4000
    assert facts(("a" + "ü" * 5000).encode())["text"] == "a" + "ü" * 1999  # the last one would have been cut in two
    assert facts("\ud800x")["text"] == "?x"
    for other in (b"\x89PNG\r\n", b"a\0b", "ü".encode("latin1"), b"", ""):
        assert "text" not in facts(other)
    many = Facts(5.0).of_all({str(i): "x" * 4000 for i in range(30)})
    assert sum(len(told.get("text", "")) for told in many) == 40_000
    assert facts("abc", 0).keys().isdisjoint({"text", "picture"})


def test_a_call_shows_few_pictures() -> None:
    ramp = np.tile(np.arange(16, dtype=np.uint8), (16, 1))
    told = Facts(5.0).of_all({str(i): ramp for i in range(20)})
    assert sum("picture" in fact for fact in told) == 8
    assert "picture" not in facts(ramp, 0)


def test_what_holds_itself() -> None:
    itself: list[Any] = []
    itself.append(itself)
    mapped: dict[str, Any] = {}
    mapped["a"] = mapped
    for value in (itself, mapped):
        assert len(json.dumps(facts(value))) < 1000


def test_huge_things_are_told_short_and_soon() -> None:
    started = time.process_time()
    nested: Any = ["x" * 1000] * 1000
    for _ in range(50):
        nested = [nested] * 1000
    values = {f"{i}" * 1000: nested for i in range(1000)}
    values["number"] = 10**100_000
    values["text"] = "é" * 10_000_000
    look = Facts(1.0)
    told = [look.of_all(value) for value in (values, nested, [values] * 8, {"bytes": bytes(10_000_000)})]
    assert len(json.dumps(told)) < 400_000
    assert all(len(facts) <= 32 for facts in told)
    assert time.process_time() - started < 2


def test_statistics_end_when_their_time_is_over() -> None:
    large = np.zeros(50_000_000, np.float16)
    started = time.process_time()
    told = facts(large, 0.02)
    assert time.process_time() - started < 0.5
    assert told["sizeBytes"] == 100_000_000 and told["first"] == [0] * 8
    assert told.keys().isdisjoint({"min", "max", "mean", "nanCount"})


def test_without_time_there_are_no_statistics() -> None:
    assert facts(np.zeros(3, np.int8), 0) == {
        "type": "tensor", "dtype": "int8", "shape": [3], "sizeBytes": 3, "first": [0, 0, 0],
    }  # fmt: skip


def test_an_array_of_any_dtype() -> None:
    for array in (
        np.array([1j]), np.array(["2026-01-01"], "datetime64[D]"), np.zeros(2, [("a", "f4"), ("b", "S3")]),
        np.array([b"ab"]), np.ma.masked_array([1, 2], [True, False]), np.rec.array([1]), np.zeros(2, ml_dtypes.int4),
        np.zeros(2, ml_dtypes.float8_e4m3fn),
    ):  # fmt: skip
        told = facts(array)
        assert told["type"] == "tensor" and told["dtype"] == str(array.dtype)
        json.dumps(told, allow_nan=False)


def test_the_time_between_two_looks_doesnt_count() -> None:
    look = Facts(0.2)
    ended = time.perf_counter() + 0.3
    look.of_all({"x": np.zeros(3)})
    while time.perf_counter() < ended:
        pass
    assert look.of_all({"x": np.zeros(3)})[0]["mean"] == 0
