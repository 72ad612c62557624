"""Collects what all threads of a run see."""

from __future__ import annotations

import threading
from collections import Counter

_MOST_SHOWN = 40


class Journal:
    """What went wrong, and what was counted; for several threads.

    Attributes:
        counts: how often each thing happened, by a text of the caller's.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._wrongs: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()

    def wrong(self, text: str) -> None:
        """Note something that mustn't be; the same text only counts."""
        with self._turn:
            self._wrongs[text] += 1

    def count(self, what: str, by: int = 1) -> None:
        """Count something that may be."""
        with self._turn:
            self.counts[what] += by

    def wrongs(self) -> list[str]:
        """Return what went wrong, without repetitions."""
        with self._turn:
            told = [f"{text} ({times} times)" if times > 1 else text for text, times in self._wrongs.most_common()]
        more = len(told) - _MOST_SHOWN
        return told if more <= 0 else [*told[:_MOST_SHOWN], f"and {more} more"]
