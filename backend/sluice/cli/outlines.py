"""Where lines of JSON go: to standard output, or to a file that a later run can go on with."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self


class OutFile:
    """Takes whole lines; each is handed over at once, so that whatever ends the command leaves whole lines.

    Attributes:
        answered: the files that have an answer in it already.
    """

    def __init__(self, path: Path | None, *, resume: bool) -> None:
        """Take standard output, or a file: a new one, or with `resume` the one that is there.

        Raises:
            OSError: the file is there already, or can't be written.
        """
        self._path = path
        self._file: BinaryIO | None = sys.stdout.buffer if path is None else None
        self.answered: frozenset[str] = frozenset()
        if path is None or not path.exists():
            return
        if not resume:
            raise OSError(f"'{path}' is there already. Go on with it by --resume, or remove it first.")
        kept = _answered(path)
        self.answered = frozenset(kept)
        draft = path.with_name(path.name + ".new")
        with draft.open("wb") as file:
            file.writelines(kept.values())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def write(self, line: bytes) -> None:
        """Add a line."""
        if self._file is None:
            assert self._path is not None
            self._file = self._path.open("ab")
        self._file.write(line + b"\n")
        self._file.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._path and self._file:
            self._file.close()


def _answered(path: Path) -> dict[str, bytes]:
    """Return the lines of files that were answered, by file; failures are tried again, torn lines are nothing."""
    lines = {}
    with path.open("rb") as file:
        for line in file:
            with suppress(ValueError, KeyError, TypeError):
                entry = json.loads(line)
                if entry["ok"] is True:
                    lines[str(entry["file"])] = line.rstrip(b"\n") + b"\n"
    return lines
