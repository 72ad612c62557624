"""The input that a check makes up where nobody gave one."""

from __future__ import annotations

import json

import pytest

from sluice.catalog.samples import made_sample
from sluice.tensors import TensorSpec


@pytest.mark.parametrize(
    ("type", "dimensions", "value"),
    [
        ("tensor(float)", ("N", 2, None), [[[0], [0]]]),
        ("tensor(bool)", (-1,), [False]),
        ("tensor(string)", (), ""),
        ("tensor(float)", (2, 0, 1 << 40), [[], []]),
    ],
)
def test_zeros_of_a_shape(type: str, dimensions: tuple[int | str | None, ...], value: object) -> None:
    sample = made_sample([TensorSpec("x", type, dimensions)])
    assert sample is not None
    assert json.loads(sample) == {"x": value}


@pytest.mark.parametrize(
    ("type", "dimensions"),
    [
        ("seq(tensor(float))", None),
        ("tensor(float)", None),
        ("tensor(float)", (1 << 40,)),
        ("tensor(float)", (1 << 40, 0)),
        ("tensor(float)", (1,) * 2000),
    ],
)
def test_what_cannot_be_made_up(type: str, dimensions: tuple[int | str | None, ...] | None) -> None:
    assert made_sample([TensorSpec("x", type, dimensions)]) is None
