"""Keeps the last calls that failed, and the inputs of those whose pipeline has them kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sluice.storage.entries import Thing, entry_of
from sluice.storage.tables import FailureInputRow, FailureRow
from sluice.storage.transaction import transaction


@dataclass(frozen=True)
class Failure:
    """A call that failed.

    Attributes:
        subject_id: of the pipeline or model.
        at: when it failed, in seconds since 1970.
        revision: which was called.
        request_id: empty without.
        duration_ms: from the complete body on.
        refusal: whether it never ran.
        problem: what the caller got, as JSON.
        size_bytes: of the input; None if it hadn't come.
        content: the input, while it isn't stored yet.
        kept: whether the input is stored.
    """

    id: str
    subject_id: str
    at: float
    revision: int
    request_id: str
    duration_ms: float
    refusal: bool
    problem: str
    size_bytes: int | None
    content: bytes | None = None
    kept: bool = False


class FailureStore:
    """The failures of all pipelines and models."""

    async def write(self, failures: Iterable[Failure]) -> None:
        """Keep failures with their inputs."""
        new = list(failures)
        rows = [
            FailureRow(**{name: value for name, value in vars(one).items() if name not in ("content", "kept")})
            for one in new
        ]
        inputs = [FailureInputRow(failure_id=one.id, content=one.content) for one in new if one.content is not None]
        async with transaction(None):
            await FailureRow.bulk_create(rows)
            await FailureInputRow.bulk_create(inputs)

    async def of(self, subject_id: str) -> list[Failure]:
        """Return the failures of a subject without their inputs, newest first."""
        rows = await FailureRow.filter(subject_id=subject_id).order_by("-at")
        kept = await FailureInputRow.filter(failure__subject_id=subject_id).values_list("failure_id", flat=True)
        ids = {str(id) for id in kept}
        return [_failure(row, row.id in ids) for row in rows]

    async def content(self, subject_id: str, id: str) -> bytes | None:
        """Return the input of a failure of a subject, if it is kept."""
        row = await FailureInputRow.get_or_none(failure_id=id, failure__subject_id=subject_id)
        return None if row is None else bytes(row.content)

    async def subjects(self) -> set[str]:
        """Return the ids of all that have failures."""
        return {str(id) for id in await FailureRow.all().distinct().values_list("subject_id", flat=True)}

    async def remove(self, ids: Iterable[str]) -> None:
        """Remove failures with their inputs."""
        chosen = list(ids)
        async with transaction(None):
            await FailureInputRow.filter(failure_id__in=chosen).delete()
            await FailureRow.filter(id__in=chosen).delete()

    async def remove_before(self, at: float) -> None:
        """Remove failures that are older."""
        async with transaction(None):
            await FailureInputRow.filter(failure__at__lt=at).delete()
            await FailureRow.filter(at__lt=at).delete()

    async def remove_inputs(self, ids: Iterable[str]) -> None:
        """Remove the inputs of failures that stay."""
        await FailureInputRow.filter(failure_id__in=list(ids)).delete()

    async def remove_inputs_before(self, at: float, keeping: Iterable[str]) -> None:
        """Remove inputs that are older, and those of subjects that aren't in `keeping`."""
        old = await FailureRow.filter(at__lt=at, input__id__isnull=False).values_list("id", flat=True)
        unwanted = FailureRow.filter(input__id__isnull=False).exclude(subject_id__in=list(keeping))
        await self.remove_inputs([*map(str, old), *map(str, await unwanted.values_list("id", flat=True))])

    async def clear(self, subject: Thing) -> None:
        """Remove the failures of a pipeline or model, and nothing else."""
        async with transaction([entry_of(subject, "clear-failures")]):
            await forget_failures([subject.id])


async def forget_failures(subject_ids: Iterable[str]) -> None:
    """Remove the failures of pipelines and models; to be called in a transaction."""
    ids = await FailureRow.filter(subject_id__in=list(subject_ids)).values_list("id", flat=True)
    await FailureInputRow.filter(failure_id__in=ids).delete()
    await FailureRow.filter(id__in=ids).delete()


def _failure(row: FailureRow, kept: bool) -> Failure:
    return Failure(
        id=row.id,
        subject_id=row.subject_id,
        at=row.at,
        revision=row.revision,
        request_id=row.request_id,
        duration_ms=row.duration_ms,
        refusal=row.refusal,
        problem=row.problem,
        size_bytes=row.size_bytes,
        kept=kept,
    )
