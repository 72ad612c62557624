"""Keeps what happened to the calls of pipelines and models, in spans of time; never a row for each call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tortoise.functions import Max

from sluice.storage.failures import forget_failures
from sluice.storage.tables import StatisticsRow
from sluice.storage.transaction import transaction


@dataclass(frozen=True)
class Span:
    """One span of time of one pipeline or model.

    Attributes:
        subject_id: of the pipeline or model.
        span_s: how long it is.
        at: when it begins, in seconds since 1970.
        last_at: when the last call in it, or before it, ended.
        last_failed_at: when the last call until then failed; None if none did.
        counts: what `prediction.slot` wrote.
    """

    subject_id: str
    span_s: int
    at: int
    last_at: float
    last_failed_at: float | None
    counts: str


class StatisticsStore:
    """The spans of all pipelines and models."""

    async def write(self, spans: Iterable[Span]) -> None:
        """Keep spans, each in the place of what was kept of it before."""
        rows = [StatisticsRow(id=f"{span.subject_id}-{span.span_s}-{span.at}", **vars(span)) for span in spans]
        async with transaction(None):
            await StatisticsRow.bulk_create(
                rows, on_conflict=["id"], update_fields=["last_at", "last_failed_at", "counts"]
            )

    async def since(self, span_s: int, at: int, subject_id: str | None = None) -> list[Span]:
        """Return the spans of a length that begin at `at` or later, oldest first: of one subject, or of all."""
        rows = StatisticsRow.filter(span_s=span_s, at__gte=at).order_by("at")
        if subject_id is not None:
            rows = rows.filter(subject_id=subject_id)
        return [
            Span(row.subject_id, row.span_s, row.at, row.last_at, row.last_failed_at, row.counts) for row in await rows
        ]

    async def last(self) -> dict[str, tuple[float, float | None]]:
        """Return by subject when its last call ended, and when the last one failed."""
        rows = (
            StatisticsRow.all()
            .group_by("subject_id")
            .annotate(ended=Max("last_at"), failed=Max("last_failed_at"))
            .values_list("subject_id", "ended", "failed")
        )
        return {str(subject): (ended, failed) for subject, ended, failed in await rows}

    async def remove_before(self, at_by_span: Mapping[int, int]) -> None:
        """Remove spans that are too old, by their length."""
        async with transaction(None):
            for span_s, at in at_by_span.items():
                await StatisticsRow.filter(span_s=span_s, at__lt=at).delete()

    async def forget(self, subject_ids: Iterable[str]) -> None:
        """Remove the spans and the failures of pipelines and models that are gone."""
        async with transaction(None):
            await forget_records(subject_ids)


async def forget_records(subject_ids: Iterable[str]) -> None:
    """Remove the spans and the failures of pipelines and models; to be called in a transaction."""
    ids = list(subject_ids)
    await forget_failures(ids)
    await StatisticsRow.filter(subject_id__in=ids).delete()
