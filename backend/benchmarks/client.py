"""A client that keeps its connection and looks at every answer, where `wrk` only counts."""

from __future__ import annotations

import http.client
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from benchmarks.load import Target

TIMEOUT_S = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back, and when."""

    status: int
    body: bytes
    took_ms: float


class Client:
    """Asks one target, one question after the other; not for several threads.

    Raises:
        TimeoutError: by `ask`, when no answer came for long.
    """

    def __init__(self, target: Target, timeout_s: float = TIMEOUT_S, method: str = "POST") -> None:
        address = urlsplit(target.url)
        assert address.hostname
        self._connection = http.client.HTTPConnection(address.hostname, address.port, timeout=timeout_s)
        self._path = address.path + (f"?{address.query}" if address.query else "")
        self._method = method
        self._headers = dict(target.headers)

    def ask(self, body: bytes) -> Answer:
        """Return the answer to a body."""
        begin = time.perf_counter()
        self.send(body)
        answer = self._connection.getresponse()
        content = answer.read()
        return Answer(answer.status, content, (time.perf_counter() - begin) * 1e3)

    def send(self, body: bytes) -> None:
        """Ask without waiting for the answer; hang up next."""
        self._connection.request(self._method, self._path, body, self._headers)

    def close(self) -> None:
        """Hang up; asking again connects anew."""
        self._connection.close()


def p99(values: Sequence[float]) -> float:
    """Return the 99th percentile."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))]


def spread(values_ms: Sequence[float]) -> str:
    """Return median, 99th percentile and maximum as text."""
    median, longest = statistics.median(values_ms), max(values_ms)
    return f"median {median:.2f} ms, p99 {p99(values_ms):.2f} ms, longest {longest:.2f} ms"
