"""How many uploads there were."""

from __future__ import annotations

from collections import Counter
from typing import Literal

UploadKind = Literal["model", "resource"]


class UploadCounts:
    """The uploads since the start.

    Attributes:
        ended: how many, by kind and `ok`, `failed` or the code of the error.
        received_bytes: of their files, by kind.
    """

    def __init__(self) -> None:
        self.ended: Counter[tuple[UploadKind, str]] = Counter()
        self.received_bytes: Counter[UploadKind] = Counter()

    def note(self, kind: UploadKind, outcome: str, size_bytes: int) -> None:
        """Count one."""
        self.ended[kind, outcome] += 1
        self.received_bytes[kind] += size_bytes
