"""How many connections there are, and how many there were too many."""

from __future__ import annotations

from collections import Counter
from typing import Literal

Limit = Literal["all", "address"]
"""Of all connections, or of those of one address."""


class ConnectionCounts:
    """The connections of the server; none where the application has none.

    Attributes:
        open: at the moment, without those that are only told that they are too many.
        most: that may be open.
        refused: since the start, by the limit that they were beyond.
    """

    def __init__(self, most: int = 0) -> None:
        self.open = 0
        self.most = most
        self.refused: Counter[Limit] = Counter()
