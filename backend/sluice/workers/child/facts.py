"""What a value is, in a few words and numbers: for the trace of a call.

The values are a script's own. Whatever they are, looking at them ends soon, returns little and raises nothing.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from sluice.workers.child.answer import finite_or_text
from sluice.workers.child.nested import Array
from sluice.workers.child.picture import picture
from sluice.workers.child.statistics import statistics
from sluice.workers.child.wording import beginning

_MOST_VALUES = 32
_FIRST = 8
_FIRST_DEPTH = 2
_FIRST_CHARACTERS = 200
_NAME_CHARACTERS = 100
_MOST_DIGITS = 10**30
_PER_VALUE = 10  # characters that a value takes beside its text
_MOST_PICTURES = 8
_TEXT_CHARACTERS = 4_000
_TEXTS_CHARACTERS = 40_000


class Facts:
    """Looks at the values of one call.

    Args:
        within_s: for all statistics together; afterwards, and with 0, there are none, no pictures and no texts.
        characters: for the first values and names of all together, about.
    """

    def __init__(self, within_s: float = 0.0, characters: int = 100_000) -> None:
        self._within_s = within_s
        self._until = 0.0
        self._characters = characters
        self._pictures = _MOST_PICTURES
        self._texts = _TEXTS_CHARACTERS

    def of_all(self, value: Any, names: list[str] | None = None) -> list[dict[str, Any]]:
        """Return the facts of what goes into or comes out of a step.

        Args:
            value: a dict is told value by value under its keys, the model's outputs likewise, else it is one value.
            names: of the model's outputs.
        """
        started = time.perf_counter()
        try:
            return self._all(value, names)
        finally:
            # What the steps themselves take doesn't count.
            self._within_s = max(0.0, self._within_s - (time.perf_counter() - started))

    def _all(self, value: Any, names: list[str] | None) -> list[dict[str, Any]]:
        named: Iterable[tuple[Any, Any]] = [(None, value)]
        self._until = time.perf_counter() + self._within_s if self._within_s else 0.0
        try:
            if names is not None and type(value) is list:
                named = zip(names, value, strict=False)
            elif isinstance(value, Mapping) and len(value):
                named = _items(value)
        except BaseException:
            pass  # an object of a script; it is told as one value
        found: list[dict[str, Any]] = []
        try:
            for name, item in itertools.islice(named, _MOST_VALUES):
                found.append(self.of(item, None if name is None else self._text(name, _NAME_CHARACTERS)))
        except BaseException:
            found.append({"type": type(value).__name__})
        return found

    def of(self, value: Any, name: str | None = None) -> dict[str, Any]:
        """Return what one value is; what isn't known is left out."""
        facts: dict[str, Any] = {} if name is None else {"name": name}
        if self._within_s and not self._until:
            self._until = time.perf_counter() + self._within_s
        try:
            self._describe(value, facts)
        except BaseException:  # looking at an object of a script runs its code
            facts.setdefault("type", "object")
        return facts

    def _describe(self, value: Any, facts: dict[str, Any]) -> None:
        match value:
            case None:
                facts["type"] = "nothing"
            case np.ndarray() | np.generic():
                self._describe_tensor(np.asarray(value), facts)
            case bool() | int() | float():
                facts |= {"type": "number" if not isinstance(value, bool) else "bool", "first": [self._first(value)]}
            case str():
                facts |= {"type": "text", "length": str.__len__(value), "first": [self._first(value)]}
                self._add_text(value, facts)
            case bytes() | bytearray() | memoryview():
                raw = memoryview(value)
                facts |= {"type": "bytes", "sizeBytes": raw.nbytes, "first": [self._beginning(raw)]}
                self._add_text(raw, facts)
            case Mapping():
                facts |= {"type": "dict", "length": len(value)}
                facts["keys"] = [self._text(key, _NAME_CHARACTERS) for key, _ in _items(value, _FIRST)]
            case list() | tuple():
                facts |= {"type": "list" if isinstance(value, list) else "tuple", "length": len(value)}
                facts["first"] = [self._first(item) for item in value[:_FIRST]]
            case _:
                facts["type"] = self._text(type(value).__name__, _NAME_CHARACTERS)
                shape = getattr(value, "shape", None)
                if type(shape) is tuple and all(type(size) is int for size in shape):
                    facts["shape"] = list(shape)

    def _describe_tensor(self, array: Array, facts: dict[str, Any]) -> None:
        facts |= {"type": "tensor", "dtype": self._text(str(array.dtype), _NAME_CHARACTERS), "shape": list(array.shape)}
        if array.dtype.kind != "O":
            facts["sizeBytes"] = array.nbytes
        facts["first"] = [self._first(item) for item in array.flat[:_FIRST].tolist()]
        if self._until:
            facts |= statistics(array, self._until)
            if self._pictures and time.perf_counter() < self._until and (found := picture(array)):
                self._pictures -= 1
                facts["picture"] = found

    def _add_text(self, value: str | memoryview, facts: dict[str, Any]) -> None:
        """Tell more of a text than its first characters."""
        if self._until and (text := beginning(value, min(_TEXT_CHARACTERS, self._texts))):
            self._texts -= len(text)
            facts["text"] = text

    def _first(self, value: Any, depth: int = 0) -> Any:
        """Return one of the first values, short and as JSON has it."""
        self._characters -= _PER_VALUE
        if self._characters <= 0:
            return "…"
        match value:
            case None | bool():
                return value
            case int() | np.integer():
                number = int(value)
                return number if abs(number) < _MOST_DIGITS else "<a number of very many digits>"
            case float() | np.floating():
                return finite_or_text(float(value))
            case str():
                return self._text(value, _FIRST_CHARACTERS)
            case np.ndarray():
                return f"<tensor {value.dtype} {value.shape}>"
            case Mapping() if depth < _FIRST_DEPTH:
                items = _items(value, _FIRST)
                return {self._text(key, _NAME_CHARACTERS): self._first(item, depth + 1) for key, item in items}
            case list() | tuple() if depth < _FIRST_DEPTH:
                return [self._first(item, depth + 1) for item in value[:_FIRST]]
        if type(value).__module__ == "ml_dtypes":
            return finite_or_text(float(value))
        return self._text(f"<{type(value).__name__}>", _NAME_CHARACTERS)

    def _beginning(self, raw: memoryview) -> str:
        """Return the first bytes as Python writes them: a picture's kind and JSON alike are seen at a glance."""
        return self._text(repr(bytes(raw.cast("B")[: _FIRST_CHARACTERS // 2])), _FIRST_CHARACTERS)

    def _text(self, text: Any, most: int) -> str:
        most = max(0, min(most, self._characters))
        plain = str.__getitem__(text, slice(0, most)) if isinstance(text, str) else str(self._first(text))[:most]
        self._characters -= len(plain)
        return plain + "…" if isinstance(text, str) and str.__len__(text) > most else plain


def _items(value: Mapping[Any, Any], most: int = _MOST_VALUES) -> list[tuple[Any, Any]]:
    items = dict.items(value) if isinstance(value, dict) else value.items()
    return list(itertools.islice(items, most))
