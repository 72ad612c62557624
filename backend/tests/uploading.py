"""A program that adds, replaces and deletes resources until it is killed, and tells what was acknowledged.

python uploading.py DATA_DIR ROUND
"""

from __future__ import annotations

import asyncio
import itertools
import sys
from pathlib import Path

from catalogs import Catalog, opened_catalog

from sluice.storage.database import opened

REPLACED = "-replaced"


def content_of(name: str) -> bytes:
    """Return what the resource of this name holds; long enough for several writes."""
    return name.encode() * 200_000


def tell(what: str, name: str) -> None:
    """Write one line, unbuffered."""
    sys.stdout.buffer.write(f"{what} {name}\n".encode())
    sys.stdout.buffer.flush()


async def keep_busy(catalog: Catalog, prefix: str) -> None:
    """Add resources one after another, of each three replace one and delete one again."""
    for number in itertools.count():
        name = f"{prefix}-{number}"
        await catalog.resource(name, content_of(name))
        tell("added", name)
        if number % 3 == 1:
            await catalog.resources.replace(name, await catalog.upload(name, content_of(name + REPLACED)))
            tell("replaced", name)
        if number % 3 == 2:
            tell("deleting", name)
            await catalog.resources.delete(name)


async def main(data_dir: Path, prefix: str) -> None:
    """Do it three times at once."""
    async with opened(data_dir), opened_catalog(data_dir) as catalog:
        await asyncio.gather(*(keep_busy(catalog, f"{prefix}-{task}") for task in range(3)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
