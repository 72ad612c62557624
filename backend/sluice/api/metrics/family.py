"""A metric: its name, what it means, and how it is read off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, NamedTuple, TypeVar

from prometheus_client import Metric

T = TypeVar("T")
_UNITS = ("seconds", "bytes")


class Sample(NamedTuple):
    """One number.

    Attributes:
        value: of it.
        labels: beside those of whom it is read off.
        suffix: behind the family's name, where the type wants several.
    """

    value: float
    labels: Mapping[str, str] = {}
    suffix: str = ""


@dataclass(frozen=True)
class Family(Generic[T]):
    """One metric of everything of a kind.

    Attributes:
        name: without the suffixes that its type adds.
        kind: its type.
        help: one sentence.
        read: returns its numbers of one thing.
    """

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    help: str
    read: Callable[[T], Iterable[Sample]]

    def metric(self) -> Metric:
        """Return it without any number."""
        unit = self.name.rpartition("_")[2]
        return Metric(self.name, self.help, self.kind, unit if unit in _UNITS else "")

    def metric_of(self, thing: T, labels: Mapping[str, str]) -> Metric:
        """Return it with the numbers of one thing, which these labels name."""
        metric = self.metric()
        ending = "_total" if self.kind == "counter" else ""
        for sample in self.read(thing):
            metric.add_sample(self.name + (sample.suffix or ending), {**labels, **sample.labels}, sample.value)
        return metric
