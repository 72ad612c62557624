"""What a server stands on is begun to be opened before all else is imported."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

from puppets import children

from sluice.ground import open_ground
from sluice.settings import Settings


async def test_the_base_zygote_has_been_started_when_it_is_returned(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        before = set(children())
        await open_ground(Settings.load({}, data_dir=tmp_path / "data"), stack)
        assert set(children()) - before
