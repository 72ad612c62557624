"""What tests of environments share: what a script may ask for, and how to look at what was built."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

from wheels import tiny_sdist, tiny_wheel

from sluice.entities import ScriptHeader
from sluice.environments.installer import PackageSource
from sluice.environments.service import Environments

Opened = Callable[..., AbstractAsyncContextManager[Environments]]


def needing(*requires: str) -> ScriptHeader:
    return ScriptHeader(requires, None, 1)


async def build(environments: Environments, *requires: str) -> str:
    key = key_of(environments, *requires)
    await environments.ready(key)
    return key


def key_of(environments: Environments, *requires: str) -> str:
    key = environments.key_of([needing(*requires)])
    assert key
    return key


async def settled(environments: Environments, key: str) -> None:
    while build := environments._entries[key].build:
        await asyncio.wait([build])


def kept(tmp_path: Path) -> list[str]:
    """Return the text of each file that is kept of environments."""
    return [path.read_text() for path in tmp_path.glob("environments/*/*.*")]


def imported(tmp_path: Path, key: str, code: str) -> str:
    """Return what Python prints in an environment."""
    built = tmp_path / "environments" / key / "built"
    path = f"import sys; sys.path += ['{built}/core', '{built}/packages']; "
    command = [sys.executable, "-I", "-S", "-c", path + code]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@asynccontextmanager
async def opened_environments(folder: Path, wheels: Path, **changed: Any) -> AsyncIterator[Environments]:
    source = changed.pop("source", PackageSource("none", wheels))
    options: dict[str, Any] = {"enabled": True, "timeout_s": 60, "wait_s": 60, "most_bytes": 1 << 40}
    environments = Environments(folder, source, needed=set, **(options | changed))
    await environments.open()
    try:
        yield environments
    finally:
        await environments.close()


def fill_with_wheels(folder: Path, trap: Path) -> None:
    """Make the packages that tests ask for; building the one that is only source would make `trap`."""
    tiny_wheel(folder, "made-up", "1.0", {"made_up/__init__.py": "VERSION = 1\n"})
    tiny_wheel(folder, "made-up", "2.0", {"made_up/__init__.py": "VERSION = 2\n"}, ["numpy"])
    tiny_wheel(folder, "another", "1.0", {"another.py": ""}, ["made-up<2"])
    tiny_sdist(folder, "only-source", "1.0", f"open({str(trap)!r}, 'w')\n")
