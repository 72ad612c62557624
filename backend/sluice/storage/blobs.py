"""Tells which kept files a row names."""

from __future__ import annotations

from sluice.storage.tables import ModelRevisionRow, ResourceRevisionRow


async def named_blobs() -> set[str]:
    """Return the hash of every file that a row names."""
    models = await ModelRevisionRow.all().values_list("sha256", flat=True)
    resources = await ResourceRevisionRow.all().values_list("sha256", flat=True)
    return {str(sha256) for sha256 in (*models, *resources)}


async def is_named(sha256: str) -> bool:
    """Tell whether a row names the file of this hash."""
    return (
        await ModelRevisionRow.filter(sha256=sha256).exists()
        or await ResourceRevisionRow.filter(sha256=sha256).exists()
    )
