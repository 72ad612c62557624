"""Which global of which script holds how much memory: to name what grows from call to call."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

from sluice.workers.child.script import module_name
from sluice.workers.messages import STEPS

_MOST_OBJECTS = 50_000  # of one global
_NEAREST_OBJECTS = 2_000  # of one global while loading, which mustn't take long
_WITHIN_S = 0.5
_WORTH_TELLING_BYTES = 1 << 20
_MOST_TOLD = 3
_SKIPPED = (ModuleType, BuiltinFunctionType, CodeType)


@dataclass(frozen=True)
class _Weight:
    """What one global holds.

    Attributes:
        bytes: of all objects that were found.
        near_bytes: of the nearest ones; a container itself grows with its items.
        objects: how many were found.
        whole: whether these are all.
    """

    bytes: int
    near_bytes: int
    objects: int
    whole: bool


class Scales:
    """Weighs the globals of the modules in a folder, and compares with how they were once loaded."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._loaded = self._weigh_all(_NEAREST_OBJECTS)

    def tell(self) -> str:
        """Return what has grown most since loading, for people; empty if that is nothing to speak of."""
        grown = []
        for place, now in self._weigh_all(_MOST_OBJECTS).items():
            then = self._loaded.get(place, _Weight(0, 0, 0, True))
            growth = now.bytes - then.bytes if then.whole else now.near_bytes - then.near_bytes
            if growth >= _WORTH_TELLING_BYTES:
                grown.append((growth, place, then, now))
        grown.sort(key=lambda found: -found[0])
        return "; ".join(_sentence(*found) for found in grown[:_MOST_TOLD])

    def _weigh_all(self, most: int) -> dict[tuple[str, str], _Weight]:
        weights: dict[tuple[str, str], _Weight] = {}
        try:
            walk = _Walk(self._folder)
            for script, name, value in walk.globals():
                weights[script, name] = walk.weigh(value, most)
        except BaseException:
            pass  # what scripts put among the modules may be anything; what was found so far is true
        return weights


class _Walk:
    """One walk over what the scripts hold; each object counts for the first global that holds it."""

    def __init__(self, folder: str) -> None:
        # Not by looking at all modules: that alone would write into, and so copy, pages that workers share.
        names = [name.removesuffix(".py") for name in os.listdir(folder) if name.endswith(".py")]
        names += map(module_name, STEPS)
        known = [sys.modules.get(name) for name in names]
        self._modules = [module for module in known if isinstance(module, ModuleType) and _lies_in(module, folder)]
        self._own = {module.__name__ for module in self._modules}
        self._seen = {id(vars(module)) for module in self._modules}  # each global counts by itself
        self._until = time.thread_time() + _WITHIN_S

    def globals(self) -> Iterator[tuple[str, str, Any]]:
        for module in self._modules:
            for name, value in list(vars(module).items()):
                if not name.startswith("__"):
                    yield os.path.basename(str(module.__file__)), name, value

    def weigh(self, root: Any, most: int) -> _Weight:
        """Return what a global holds, level by level, of at most so many objects."""
        total = count = near = 0
        waiting = deque([root])
        while waiting:
            if count >= most or (count & 255 == 255 and time.thread_time() > self._until):
                return _Weight(total, near, count, False)
            found = waiting.popleft()
            if id(found) in self._seen or isinstance(found, _SKIPPED):
                continue
            self._seen.add(id(found))
            if isinstance(found, type | FunctionType):
                waiting += self._held_by_definition(found)
                continue
            total += _size(found)
            count += 1
            if count <= _NEAREST_OBJECTS:
                near = total
            waiting += _held(found)
        return _Weight(total, near, count, True)

    def _held_by_definition(self, found: type | FunctionType) -> list[Any]:
        """Return what a function's defaults and closure, or a class's attributes, hold; only of the scripts' own."""
        if found.__module__ not in self._own:
            return []
        if isinstance(found, type):
            return list(vars(found).values())
        held = [found.__defaults__, found.__kwdefaults__, found.__closure__, found.__dict__]
        return [part for part in held if part]


def _lies_in(module: ModuleType, folder: str) -> bool:
    file = vars(module).get("__file__")
    return type(file) is str and os.path.dirname(file) == folder


def _held(found: Any) -> Iterable[Any]:
    # Not all of what may be millions: this process may be at the limit of its memory.
    if type(found) is dict:
        return islice(chain.from_iterable(found.items()), _MOST_OBJECTS)
    if type(found) in (list, tuple, set, frozenset, deque):
        return islice(found, _MOST_OBJECTS)
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
