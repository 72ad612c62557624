"""A full disk: nothing is half-stored, what is there stays, and room that comes back is used."""

import os
from pathlib import Path

import pytest
from catalogs import Catalog, opened_catalog

from sluice.errors import DiskFull
from sluice.storage.database import opened


def fill(folder: Path) -> Path:
    """Take all the room that is left."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return filler


async def uploads_that_fail(catalog: Catalog, folder: Path) -> None:
    """Add small files whose content arrived before the disk was full, until the database finds no room for a row."""
    staged = [await catalog.upload(f"{number}.txt", b"%d" % number) for number in range(100)]
    filler = fill(folder)
    known = len(catalog.current.value.resources)
    with pytest.raises(DiskFull, match="stays readable"):
        for upload in staged:
            await catalog.resources.add(upload)
            known += 1
    assert len(catalog.current.value.resources) == known
    filler.unlink()
    for upload in staged:
        await catalog.files.discard(upload.staged)


async def test_a_row_that_finds_no_room_takes_its_file_along(small_disk: Path) -> None:
    async with opened(small_disk), opened_catalog(small_disk) as catalog:
        kept = await catalog.resource("kept.txt", b"kept")
        await uploads_that_fail(catalog, small_disk)
        assert await catalog.agrees()
        assert await catalog.resources.read_text("kept.txt") == "kept"
        await catalog.resource("room again.txt", b"again")
        before = catalog.current.value
    async with opened(small_disk), opened_catalog(small_disk) as catalog:
        assert catalog.current.value == before
        assert kept in before.resources
        assert os.listdir(small_disk / "incoming") == []
