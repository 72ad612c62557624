"""From what is typed after a command to files."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from pathlib import Path


class NothingThere(Exception):
    """What was named isn't there; the message says what."""


def expanded(named: Sequence[str]) -> list[Path]:
    """Return the files, each once: a folder stands for all files in it, a pattern for what it matches.

    Raises:
        NothingThere: one of them is no file, or stands for none.
    """
    found: dict[Path, None] = {}
    for name in named:
        files = list(_files(name))
        if not files:
            raise NothingThere(f"'{name}': there is no such file, and nothing that matches it.")
        found.update(dict.fromkeys(files))
    return list(found)


def _files(name: str) -> Iterator[Path]:
    path = Path(name)
    if path.is_dir():
        yield from files_in(path)
    elif path.exists():
        yield path
    else:
        for match in sorted(glob.glob(name, recursive=True)):
            if Path(match).is_file():
                yield Path(match)


def files_in(folder: Path) -> Iterator[Path]:
    """Yield the files in a folder and the folders in it, by name; what begins with a dot isn't meant."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from files_in(path)
        elif path.is_file():
            yield path
