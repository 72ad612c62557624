"""Collects what all threads of a run see."""

from __future__ import annotations

import threading
from collections import Counter


class Journal:
    """What went wrong, and what was counted; for several threads.

    Attributes:
        counts: how often each thing happened, by a text of the caller's.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._wrongs: Counter[str] = Counter()
        self._examples: dict[str, str] = {}
        self.counts: Counter[str] = Counter()

    def wrong(self, what: str, example: str = "") -> None:
        """Note something that mustn't be; the same only counts, and its first example is kept."""
        with self._turn:
            self._wrongs[what] += 1
            self._examples.setdefault(what, example)

    def count(self, what: str) -> None:
        """Count something that may be."""
        with self._turn:
            self.counts[what] += 1

    def wrongs(self) -> list[str]:
        """Return what went wrong, the most frequent first."""
        with self._turn:
            return [
                f"{what} ({times} times)" + (f", such as: {example}" if (example := self._examples[what]) else "")
                for what, times in self._wrongs.most_common()
            ]
