"""What a model is warmed with where there is no sample."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sluice.tensors import TensorSpec
from sluice.workers.child.inputs import ModelInput
from sluice.workers.child.warming import zeros


def wanted(type: str, *dimensions: int | str | None) -> ModelInput:
    return ModelInput.of(TensorSpec("x", type, dimensions))


@pytest.mark.parametrize(
    ("wanted", "value"),
    [
        (wanted("tensor(float)", "N", 2, None), np.zeros((1, 2, 1), np.float32)),
        (wanted("tensor(int64)"), np.zeros((), np.int64)),
        (wanted("tensor(bool)", -1), np.zeros(1, bool)),
        (wanted("tensor(string)", 2), np.array(["", ""], object)),
        (wanted("tensor(float16)", 0), np.zeros(0, np.float16)),
    ],
)
def test_zeros_of_the_shapes(wanted: ModelInput, value: Any) -> None:
    feed = zeros([wanted])
    assert feed is not None
    assert feed["x"].dtype == value.dtype and feed["x"].shape == value.shape
    assert feed["x"].tolist() == value.tolist()


@pytest.mark.parametrize(
    "wanted",
    [
        wanted("seq(tensor(float))"), wanted("map(int64,tensor(float))"), wanted("optional(tensor(float))", 1),
        wanted("tensor(float)", 1 << 30, 1 << 40), wanted("tensor(float)", 1 << 25),
        ModelInput.of(TensorSpec("x", "tensor(float)", None)),
    ],
)  # fmt: skip
def test_what_cant_be_made_up(wanted: ModelInput) -> None:
    assert zeros([wanted]) is None
