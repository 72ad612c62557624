"""Which tensors a trace shows as pictures, and what is on these."""

from __future__ import annotations

import base64
import time
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from sluice.workers.child.picture import picture


def pixels(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return what is on the picture, as HWC."""
    found = picture(array)
    assert found
    raw = np.frombuffer(base64.b64decode(found["data"]), np.uint8)
    return raw.reshape(found["height"], found["width"], found["channels"])


RNG = np.random.default_rng(0)
COLOURED = RNG.integers(0, 256, (20, 30, 3), np.uint8)
GREY = np.tile(np.linspace(0, 255, 30).astype(np.uint8), (20, 1))


@pytest.mark.parametrize("channels", [3, 4])
def test_every_layout_shows_the_same(channels: int) -> None:
    hwc = RNG.integers(0, 256, (20, 30, channels), np.uint8)
    chw = np.moveaxis(hwc, 2, 0)
    for array in (hwc, chw, hwc[None], chw[None], np.stack([hwc, 255 - hwc]), np.stack([chw, 255 - chw])):
        assert np.array_equal(pixels(array), hwc)


def test_one_channel_in_every_layout() -> None:
    for array in (GREY, GREY[None], GREY[..., None], GREY[None, None], GREY[None, ..., None]):
        assert np.array_equal(pixels(array), GREY[..., None])


def test_a_square_that_was_laid_out_flat() -> None:
    y, x = np.mgrid[0:28, 0:28]
    spot = np.exp(-((y - 10) ** 2 + (x - 15) ** 2) / 40).astype(np.float32)
    for array in (spot.reshape(1, -1), spot.ravel(), np.stack([spot.ravel()] * 5)):
        assert pixels(array).argmax() == spot.argmax()
        assert pixels(array).shape == (28, 28, 1)


@pytest.mark.parametrize(
    "shape", [(), (0,), (0, 3, 20, 30), (10,), (1, 1000), (4, 4, 3), (1, 64), (1, 768), (100, 64), (1, 100, 768),
              (9, 9, 9), (3, 8, 2000), (2, 3, 20, 30, 4)]
)  # fmt: skip
def test_what_looks_like_none_is_none(shape: tuple[int, ...]) -> None:
    assert picture(RNG.normal(size=shape).astype(np.float32)) is None


def test_values_that_arent_numbers() -> None:
    for dtype in ("U3", "complex64", "datetime64[s]", object):
        assert picture(np.zeros((20, 30, 3), dtype)) is None


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64", "int16", "int64", ml_dtypes.bfloat16, ">f4"])
def test_bytes_as_other_numbers_are_still_bytes(dtype: Any) -> None:
    assert np.array_equal(pixels((COLOURED & 0xFC).astype(dtype)), COLOURED & 0xFC)


def test_the_scale_is_what_the_values_are() -> None:
    unit = COLOURED / 255.0
    assert np.array_equal(pixels(unit), COLOURED)
    assert np.allclose(pixels(unit * 0.9), COLOURED * 0.9, atol=0.51)
    spread = pixels((unit - 0.45) / 0.22)
    assert (spread.min(), spread.max()) == (0, 255)
    assert np.array_equal(pixels(COLOURED > 100), (COLOURED > 100) * 255)
    assert not pixels(np.full((20, 20, 3), 7.0)).any()
    # Dark bytes stay dark.
    assert pixels(COLOURED // 16).max() == 15


def test_what_isnt_finite_is_drawn_at_the_ends() -> None:
    array = COLOURED.astype(np.float32)
    array[0, 0] = np.nan, np.inf, -np.inf
    assert pixels(array)[0, 0].tolist() == [0, 255, 0]
    assert not pixels(np.full((20, 20, 3), np.nan)).any()


def test_large_ones_are_shrunk_in_little_time() -> None:
    large = np.broadcast_to(np.float32(0.5), (1, 3, 40_000, 30_000))
    started = time.process_time()
    found = picture(large)
    assert time.process_time() - started < 0.5
    assert found
    assert max(found["width"], found["height"]) <= 96
    assert len(found["data"]) < 40_000
    halves = np.zeros((200, 400, 3), np.uint8)
    halves[:, 200:] = 255
    shown = pixels(halves)
    assert shown.shape == (34, 67, 3)
    assert not shown[:, :33].any()
    assert (shown[:, 34:] == 255).all()
