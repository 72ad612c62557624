"""Makes this server a later one, whose own libraries are version 2 of the standard environment."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sluice.environments import standard
from sluice.environments.folders import LOCKS


@contextmanager
def later_standard(locks: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have two versions of the standard, both with the locks of one environment, as its wheels are here.

    Args:
        locks: folder of the environment.
        folder: where the lists are made.
        monkeypatch: undone at the end.
    """
    for number in ("1", "2"):
        (folder / number).mkdir(parents=True)
        for name in LOCKS:
            shutil.copy(locks / name, folder / number)
    try:
        with monkeypatch.context() as patch:
            patch.setattr(standard, "_FOLDER", folder)
            standard.standards.cache_clear()
            yield
    finally:
        standard.standards.cache_clear()
