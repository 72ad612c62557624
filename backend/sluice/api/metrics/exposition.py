"""Metrics as text, in the format that the reader asks for; predictions go between any two parts of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from prometheus_client import Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.openmetrics import exposition as open_metrics
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST as OPEN_METRICS
from prometheus_client.registry import Collector

_END = b"# EOF\n"

Parts = Iterable[Metric]
"""One family in parts: the first has no samples."""


@dataclass(frozen=True)
class Format:
    """How to write.

    Attributes:
        content_type: of the text.
        encode: writes families.
    """

    content_type: str
    encode: Callable[[Collector], bytes]

    @classmethod
    def accepted(cls, accept: str) -> Format:
        """Return the one that a header `Accept` asks for first, else Prometheus's own text."""
        for kind, *parameters in ([part.strip() for part in one.split(";")] for one in accept.split(",")):
            versions = [each.partition("=")[2] for each in parameters if each.startswith("version=")]
            if kind == "application/openmetrics-text" and versions in ([], ["1.0.0"]):
                return cls(OPEN_METRICS, open_metrics.generate_latest)
            if kind == "text/plain":
                break
        return cls(CONTENT_TYPE_PLAIN_0_0_4, generate_latest)

    async def write(self, families: Iterable[Parts]) -> bytes:
        """Return the text of these families."""
        lines: list[bytes] = []
        for parts in families:
            for number, part in enumerate(parts):
                text = self.encode(_One(part))
                lines += [line for line in _lines(text) if number == 0 or not line.startswith(b"# ")]
                await asyncio.sleep(0)
        return b"".join(lines) + (_END if self.content_type == OPEN_METRICS else b"")


class _One(Collector):
    """One metric, as what encoders read from."""

    def __init__(self, metric: Metric) -> None:
        self._metric = metric

    def collect(self) -> Iterable[Metric]:
        return (self._metric,)


def _lines(text: bytes) -> Iterator[bytes]:
    return (line + b"\n" for line in text.split(b"\n") if line and line + b"\n" != _END)
