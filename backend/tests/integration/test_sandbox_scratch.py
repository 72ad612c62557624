"""Whatever a script leaves in its scratch folder is counted and removed."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sluice.workers.scratch import remove, usage


def deep(folder: Path, levels: int = 1200) -> None:
    """Nest folders far beyond the longest path."""
    at = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("down", dir_fd=at)
        below = os.open("down", os.O_RDONLY, dir_fd=at)
        os.close(at)
        at = below
    os.close(at)


def closed(folder: Path) -> None:
    (folder / "outer/inner/innermost").mkdir(parents=True)
    (folder / "outer/inner/file").touch()
    for name in ("outer/inner/innermost", "outer/inner", "outer"):
        (folder / name).chmod(0)


def odd(folder: Path) -> None:
    for name in (b"\xff\xfe", b"-rf", b"a\nb", b"x" * 255, b" "):
        os.mkdir(os.path.join(os.fsencode(folder), name))
        open(os.path.join(os.fsencode(folder), name, name), "w").close()
    (folder / "link").symlink_to(folder.parent)
    (folder / "nowhere").symlink_to("nowhere")
    (folder / "self").symlink_to("self")


@pytest.mark.parametrize("leave", [deep, closed, odd], ids=lambda leave: leave.__name__)
def test_it_is_removed(tmp_path: Path, leave: object) -> None:
    beside = tmp_path / "beside"
    beside.touch()
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    leave(scratch)  # type: ignore[operator]
    remove(scratch)
    assert list(tmp_path.iterdir()) == [beside]
    remove(scratch)


def test_a_link_in_its_place_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").touch()
    (tmp_path / "scratch").symlink_to("kept")
    with pytest.raises(OSError, match="scratch"):
        remove(tmp_path / "scratch")
    assert (tmp_path / "kept/file").exists()


def test_it_is_counted(tmp_path: Path) -> None:
    for number in range(10):
        (tmp_path / f"folder/{number}").mkdir(parents=True)
        (tmp_path / f"folder/{number}/file").write_bytes(bytes(100_000))
    found = usage(tmp_path, 2_000_000, 100)
    assert (found.entries, found.over) == (21, False)
    assert found.bytes >= 1_000_000
    assert usage(tmp_path, 300_000, 100).over
    assert usage(tmp_path, 2_000_000, 20).over
    assert usage(tmp_path / "not there", 0, 0).entries == 0


def test_endless_depth_is_too_much(tmp_path: Path) -> None:
    deep(tmp_path)
    assert usage(tmp_path, 1 << 40, 1 << 40).over
    for child in tmp_path.iterdir():
        remove(child)


def test_holes_are_not_counted(tmp_path: Path) -> None:
    with (tmp_path / "holes").open("wb") as file:
        file.truncate(1 << 30)
    assert not usage(tmp_path, 1 << 20, 10).over


@pytest.mark.parametrize("leave", [deep, closed, odd], ids=lambda leave: leave.__name__)
def test_several_may_remove_it_at_once(tmp_path: Path, leave: Callable[[Path], None]) -> None:
    for attempt in range(2):
        pool = tmp_path / f"pool-{attempt}"
        for number in range(3):
            (pool / f"scratch-{number}").mkdir(parents=True)
            leave(pool / f"scratch-{number}")
        folders = [pool, *pool.iterdir(), pool]
        with ThreadPoolExecutor(len(folders)) as threads:
            list(threads.map(remove, folders))
        assert not pool.exists()
