"""The standard environments: what scripts without a header import, listed and never changed once they are out.

The newest one is what the server itself is installed with. A pipeline keeps the one that it was made with: under a
later server uv installs that one from the list here.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.utils import canonicalize_name

_FOLDER = Path(__file__).with_name("standard")
_PREFIX = "standard-"
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Standard:
    """One version of it."""

    number: int

    @property
    def key(self) -> str:
        """As pipelines keep it."""
        return f"{_PREFIX}{self.number}"

    @property
    def versions(self) -> dict[str, str]:
        """The version of each package."""
        texts = [path.read_text("utf-8") for path in sorted(self._folder.glob("*.txt"))]
        return {canonicalize_name(name): number for text in texts for name, number in _PIN.findall(text)}

    def copy_locks(self, folder: Path) -> None:
        """Put its locks into a folder."""
        shutil.copytree(self._folder, folder, dirs_exist_ok=True)

    def differing(self) -> list[str]:
        """Return in words where this server's own libraries aren't those of the list; absent ones don't count."""
        found = []
        for name, wanted in self.versions.items():
            try:
                installed = version(name)
            except PackageNotFoundError:
                continue
            if installed != wanted:
                found.append(f"{name} {installed} instead of {wanted}")
        return found

    @property
    def _folder(self) -> Path:
        return _FOLDER / str(self.number)


@cache
def standards() -> dict[str, Standard]:
    """Return all of them by key, the oldest first."""
    numbers = sorted(int(path.name) for path in _FOLDER.iterdir() if path.name.isdigit())
    return {standard.key: standard for standard in map(Standard, numbers)}


def newest() -> Standard:
    """Return the one that this server's own libraries are."""
    return list(standards().values())[-1]
