"""The data folder: one server at a time owns it, and its id ties it to its database."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from uuid import uuid4

RUN_FILE = "server.json"
"""In it, while a server runs: how the commands of its machine reach it."""


class CannotOpen(Exception):
    """The data folder or the database can't be used; the message says why and what to do."""


class OwnedByAnother(CannotOpen):
    """Another process owns the data folder."""


@contextmanager
def owned(path: Path, *, restoring: bool = False) -> Iterator[DataFolder]:
    """Lend a data folder, made where it is missing, that no other process owns meanwhile.

    Args:
        path: of the folder.
        restoring: whether it may be one that a restore has begun to fill.

    Raises:
        CannotOpen: another process owns it, it can't be written, or it was filled half only.
    """
    folder = DataFolder(path)
    folder.lock()
    try:
        if folder.restoring.exists() and not restoring:
            raise CannotOpen(
                f"A restore into the data folder '{folder.path}' was interrupted. Run 'sluice restore' again."
            )
        yield folder
    finally:
        folder.unlock()


@contextmanager
def owned_if_idle(path: Path) -> Iterator[DataFolder]:
    """Lend a data folder, owned unless a server runs on it.

    Raises:
        CannotOpen: there is no such folder, it can't be written, or it was filled half only.
    """
    folder = DataFolder(path)
    if not folder.path.is_dir():
        raise CannotOpen(f"There is no data folder '{folder.path}'. Name it by SLUICE_DATA_DIR (--data-dir).")
    with ExitStack() as owning:
        with suppress(OwnedByAnother):
            owning.enter_context(owned(path))
        yield folder


class DataFolder:
    """A folder with `lock`, `folder-id`, the uploaded files and, unless it is elsewhere, the database.

    Attributes:
        restoring: what is there only until all is there that is being restored.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.restoring = self.path / "restoring"
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
            raise OwnedByAnother(
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
        self.write_id(folder_id)
        return folder_id

    def write_id(self, folder_id: str) -> None:
        """Give the folder this id; it survives a power cut."""
        draft = self._id_file.with_suffix(".new")
        with draft.open("w") as file:
            file.write(folder_id)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._id_file)
