"""Results into JSON bytes.

float32 is widened exactly, NaN and the infinities are texts, integers keep all digits, map keys are texts.
The common case runs at the codec's speed; what it can't do takes a careful second way.

Source: protobuf's JSON mapping, for the spelling of NaN and the infinities.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from sluice.workers.child.nested import Array

_OPTIONS = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_NON_STR_KEYS


class NotJson(Exception):
    """A value that JSON can't hold; the message says where, what and how to mend it."""


def to_json(value: Any) -> bytes:
    """Return `value` as JSON.

    Raises:
        NotJson: it holds something that JSON has no form for.
    """
    try:
        encoded = orjson.dumps(value, default=_encode_special, option=_OPTIONS)
    except (TypeError, ValueError, RecursionError):
        return _careful(value)
    # The codec writes null for a NaN. Where there is no null there was none; otherwise look at each value.
    return encoded if b"null" not in encoded or value is None else _careful(value)


def _encode_special(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        wide = _widened(value)
        if wide.dtype.kind in "iub" or (wide.dtype.kind == "f" and np.isfinite(wide).all()):
            if wide.ndim:
                return orjson.Fragment(orjson.dumps(np.ascontiguousarray(wide), option=orjson.OPT_SERIALIZE_NUMPY))
            return wide.item()
    elif isinstance(value, np.bool_ | np.number):
        return value.item()
    raise TypeError  # take the careful way


def _widened(array: Array) -> Array:
    """Return floats as float64, which holds every narrower one exactly, in this machine's byte order."""
    if array.dtype.kind == "f" or array.dtype.name == "bfloat16":
        return array.astype(np.float64)
    return array.astype(array.dtype.newbyteorder("="), copy=False)


def _careful(value: Any) -> bytes:
    try:
        plain = _plain(value, "the result")
    except RecursionError:
        raise NotJson("the result holds itself, or is nested too deep") from None
    try:
        return orjson.dumps(plain)
    except (TypeError, ValueError, RecursionError):
        # Integers beyond 64 bits, which JSON has no limit for, and lone surrogates in texts.
        try:
            return json.dumps(plain, separators=(",", ":")).encode()
        except ValueError as error:
            raise NotJson(f"the result can't be written as JSON: {error}") from None


def _plain(value: Any, where: str) -> Any:
    """Return the same in str, int, finite float, bool, None, list and dict with str keys."""
    match value:
        case None | bool() | str():
            return str(value) if isinstance(value, str) else value
        case np.bool_():
            return bool(value)
        case int() | np.integer() if not isinstance(value, np.timedelta64):
            return int(value)
        case float() | np.floating():
            return finite_or_text(float(value))
        case np.ndarray():
            return _plain(_widened(value).tolist(), where)
        case Mapping():
            return {_key(key, where): _plain(item, f"{where}[{key!r}]") for key, item in value.items()}
        case list() | tuple():
            return [_plain(item, f"{where}[{index}]") for index, item in enumerate(value)]
    if isinstance(value, np.generic) and value.dtype.name == "bfloat16":
        return finite_or_text(float(value))
    try:
        return orjson.loads(orjson.dumps(value))  # dates, UUIDs, enums, dataclasses
    except (TypeError, ValueError):
        raise NotJson(f"{where} is {_kind(value)}, which JSON can't hold{_repair(value)}") from None


def finite_or_text(number: float) -> float | str:
    """Return a float as JSON has it: NaN and the infinities as texts."""
    if math.isfinite(number):
        return number
    return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"


def _key(key: Any, where: str) -> str:
    match key:
        case str():
            return str(key)
        case bool() | np.bool_():
            return "true" if key else "false"
        case int() | np.integer():
            return str(int(key))
        case float() | np.floating():
            return repr(float(key))
    raise NotJson(f"{where} has a key of type {type(key).__name__}; make it a str")


def _kind(value: Any) -> str:
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiouAEIOU' else 'a'} {name}"


def _repair(value: Any) -> str:
    match value:
        case bytes() | bytearray() | memoryview():
            return "; return text, e.g. `base64.b64encode(data).decode()`"
        case set() | frozenset():
            return "; return a list, e.g. `sorted(values)`"
        case complex() | np.complexfloating():
            return "; return its parts, e.g. `[z.real, z.imag]`"
    return "; return dicts, lists, texts, numbers, truth values, None or numpy arrays"
