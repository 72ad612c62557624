"""Hides a pipeline's secrets in what is told of its calls: prints, errors, traces.

It is for accidents. A script that has a secret can tell it in a way that nobody recognizes, or return it as its answer.
"""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterable
from typing import Any

from sluice.workers.messages import Failed, Failure, Traced

HIDDEN = "***"
LEAST_CHARACTERS = 4
"""Shorter ones aren't hidden: they are in anything."""

_LEAST_OF_A_LINE = 8


class Veil:
    """Hides these values, also as Python and JSON write them, and the longer lines of those that have several."""

    def __init__(self, values: Iterable[str]) -> None:
        shown = set[str]()
        for value in values:
            lines = [line for line in value.splitlines() if len(line) >= _LEAST_OF_A_LINE]
            for text in (value, value.strip(), *lines):
                shown |= {text, repr(text)[1:-1], json.dumps(text)[1:-1]}
        longest_first = sorted((text for text in shown if len(text) >= LEAST_CHARACTERS), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def text(self, text: str) -> str:
        """Return a text without them."""
        return self._pattern.sub(HIDDEN, text) if self._pattern else text

    def value(self, value: Any) -> Any:
        """Return a JSON-able value without them."""
        if self._pattern is None:
            return value
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self.text(key): self.value(item) for key, item in value.items()}
        return [self.value(item) for item in value] if isinstance(value, list) else value

    def failure(self, failure: Failure) -> Failure:
        """Return a failure without them; what is a stable word stays."""
        texts = {name: value for name, value in vars(failure).items() if name not in ("step", "kind")}
        return dataclasses.replace(failure, **self.value(texts))

    def message(self, message: Traced | Failed) -> Traced | Failed:
        """Return what tells of a call without them."""
        trace = self.value(message.trace)
        if isinstance(message, Traced):
            return dataclasses.replace(message, trace=trace)
        return dataclasses.replace(message, trace=trace, failure=self.failure(message.failure))
