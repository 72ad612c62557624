"""What a server stands on is begun to be opened before all else is imported, and follows the settings."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import asdict, fields
from pathlib import Path

from puppets import children

from sluice.ground import open_ground
from sluice.settings import Settings
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.limits import Limits


async def test_the_base_zygote_has_been_started_when_it_is_returned(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        before = set(children())
        await open_ground(Settings.load({}, data_dir=tmp_path / "data"), stack)
        assert set(children()) - before


async def test_every_limit_of_a_worker_is_the_setting_of_its_name(tmp_path: Path) -> None:
    names = [field.name for kind in (Limits, ScriptPolicy) for field in fields(kind)]
    settable = [name for name in names if name not in ("scripts", "cores")]
    given = {name: "open" if name == "network" else value for value, name in enumerate(settable, 100)}
    variables = {f"SLUICE_{name.upper()}": str(value) for name, value in given.items()}
    async with AsyncExitStack() as stack:
        ground = await open_ground(Settings.load(variables, data_dir=tmp_path / "data"), stack)
        found = asdict(ground.supervisor.limits)
    found |= found.pop("scripts")
    assert {name: found[name] for name in settable} == given
