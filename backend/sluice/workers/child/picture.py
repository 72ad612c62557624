"""A small picture of a tensor that looks like one: what people see at a glance and no statistic tells."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from sluice.workers.child.nested import Array

_SIDE = 96
_FINE = 4 * _SIDE  # looked at on each side, however large the tensor is
_LEAST_SIDE = 8
_LONGEST = 8  # times the shorter side
_COLOURS = (3, 4)
_ALIKE = 0.3  # mean correlation of neighbours, which is about 0 where rows and columns have no order
_CHANNELS = (1, *_COLOURS)


def picture(array: Array) -> dict[str, Any] | None:
    """Return `width`, `height`, `channels` and `data` (8 bits a channel, row by row, in base64), or None.

    Taken for pictures are HW, HWC, CHW, NCHW and NHWC of 1, 3 or 4 channels, and square ones laid out flat; of a
    batch, the first. With one channel neighbours must be alike too: most matrices are no pictures.
    """
    if array.dtype.kind not in "buif" and array.dtype.type.__module__ != "ml_dtypes":
        return None
    pixels = _pixels(array)
    if pixels is None:
        return None
    with np.errstate(all="ignore"):
        numbers = _fine(pixels).astype(np.float64)
        if numbers.shape[2] not in _COLOURS and not _neighbours_alike(numbers[:, :, 0]):
            return None
        grey = _shrunk(_scaled(numbers, array.dtype.kind == "b" or array.dtype == np.uint8))
        height, width, channels = grey.shape
        data = base64.b64encode(np.rint(grey).astype(np.uint8).tobytes()).decode()
    return {"width": width, "height": height, "channels": channels, "data": data}


def _pixels(array: Array) -> Array | None:
    """Return a view as HWC of what may be a picture."""
    if not array.size:
        return None
    if array.ndim == 4:
        array = array[0]
    if array.ndim == 3:
        height, width, channels = array.shape
        if height in _CHANNELS and _is_area(width, channels):
            return np.moveaxis(array, 0, 2)
        return array if channels in _CHANNELS and _is_area(height, width) else None
    if array.ndim == 2 and _is_area(*array.shape):
        return array[:, :, None]
    if array.ndim in (1, 2):
        row = array if array.ndim == 1 else array[0]
        side = round(row.size**0.5)
        if side * side == row.size and side >= _LEAST_SIDE:
            return row.reshape(side, side, 1)
    return None


def _is_area(height: int, width: int) -> bool:
    return min(height, width) >= _LEAST_SIDE and max(height, width) <= _LONGEST * min(height, width)


def _fine(pixels: Array) -> Array:
    """Return every so-manieth pixel, so that what follows takes the same time for every size."""
    step = -(-max(pixels.shape[:2]) // _FINE)
    return pixels[::step, ::step]


def _neighbours_alike(grey: Array) -> bool:
    grey = np.nan_to_num(grey, posinf=0.0, neginf=0.0)
    return (_correlation(grey[1:], grey[:-1]) + _correlation(grey[:, 1:], grey[:, :-1])) / 2 > _ALIKE


def _correlation(one: Array, other: Array) -> float:
    one, other = one - one.mean(), other - other.mean()
    spread = float(np.sqrt((one * one).sum() * (other * other).sum()))
    return float((one * other).sum()) / spread if spread > 0 else 0.0


def _scaled(numbers: Array, is_bytes: bool) -> Array:
    """Return 0..255: as they are where they are known to be that or 0..1, else from the least to the greatest."""
    known = numbers[np.isfinite(numbers)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 0.0)
    if is_bytes and high > 1:
        low, high = 0.0, 255.0
    elif low >= 0 and 0.5 <= high <= 1:
        low, high = 0.0, 1.0
    elif low >= 0 and 128 <= high <= 255:
        low, high = 0.0, 255.0
    scale = 255 / (high - low) if high > low else 0.0
    return np.clip(np.nan_to_num((numbers - low) * scale, nan=0.0, posinf=255.0, neginf=0.0), 0, 255)


def _shrunk(numbers: Array) -> Array:
    """Return means over blocks, at most `_SIDE` a side."""
    block = -(-max(numbers.shape[:2]) // _SIDE)
    if block == 1:
        return numbers
    for axis in (0, 1):
        starts = np.arange(0, numbers.shape[axis], block)
        sizes = np.diff(np.append(starts, numbers.shape[axis]))
        sums = np.add.reduceat(numbers, starts, axis=axis)
        numbers = sums / sizes.reshape([-1 if i == axis else 1 for i in range(3)])
    return numbers
