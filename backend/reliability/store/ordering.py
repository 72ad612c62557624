"""Whether what was done would survive a power cut: what kill -9 can't show, since the system's cache outlives it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reliability.store.strace import Call

_PATH = re.compile(r"<([^<>]+)>|\"([^\"]+)\"")


def unsafe(calls: Sequence[Call]) -> list[str]:
    """Return where a power cut could lose what was acknowledged.

    A file's bytes are synced before it is renamed, the folder after that, and then the database, before anybody is
    told.
    """
    wrongs: set[str] = set()
    synced: set[str] = set()
    unsynced_folder = committed = False
    for call in calls:
        paths = [first or second for first, second in _PATH.findall(call.arguments)]
        path = next((path for path in paths if "/sluice.db" in path or "/incoming/" in path or "/blobs" in path), "")
        match call.name:
            case "write" if "/incoming/" in path:
                synced.discard(path)
            case "rename":
                if path not in synced:
                    wrongs.add("a file is renamed before its bytes are on the disk")
                unsynced_folder = True
            case "fsync" | "fdatasync" if path.endswith("-wal"):
                if unsynced_folder:
                    wrongs.add("a row is committed before its file's name is on the disk")
                committed = True
            case "fsync" if path.endswith("/blobs"):
                unsynced_folder = False
            case "fsync":
                synced.add(path)
        if call.tells:
            if not committed:
                wrongs.add("a change is acknowledged before its row is on the disk")
            committed = False
    return sorted(wrongs)
