"""What a hostile script is after: files of the server, sockets that listen, the server's own process."""

from __future__ import annotations

import ctypes
import os
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any


class Prizes:
    """The prizes and whether they are untouched.

    Args:
        folder: data folder of the server; `run` inside belongs to the workers.
    """

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder = folder
        self._secret = ctypes.create_string_buffer(b"sixteen bytes of")
        self._lay_out()
        self._sockets = {
            "tcp": socket.create_server(("127.0.0.1", 0)),
            "udp": _bound(socket.AF_INET, socket.SOCK_DGRAM, ("127.0.0.1", 0)),
            "unix": _bound(socket.AF_UNIX, socket.SOCK_STREAM, str(folder / "unix")),
            "abstract": _bound(socket.AF_UNIX, socket.SOCK_STREAM, f"\0sluice-prize-{os.getpid()}-{id(self)}"),
            "datagrams": _bound(socket.AF_UNIX, socket.SOCK_DGRAM, str(folder / "datagrams")),
        }
        for one in self._sockets.values():
            one.setblocking(False)
            stack.enter_context(one)
        self._before = self._state()

    def told(self) -> dict[str, Any]:
        """Return where they are, as the scripts are told."""
        names = ("data", "database", "sqlite", "unix", "datagrams")
        return {
            **{name: str(self._folder / name) if name != "data" else str(self._folder) for name in names},
            "run": str(self._folder / "run"),
            "other": str(self._folder / "run/other/files/script.py"),
            "blob": str(self._folder / "model.onnx"),
            "server": os.getpid(),
            "address": ctypes.addressof(self._secret),
            "tcp": self._sockets["tcp"].getsockname()[1],
            "udp": self._sockets["udp"].getsockname()[1],
            "abstract": self._sockets["abstract"].getsockname()[1:].decode(),
        }

    def touched(self) -> list[str]:
        """Return what isn't as it was, or was reached; empty when all is well."""
        now = self._state()
        found = [name for name, before in self._before.items() if now.get(name) != before]
        found += [name for name in now if name not in self._before]
        found += [name for name, one in self._sockets.items() if _reached(one)]
        return found

    def _lay_out(self) -> None:
        self._folder.mkdir(exist_ok=True)
        for name in ("database", "model.onnx"):
            if not (self._folder / name).exists():
                (self._folder / name).write_text("rows")
        with sqlite3.connect(self._folder / "sqlite") as base:
            base.execute("create table t (n integer)")
        base.close()
        (self._folder / "run/other/files").mkdir(parents=True)
        (self._folder / "run/other/files/script.py").write_text("KEY = 'secret'")

    def _state(self) -> dict[str, object]:
        own = {"secret in memory": self._secret.raw}
        for path in (self._folder, *self._folder.iterdir(), *(self._folder / "run/other").rglob("*")):
            if path.name != "run":
                at = path.lstat()
                attributes = os.listxattr(path, follow_symlinks=False)
                own[str(path)] = (at.st_mode, at.st_uid, at.st_size, at.st_nlink, at.st_mtime_ns, attributes)  # type: ignore[assignment]
        return dict(own)


@contextmanager
def prizes(folder: Path) -> Iterator[Prizes]:
    """Lay them out in the folder in which a zygote works already."""
    with ExitStack() as stack:
        yield Prizes(folder, stack)


def _bound(family: int, kind: int, address: Any) -> socket.socket:
    one = socket.socket(family, kind)
    one.bind(address)
    if kind == socket.SOCK_STREAM:
        one.listen()
    return one


def _reached(one: socket.socket) -> bool:
    try:
        if one.type == socket.SOCK_STREAM:
            one.accept()[0].close()
        else:
            one.recv(100)
    except BlockingIOError:
        return False
    return True
