"""What a worker runs once before it takes calls, so that the first of them isn't slower than the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sluice.workers.child.inputs import ModelInput
from sluice.workers.child.nested import numpy_dtype
from sluice.workers.child.value_types import TensorType

_MOST_BYTES = 64 << 20


def zeros(inputs: Sequence[ModelInput]) -> dict[str, Any] | None:
    """Return zeros (false, empty texts) of the model's shapes, with 1 where a dimension is variable.

    None where that can't be made up: other values than tensors, an unknown rank, or too much to wait for.
    """
    feed = {}
    left = _MOST_BYTES
    for wanted in inputs:
        dimensions = wanted.spec.dimensions
        if not isinstance(wanted.type, TensorType) or dimensions is None:
            return None
        shape = [size if isinstance(size, int) and size >= 0 else 1 for size in dimensions]
        dtype = numpy_dtype(wanted.type.element)
        left -= int(np.prod(shape, dtype=object)) * dtype.itemsize
        if left < 0:
            return None
        feed[wanted.spec.name] = np.full(shape, "", dtype) if dtype.kind == "O" else np.zeros(shape, dtype)
    return feed
