"""The data folder: one server at a time owns it, and its id ties it to its database."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


class CannotOpen(Exception):
    """The data folder or the database can't be used; the message says why and what to do."""


@contextmanager
def owned(path: Path) -> Iterator[DataFolder]:
    """Lend a data folder, made where it is missing, that no other process owns meanwhile.

    Raises:
        CannotOpen: another process owns it, or it can't be written.
    """
    folder = DataFolder(path)
    folder.lock()
    try:
        yield folder
    finally:
        folder.unlock()


class DataFolder:
    """A folder with `lock`, `folder-id`, the uploaded files and, unless it is elsewhere, the database."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self._id_file = self.path / "folder-id"
        self._lock: int | None = None

    def lock(self) -> None:
        """Make the folder where it is missing and own it until `unlock` or the end of the process.

        Raises:
            CannotOpen: another process owns it, or it can't be written.
        """
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise CannotOpen(f"The data folder '{self.path}' can't be written: {error.strerror}.") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise CannotOpen(
                f"A server runs on the data folder '{self.path}' already. "
                "Stop it first, or choose another folder with SLUICE_DATA_DIR."
            ) from None
        self._lock = lock

    def unlock(self) -> None:
        """Let another process own the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def has_files(self) -> bool:
        """Tell whether uploaded files are kept here."""
        blobs = self.path / "blobs"
        return blobs.is_dir() and any(blobs.iterdir())

    def read_id(self) -> str | None:
        """Return the folder's id, or None where it never had a database."""
        try:
            return self._id_file.read_text().strip()
        except FileNotFoundError:
            return None

    def make_id(self) -> str:
        """Give the folder an id that survives a power cut, and return it."""
        folder_id = uuid4().hex
        draft = self._id_file.with_suffix(".new")
        with draft.open("w") as file:
            file.write(folder_id)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._id_file)
        return folder_id
