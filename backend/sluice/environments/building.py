"""Makes one environment: settles the versions, installs them where nobody looks, and shows all of it at once."""

from __future__ import annotations

import asyncio
from pathlib import Path

from packaging.utils import canonicalize_name

from sluice.environments.folders import Folders
from sluice.environments.installer import Uv
from sluice.environments.standard import Standard
from sluice.environments.wanted import Wanted, installed_core

_WANTED, _CORE_WANTED, _ALL = "wanted.in", "core.in", "all.txt"
_CORE, _PACKAGES = "core.txt", "packages.txt"


class Builder:
    """Builds into the folders of one data folder."""

    def __init__(self, folders: Folders, uv: Uv) -> None:
        self._folders = folders
        self._uv = uv

    async def build(self, key: str, source: Wanted | Standard, *, again: bool = False) -> None:
        """Make an environment; what was built of the same lock before is taken.

        Args:
            key: of the environment.
            source: what is wanted, or a standard, whose lock is given.
            again: install it even so.

        Raises:
            BuildFailed: its parts don't fit one another or can't be had.
        """
        log = self._folders.log(key)
        if not self._folders.is_locked(key):
            async with self._folders.staged() as folder:
                await self._lock(folder, source, log)
                await asyncio.to_thread(self._folders.keep_locks, key, folder)
        if not again and await asyncio.to_thread(self._folders.find_built, key):
            _append(log, "The same versions are installed already.\n")
            return
        async with self._folders.staged() as folder:
            (folder / "packages").mkdir()  # there may be none beside what workers import themselves
            locks = self._folders.of(key)
            await self._uv.install(locks, _CORE, str(folder / "core"), log, compiled=False)
            await self._uv.install(locks, _PACKAGES, str(folder / "packages"), log, compiled=True)
            await asyncio.to_thread(self._folders.keep_built, key, folder)

    async def _lock(self, folder: Path, source: Wanted | Standard, log: Path) -> None:
        if isinstance(source, Standard):
            await asyncio.to_thread(source.copy_locks, folder)
            return
        _write(folder / _WANTED, [*source.core, *source.requires])
        _write(folder / _CORE_WANTED, source.core)
        _write(folder / _ALL, installed_core())
        await self._uv.resolve(folder, _WANTED, _ALL, log)
        # What the worker's own imports come to is kept apart: it is loaded before a worker is fully confined.
        await self._uv.resolve(folder, _CORE_WANTED, _CORE, log, constraints=_ALL)
        await asyncio.to_thread(_write_rest, folder)


def _write_rest(folder: Path) -> None:
    core = {_name(entry) for entry in _entries(folder / _CORE)}
    rest = [entry for entry in _entries(folder / _ALL) if _name(entry) not in core]
    _write(folder / _PACKAGES, rest)


def _entries(lock: Path) -> list[str]:
    """Return each package's lines of a lock file: the version, then its hashes."""
    entries: list[str] = []
    for line in lock.read_text("utf-8").splitlines():
        if line[:1].isspace():
            entries[-1] += f"\n{line}"
        elif line and not line.startswith("#"):
            entries.append(line)
    return entries


def _name(entry: str) -> str:
    return canonicalize_name(entry.partition("==")[0])


def _write(path: Path, lines: list[str] | tuple[str, ...]) -> None:
    path.write_text("\n".join([*lines, ""]), "utf-8")


def _append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)
