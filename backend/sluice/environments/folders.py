"""Where environments lie in the data folder.

    environments/cache/                 what uv downloaded; files of environments are hard links to it
    environments/staging/<random>/      being made; worth nothing after a crash
    environments/built/<hash>/          `core` and `packages` of one lock, for one Python
    environments/<key>/record.json      what is wanted, and how the last build ended
    environments/<key>/core.txt         the lock: what workers import themselves
    environments/<key>/packages.txt     the rest of it
    environments/<key>/log.txt          of the last build
    environments/<key>/built            link to what was built

A lock is written once: whoever wants the same later gets the same versions.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import re
import shutil
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from sluice.environments.wanted import PYTHON

LOCKS = ("core.txt", "packages.txt")
_PIN = re.compile(r"^([A-Za-z0-9._-]+==[^\s;\\]+)", re.MULTILINE)


def link(root: Path, key: str) -> Path:
    """Return the path under which workers find what was built; nothing is there before."""
    return root / key / "built"


class Folders:
    """The folder `environments` of a data folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cache = root / "cache"
        self._staging = root / "staging"
        self._built = root / "built"
        self._changing = threading.Lock()  # of what is built, and of the links to it

    def prepare(self) -> None:
        """Make the folders where they are missing, and remove what a killed build left behind."""
        shutil.rmtree(self._staging, ignore_errors=True)
        for folder in (self.cache, self._staging, self._built):
            folder.mkdir(parents=True, exist_ok=True)

    def keys(self) -> list[str]:
        """Return the keys that something is known of."""
        return [path.parent.name for path in self.root.glob("*/record.json")]

    def of(self, key: str) -> Path:
        """Return the folder of one environment."""
        return self.root / key

    def log(self, key: str) -> Path:
        """Return where the log of the last build is."""
        return self.of(key) / "log.txt"

    def link(self, key: str) -> Path:
        """Return the path under which workers find what was built."""
        return link(self.root, key)

    def read_record(self, key: str) -> dict[str, Any]:
        """Return what `write_record` wrote."""
        record: dict[str, Any] = json.loads((self.of(key) / "record.json").read_text("utf-8"))
        return record

    def write_record(self, key: str, record: dict[str, Any]) -> None:
        """Keep what is known of an environment."""
        self.of(key).mkdir(exist_ok=True)
        draft = self.of(key) / "record.new"
        draft.write_text(json.dumps(record), "utf-8")
        draft.replace(self.of(key) / "record.json")

    def is_locked(self, key: str) -> bool:
        """Tell whether it is settled which versions it has."""
        return all((self.of(key) / name).exists() for name in LOCKS)

    def keep_locks(self, key: str, folder: Path) -> None:
        """Take the locks that lie in a folder."""
        for name in LOCKS:
            draft = self.of(key) / f"{name}.new"
            shutil.copyfile(folder / name, draft)
            draft.replace(self.of(key) / name)

    def pins(self, key: str) -> list[str]:
        """Return the locked versions, such as `numpy==2.4.6`."""
        texts = [path.read_text("utf-8") for name in LOCKS if (path := self.of(key) / name).exists()]
        return sorted(pin for text in texts for pin in _PIN.findall(text))

    def is_built(self, key: str) -> bool:
        """Tell whether workers can start in it: it was built for this very Python."""
        link = self.link(key)
        return link.exists() and os.readlink(link) == str(self._relative(self._hash(key)))

    def find_built(self, key: str) -> bool:
        """Link what was built of the same lock for another key; tell whether there is any."""
        name = self._hash(key)
        with self._changing:
            if not (self._built / name).exists():
                return False
            self._point(key, name)
        return True

    def keep_built(self, key: str, staged: Path) -> None:
        """Take a folder with all of an environment, which is complete and on the disk."""
        name = self._hash(key)
        os.sync()  # a folder under its name must be whole, also after a power cut
        with self._changing:
            if (self._built / name).exists():
                # The sandbox of who runs in it grants these very folders: others in their place would be closed to it.
                old = self._staging / uuid4().hex
                (self._built / name).rename(old)  # after a crash nobody must find it half exchanged
                _fill_anew(old, staged)
                old.rename(self._built / name)
            else:
                staged.rename(self._built / name)
            self._point(key, name)

    @asynccontextmanager
    async def staged(self) -> AsyncIterator[Path]:
        """Lend a folder; what is left of it at the end is removed."""
        folder = self._staging / uuid4().hex
        folder.mkdir()
        try:
            yield folder
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    def set_aside(self, key: str) -> Path:
        """Return where all that was known of an environment lies now; it can be built anew at once."""
        aside = self._staging / uuid4().hex
        with suppress(FileNotFoundError):
            self.of(key).rename(aside)
        return aside

    def remove(self, aside: Path) -> None:
        """Remove what was set aside, and what no environment needs of what was built."""
        shutil.rmtree(aside, ignore_errors=True)
        with self._changing:
            needed = {os.readlink(link).rpartition("/")[2] for link in self.root.glob("*/built")}
            unneeded = [folder for folder in self._built.iterdir() if folder.name not in needed]
            gone = [folder.rename(self._staging / uuid4().hex) for folder in unneeded]
        for folder in gone:
            shutil.rmtree(folder, ignore_errors=True)

    def size_bytes(self) -> int:
        """Return what all of it takes on the disk."""
        return taken_bytes(self.root)

    def _hash(self, key: str) -> str:
        texts = [(self.of(key) / name).read_bytes() for name in LOCKS if (self.of(key) / name).exists()]
        return hashlib.sha256(b"\0".join([*texts, PYTHON.encode()])).hexdigest()[:32]

    def _point(self, key: str, name: str) -> None:
        draft = self.of(key) / "built.new"
        draft.unlink(missing_ok=True)
        draft.symlink_to(self._relative(name))
        draft.replace(self.link(key))

    def _relative(self, name: str) -> Path:
        return Path("../built", name)


def _fill_anew(built: Path, staged: Path) -> None:
    """Put the staged entries in the place of the built ones, which lie among the staged afterwards."""
    for name in ("core", "packages"):
        aside = staged / f"{name}.old"
        aside.mkdir()
        for folder, target in ((built / name, aside), (staged / name, built / name)):
            for entry in list(folder.iterdir()):
                entry.rename(target / entry.name)


def taken_bytes(root: Path) -> int:
    """Return what a folder takes on the disk, linked files counted once."""
    seen: dict[tuple[int, int], int] = {}
    for folder, _, names in os.walk(root):
        for name in names:
            with suppress(FileNotFoundError):  # who works there may remove files meanwhile
                found = os.lstat(os.path.join(folder, name))
                seen[(found.st_dev, found.st_ino)] = found.st_blocks * 512
    return sum(seen.values())
