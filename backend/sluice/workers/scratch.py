"""Scratch folders, seen from the server: scripts may leave anything in them, also what is meant to hurt it."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

_MOST_DEEP = 64


@dataclass(frozen=True)
class Usage:
    """How full a folder is; at least this, where counting stopped at a limit.

    Attributes:
        bytes: on disk.
        entries: files, folders and links.
        over: whether a limit was passed, or folders are nested deeper than anybody needs.
    """

    bytes: int
    entries: int
    over: bool


def held_open(pid: int, folder: Path) -> int:
    """Return the bytes on the folder's disk of files that a process has open and that have no name any more."""
    held = 0
    with contextlib.suppress(OSError):
        disk = folder.stat().st_dev
        for number in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                file = os.stat(f"/proc/{pid}/fd/{number}")
                if not file.st_nlink and file.st_dev == disk:
                    held += file.st_blocks * 512
    return held


def usage(folder: Path, most_bytes: int, most_entries: int, held_bytes: int = 0) -> Usage:
    """Return how full a folder is, in bounded time; what changes meanwhile may be missed.

    Args:
        folder: to be counted.
        most_bytes: where counting stops.
        most_entries: likewise.
        held_bytes: that count, too.
    """
    if held_bytes > most_bytes:
        return Usage(held_bytes, 0, True)
    found_bytes, found, levels = held_bytes, 0, [(str(folder), 0)]
    while levels:
        path, depth = levels.pop()
        with contextlib.suppress(OSError), os.scandir(path) as entries:
            for entry in entries:
                found += 1
                with contextlib.suppress(OSError):
                    found_bytes += entry.stat(follow_symlinks=False).st_blocks * 512
                if found_bytes > most_bytes or found > most_entries or depth >= _MOST_DEEP:
                    return Usage(found_bytes, found, True)
                if entry.is_dir(follow_symlinks=False):
                    levels.append((entry.path, depth + 1))
    return Usage(found_bytes, found, False)


def remove(folder: Path) -> None:
    """Remove a folder with all in it, however deep, closed or oddly named; harmless if it isn't there.

    Folders are moved up to the top and emptied there, so that neither depth nor the length of a path matters. Nobody
    may write in it any more, but another one may be removing it, or a folder in it, at the same time.

    Raises:
        OSError: something can't be removed.
    """
    try:
        top = _open(str(folder), None)
    except FileNotFoundError:
        return
    try:
        while names := os.listdir(top):
            for name in names:
                with contextlib.suppress(FileNotFoundError):
                    _remove_one(name, top)
    finally:
        os.close(top)
    with contextlib.suppress(FileNotFoundError):
        os.rmdir(folder)


def _remove_one(name: str, top: int) -> None:
    """Remove an entry of the top folder; what folders are in it come up as further entries."""
    if not _is_folder(name, top):
        os.unlink(name, dir_fd=top)
        return
    inside = _open(name, top)
    try:
        for inner in os.listdir(inside):
            if _is_folder(inner, inside):
                os.chmod(inner, 0o700, dir_fd=inside)  # moving a folder takes the right to write in it
                os.rename(inner, secrets.token_hex(16), src_dir_fd=inside, dst_dir_fd=top)
            else:
                os.unlink(inner, dir_fd=inside)
    finally:
        os.close(inside)
    try:
        os.rmdir(name, dir_fd=top)
    except OSError as error:
        if error.errno != errno.ENOTEMPTY:  # somebody moved a folder up into it; its next turn comes
            raise


def _open(name: str, folder: int | None) -> int:
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        return os.open(name, flags, dir_fd=folder)
    except PermissionError:
        os.chmod(name, 0o700, dir_fd=folder)
        return os.open(name, flags, dir_fd=folder)


def _is_folder(name: str, folder: int) -> bool:
    return stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
