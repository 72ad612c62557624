"""kill -9 at any moment: what was acknowledged is there, and files, rows and snapshot agree."""

import asyncio
import random
import sys
from pathlib import Path

import pytest
import uploading
from catalogs import opened_catalog

from sluice.storage.blobs import named_blobs
from sluice.storage.database import opened


async def until_killed(data_dir: Path, round_: int, lines: int, delay_s: float) -> dict[str, set[str]]:
    """Let the program work, kill it and return what it had added, replaced, and was going to delete."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, uploading.__file__, str(data_dir), str(round_), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout
    told = [await process.stdout.readline() for _ in range(lines)]
    # No wait for a condition: the moment is random on purpose.
    await asyncio.sleep(delay_s)
    process.kill()
    told += (await process.stdout.read()).splitlines(keepends=True)
    assert await process.wait() == -9
    words = [line.decode().split() for line in told if line.endswith(b"\n")]
    return {wanted: {name for what, name in words if what == wanted} for wanted in ("added", "replaced", "deleting")}


@pytest.mark.parametrize("kills", [3, pytest.param(200, marks=pytest.mark.slow)])
async def test_nothing_acknowledged_is_lost_and_nothing_dangles(data_dir: Path, kills: int) -> None:
    choice = random.Random(1)
    added: set[str] = set()
    deleted: set[str] = set()
    for round_ in range(kills):
        told = await until_killed(data_dir, round_, choice.randint(1, 9), choice.uniform(0, 0.05))
        added |= told["added"]
        deleted |= told["deleting"]
        async with opened(data_dir), opened_catalog(data_dir) as catalog:
            resources = {resource.name: resource for resource in catalog.current.value.resources}
            assert added - deleted <= resources.keys()
            assert catalog.blobs() == await named_blobs()
            for resource in resources.values():
                assert resource.size_bytes == catalog.files.path(resource.sha256).stat().st_size
            # The newest are read whole; deleting them keeps the rounds short.
            for name in resources:
                content = catalog.files.path(resources[name].sha256).read_bytes()
                possible = {uploading.content_of(name + uploading.REPLACED): 2}
                if name not in told["replaced"]:
                    possible[uploading.content_of(name)] = 1
                assert possible[content] == resources[name].revision
                await catalog.resources.delete(name)
                deleted.add(name)
