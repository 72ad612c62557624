"""What is asked for twice is done once: answers by the `Idempotency-Key` of their requests.

They are in memory only, for an answer may hold a secret, such as that of a token; after a restart no key is known.

Source: draft-ietf-httpapi-idempotency-key-header-07.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from starlette.responses import Response

from sluice.errors import KeyInUse

KEPT_S = 24 * 3600.0
MOST_BYTES = 32 * 1024 * 1024

Place = tuple[str, str, str]
"""Who asks, what for, and the key."""


@dataclass(frozen=True)
class Kept:
    """An answer, and what tells its request from others."""

    fingerprint: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    at: float = 0.0

    @classmethod
    def of(cls, response: Response, fingerprint: str) -> Kept:
        """Return what is to be kept of an answer."""
        return cls(fingerprint, response.status_code, dict(response.headers), bytes(response.body))

    def response(self) -> Response:
        """Return the answer again."""
        return Response(self.body, self.status, self.headers)


class Idempotency:
    """Keeps answers for a day, and no more than some bytes: then the oldest go.

    Args:
        most_bytes: of all answers.
        now: the clock, in seconds.
    """

    def __init__(self, most_bytes: int = MOST_BYTES, now: Callable[[], float] = time.monotonic) -> None:
        self._most_bytes = most_bytes
        self._now = now
        self._kept: OrderedDict[Place, Kept] = OrderedDict()
        self._running: set[Place] = set()
        self._bytes = 0

    def find(self, place: Place) -> Kept | None:
        """Return the answer that the key's first request got.

        Raises:
            KeyInUse: that request is under way.
        """
        if place in self._running:
            raise KeyInUse("A request with this Idempotency-Key is under way. Wait for its answer, or ask again later.")
        self._forget()
        return self._kept.get(place)

    @contextmanager
    def running(self, place: Place) -> Iterator[Callable[[Kept], None]]:
        """Hold the key while its first request runs; give what keeps the answer."""
        self._running.add(place)
        try:
            yield lambda kept: self._keep(place, kept)
        finally:
            self._running.discard(place)

    def _keep(self, place: Place, kept: Kept) -> None:
        self._kept[place] = replace(kept, at=self._now())
        self._bytes += len(kept.body)
        self._forget()

    def _forget(self) -> None:
        oldest_at = self._now() - KEPT_S
        while self._kept:
            place, kept = next(iter(self._kept.items()))
            if kept.at >= oldest_at and self._bytes <= self._most_bytes:
                return
            del self._kept[place]
            self._bytes -= len(kept.body)
