"""What scripts print and log, kept for one call.

Standard output and standard error of a worker are one anonymous file, which the server holds too: so what was printed
can be read even when the process was killed. It is emptied before each call. What a thread prints after its call has
ended goes to the call that runs then, or to none.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import sys
from typing import Any

KEPT_BYTES = 64 << 10
_ROOM = KEPT_BYTES + 1  # by the one beyond it is known that there was more
_MORE = b"\n[More was printed; the first 64 KiB of a call are kept.]\n"
_HIGH = 200  # where scripts that close or reuse the usual numbers don't come by


def read_printed(descriptor: int) -> str | None:
    """Return the beginning of what a call has printed, or None if it is nothing."""
    found = os.pread(descriptor, KEPT_BYTES + 1, 0)
    if len(found) > KEPT_BYTES:
        found = found[:KEPT_BYTES] + _MORE
    return found.decode(errors="replace") or None


class Prints:
    """This process's output: `sys.stdout` and `sys.stderr` are ours from here on, and again before each call."""

    def __init__(self) -> None:
        self._file = fcntl.fcntl(1, fcntl.F_DUPFD_CLOEXEC, _HIGH)
        self._identity = os.fstat(self._file).st_ino
        self._kept = _Kept(self._file)
        self._stdout: Any = _Stream(_Raw(self._kept, 1, "<stdout>"))
        self._stderr: Any = _Stream(_Raw(self._kept, 2, "<stderr>"))
        sys.stdout, sys.stderr = self._stdout, self._stderr
        self._are_ours = True
        self._sys = sys.__dict__

    def keep_streams(self) -> None:
        """Take what the scripts made of `sys.stdout` and `sys.stderr` while loading as what each call begins with."""
        self._stdout, self._stderr = getattr(sys, "stdout", None), getattr(sys, "stderr", None)
        self._are_ours = type(self._stdout) is type(self._stderr) is _Stream

    def begin(self) -> None:
        """Empty the file for the next call, and put it back where the last one closed or replaced it.

        Raises:
            OSError: nothing is left of the file; this process had better end before it takes the call.
        """
        try:
            # Asked by the numbers that scripts and libraries use, it tells also whether these are still open.
            if self._kept.room == _ROOM and not os.lseek(1, 0, os.SEEK_END) and not os.lseek(2, 0, os.SEEK_END):
                return
        except OSError:
            pass
        self._mend()
        os.ftruncate(self._file, 0)
        self._kept.room = _ROOM

    def end(self) -> None:
        """Undo what the call did to the streams; what is left in its own is still its own."""
        if self._sys.get("stdout") is not self._stdout or self._sys.get("stderr") is not self._stderr:
            _flush()
            sys.stdout, sys.stderr = self._stdout, self._stderr
        if not self._are_ours:
            _flush()

    def read(self) -> str | None:
        """Return what the call has printed."""
        try:
            return read_printed(self._file)
        except OSError:
            return None

    def _mend(self) -> None:
        """Put the file back where scripts closed or replaced it."""
        if not self._is_ours(self._file):
            left = 1 if self._is_ours(1) else 2
            self._file = self._kept.file = fcntl.fcntl(left, fcntl.F_DUPFD_CLOEXEC, _HIGH)
        for descriptor in (1, 2):
            if not self._is_ours(descriptor):
                os.dup2(self._file, descriptor)

    def _is_ours(self, descriptor: int) -> bool:
        try:
            return os.fstat(descriptor).st_ino == self._identity
        except OSError:
            return False


class _Kept:
    """The file, and how many bytes more of this call it shall take."""

    def __init__(self, file: int) -> None:
        self.file = file
        self.room = _ROOM


class _Raw(io.RawIOBase):
    """Writes while there is room and swallows the rest: printing never fails, and never fills the memory."""

    def __init__(self, kept: _Kept, descriptor: int, name: str) -> None:
        super().__init__()
        self._kept = kept
        self._descriptor = descriptor
        self.name = name

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._descriptor

    def write(self, data: Any, /) -> int:
        view = memoryview(data).cast("B")
        room = self._kept.room
        if room > 0:
            self._kept.room = room - len(view)
            with contextlib.suppress(OSError):
                os.write(self._kept.file, view[:room])
        return len(view)

    def close(self) -> None:
        """Stay open: the next call prints too."""


class _Stream(io.TextIOWrapper):
    """Passes everything on at once, so that a killed call's last line is there."""

    def __init__(self, raw: _Raw) -> None:
        # Typeshed asks for a buffer; for unbuffered output the interpreter itself does as we do here.
        super().__init__(raw, encoding="utf-8", errors="backslashreplace", write_through=True)

    def detach(self) -> Any:
        return self.buffer  # and stay of use to the next call

    def reconfigure(self, **options: Any) -> None:
        super().reconfigure(**{**options, "write_through": True})


def _flush() -> None:
    for stream in (sys.__dict__.get("stdout"), sys.__dict__.get("stderr")):
        try:
            stream.flush()  # type: ignore[union-attr]
        except BaseException:
            pass  # it is a script's own
