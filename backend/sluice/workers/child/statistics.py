"""Least, greatest and mean value of an array, of any layout and size, in bounded time and memory."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from sluice.workers.child.answer import finite_or_text
from sluice.workers.child.nested import Array

_BLOCK = 1 << 16  # elements; what is computed from one stays in the processor's cache


def statistics(array: Array, until: float) -> dict[str, Any]:
    """Return `min`, `max`, `mean` of the values that are numbers, and `nanCount` for floats.

    What isn't numbers has none, and so has an array that isn't done by `until` (by `time.perf_counter`): a part of
    it would mislead.
    """
    if array.dtype.kind not in "biuf" and array.dtype.type.__module__ != "ml_dtypes":
        return {}
    flat = _flat(array)
    least: Any = None
    greatest: Any = None
    total, nans = 0.0, 0
    with np.errstate(all="ignore"):
        for start in range(0, array.size, _BLOCK):
            if time.perf_counter() > until:
                return {}
            block = _widened(flat[start : start + _BLOCK])
            if block.dtype.kind == "f":
                unknown = np.isnan(block)
                if missing := int(np.count_nonzero(unknown)):
                    nans += missing
                    block = block[~unknown]
                    if not block.size:
                        continue
            low, high = block.min(), block.max()
            least = low if least is None else min(least, low)
            greatest = high if greatest is None else max(greatest, high)
            total += float(block.sum(dtype=np.float64))
    facts: dict[str, Any] = {}
    if least is not None:
        facts = {"min": _plain(least), "max": _plain(greatest), "mean": finite_or_text(total / (array.size - nans))}
    return facts | ({"nanCount": nans} if array.dtype.kind not in "biu" else {})


def _flat(array: Array) -> Any:
    """Return what can be sliced by elements without copying all of it; their order doesn't matter here."""
    if array.flags.c_contiguous:
        return array.reshape(-1)
    if array.flags.f_contiguous:
        return array.T.reshape(-1)
    return array.flat


def _widened(block: Array) -> Array:
    """Return narrow floats as float64, which holds each exactly, and numbers in this machine's byte order."""
    if block.dtype.kind in "biu" or block.dtype in (np.float32, np.float64):
        return block.astype(block.dtype.newbyteorder("="), copy=False)
    return block.astype(np.float64)


def _plain(number: Any) -> Any:
    plain = number.item()
    return finite_or_text(plain) if isinstance(plain, float) else plain
