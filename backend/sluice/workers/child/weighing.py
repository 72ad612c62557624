"""Which global of which script holds how much memory: to name what grows from call to call."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

_MOST_OBJECTS = 50_000  # of one global
_WITHIN_S = 0.3
_WORTH_TELLING_BYTES = 1 << 20
_MOST_TOLD = 3
_SKIPPED = (ModuleType, BuiltinFunctionType, CodeType)


@dataclass(frozen=True)
class _Weight:
    """What one global holds.

    Attributes:
        bytes: of all objects that were found.
        own_bytes: of the object itself, which grows with its items.
        objects: how many were found.
        whole: whether these are all.
    """

    bytes: int
    own_bytes: int
    objects: int
    whole: bool


class Scales:
    """Weighs the globals of the modules in a folder, and compares with how they were once loaded."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._loaded = self._weigh_all()

    def tell(self) -> str:
        """Return what has grown most since loading, for people; empty if that is nothing to speak of."""
        grown = []
        for place, now in self._weigh_all().items():
            then = self._loaded.get(place, _Weight(0, 0, 0, True))
            growth = now.bytes - then.bytes if then.whole else now.own_bytes - then.own_bytes
            if growth >= _WORTH_TELLING_BYTES:
                grown.append((growth, place, then, now))
        grown.sort(key=lambda found: -found[0])
        return "; ".join(_sentence(*found) for found in grown[:_MOST_TOLD])

    def _weigh_all(self) -> dict[tuple[str, str], _Weight]:
        weights: dict[tuple[str, str], _Weight] = {}
        try:
            walk = _Walk(self._folder)
            for script, name, value in walk.globals():
                weights[script, name] = walk.weigh(value)
        except BaseException:
            pass  # what scripts put among the modules may be anything; what was found so far is true
        return weights


class _Walk:
    """One walk over what the scripts hold; each object counts for the first global that holds it."""

    def __init__(self, folder: str) -> None:
        self._modules = [module for module in list(sys.modules.values()) if _lies_in(module, folder)]
        self._own = {module.__name__ for module in self._modules}
        # Globals of modules aren't followed into from elsewhere, nor this walk's own things.
        self._seen = {id(vars(module)) for module in list(sys.modules.values()) if type(module) is ModuleType}
        self._seen |= {id(self), id(self.__dict__)}
        self._until = time.perf_counter() + _WITHIN_S

    def globals(self) -> Iterator[tuple[str, str, Any]]:
        for module in self._modules:
            for name, value in list(vars(module).items()):
                if not name.startswith("__"):
                    yield os.path.basename(str(module.__file__)), name, value

    def weigh(self, root: Any) -> _Weight:
        total = count = own = 0
        waiting = [root]
        while waiting:
            if count >= _MOST_OBJECTS or (not count & 255 and time.perf_counter() > self._until):
                return _Weight(total, own, count, False)
            found = waiting.pop()
            if id(found) in self._seen or isinstance(found, _SKIPPED):
                continue
            self._seen.add(id(found))
            if isinstance(found, type | FunctionType):
                waiting += self._held_by_definition(found)
                continue
            size = _size(found)
            total += size
            own = own or size
            count += 1
            waiting += _held(found)
        return _Weight(total, own, count, True)

    def _held_by_definition(self, found: type | FunctionType) -> list[Any]:
        """Return what a function's defaults and closure, or a class's attributes, hold; only of the scripts' own."""
        if found.__module__ not in self._own:
            return []
        if isinstance(found, type):
            return list(vars(found).values())
        held = [found.__defaults__, found.__kwdefaults__, found.__closure__, found.__dict__]
        return [part for part in held if part]


def _lies_in(module: Any, folder: str) -> bool:
    file = vars(module).get("__file__") if isinstance(module, ModuleType) else None
    return type(file) is str and os.path.dirname(file) == folder


def _held(found: Any) -> list[Any]:
    if isinstance(found, np.ndarray):
        base = [] if found.base is None else [found.base]
        return base + found.ravel()[:_MOST_OBJECTS].tolist() if found.dtype == object else base
    return gc.get_referents(found)


def _size(found: Any) -> int:
    # A class's own `__sizeof__` is a script's (or library's) code, and counts as it likes.
    if isinstance(getattr(type(found), "__sizeof__", None), FunctionType):
        return object.__sizeof__(found)
    return sys.getsizeof(found, 0)


def _sentence(growth: int, place: tuple[str, str], then: _Weight, now: _Weight) -> str:
    script, name = place
    least = "" if now.whole else "at least "
    text = f"{script}: its global `{name}` holds {least}{_mib(now.bytes)} in {least}{now.objects:,} objects"
    if then.bytes >= _WORTH_TELLING_BYTES:
        text += f", {least}{_mib(growth)} more than when it was loaded"
    return text


def _mib(size: int) -> str:
    return f"{size / (1 << 20):,.0f} MiB" if size >= 10 << 20 else f"{size / (1 << 20):.1f} MiB"
