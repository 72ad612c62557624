"""What a server has of the machine: processes, descriptors, files; and what is left of them."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from benchmarks.processes import states, tree

_NUMBER = re.compile(r"-\d+$")  # of a worker's scratch folder


def processes(data: Path) -> set[int]:
    """Return the processes that work on a data folder: a server and all that it started, orphans included.

    A zombie has no command line any more and isn't found; see `zombies`.
    """
    own, found = os.getpid(), set()
    for pid in states():
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if pid != own and str(data).encode() in command and b"sluice" in command:
            found.add(pid)
    return found


def zombies(server: int) -> int:
    """Return how many dead processes below a server nobody has reaped."""
    known = states()
    return sum(known.get(pid, ("", 0))[0] == "Z" for pid in tree(server))


def working_in(data: Path, file: str) -> list[int]:
    """Return the workers of pipelines that have a file of this name beside their scripts."""
    found = []
    for pid in processes(data):
        try:
            folder = os.readlink(f"/proc/{pid}/cwd")
        except OSError:
            continue
        if Path(folder, file).exists():
            found.append(pid)
    return found


def anonymous_mib(pid: int) -> float | None:
    """Return a process's own memory, or None if it isn't there any more."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("RssAnon:")), None)


@dataclass(frozen=True)
class Remains:
    """What there is at a moment when nobody calls.

    Attributes:
        processes: how many.
        zombies: likewise.
        descriptors: that the server has open.
        files: how many of each name are in the data folder, but for the database and what lies in scratch folders.
    """

    processes: int
    zombies: int
    descriptors: int
    files: Counter[str]

    @classmethod
    def of(cls, server: int, data: Path) -> Remains:
        """Look."""
        return cls(len(processes(data)), zombies(server), len(os.listdir(f"/proc/{server}/fd")), _files(data))

    def beyond(self, before: Remains) -> list[str]:
        """Return what there is more of than before, in words."""
        told = [
            f"{now} {what}, {then} before"
            for what, now, then in (
                ("processes", self.processes, before.processes),
                ("zombies", self.zombies, before.zombies),
                ("open descriptors of the server", self.descriptors, before.descriptors),
            )
            if now > then
        ]
        if more := self.files - before.files:
            told.append(f"{len(more)} more files, such as {sorted(more)[:5]}")
        return told


def _files(data: Path) -> Counter[str]:
    found: Counter[str] = Counter()
    for folder, names, files in os.walk(data):
        inside = Path(folder).relative_to(data)
        found.update(str(inside / _NUMBER.sub("-N", name)) for name in (*names, *files))
        names[:] = [name for name in names if not name.startswith("scratch-")]
    return Counter({name: times for name, times in found.items() if not name.startswith(("sluice.db", "log.txt"))})
