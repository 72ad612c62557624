"""The user that scripts and models run as: where the server is root, one that owns nothing and may do nothing.

All workers have the same one. What keeps pipelines apart is Landlock and seccomp; a user of each would take a zygote
that may still change it, while it holds an uploaded model, and the kernel wouldn't end its workers with it any more.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sluice

_TIMEOUT_S = 20.0
_NOT_ROOT = "the server isn't root, so they have its user"
_KEPT = "SLUICE_WORKER_UID is 0"

# Looks at each path as another user, writes where it may, then waits to be looked at.
_LOOK = """
import os, sys
own, *paths = sys.argv[1:]
for path in paths:
    try:
        open(path).close() if os.path.isfile(path) else os.stat(path + "/.")
    except OSError as error:
        sys.exit(f"{error.strerror}: '{error.filename}'")
open(own + "/file", "w").close()
print("seen", flush=True)
sys.stdin.read()
"""


@dataclass(frozen=True)
class WorkerUser:
    """Who workers are.

    Attributes:
        uid: to change to, as user and as group; None stays the server's own.
        reason: why it is the server's own.
    """

    uid: int | None
    reason: str | None = None


def worker_user(uid: int, folder: Path) -> WorkerUser:
    """Return the user for workers, after a process has been it, and has seen and done what workers must.

    Args:
        uid: to be; 0 keeps the server's.
        folder: the server's data; it is opened to that user's group for passing through, not for looking.
    """
    if os.geteuid() != 0:
        return WorkerUser(None, _NOT_ROOT)
    if uid == 0:
        return WorkerUser(None, _KEPT)
    if closed := _closed([Path(sys.executable), *_libraries()], uid):
        return WorkerUser(None, f"'{closed}' is closed to other users, and what workers import lies in it")
    with contextlib.suppress(OSError):  # then the attempt tells
        _let_pass(folder, uid)
    made = Path(tempfile.mkdtemp(prefix="user-", dir=folder))
    try:
        return WorkerUser(*_tried(uid, made))
    except (OSError, subprocess.SubprocessError) as error:
        return WorkerUser(None, f"it didn't work: {error}")
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _let_pass(folder: Path, gid: int) -> None:
    """Let a group pass through a folder that not everybody may pass through."""
    mode = stat.S_IMODE(folder.stat().st_mode)
    if not mode & 0o001:
        os.chown(folder, -1, gid)
        folder.chmod(mode & ~0o070 | 0o010)


def close_files(folder: Path) -> None:
    """Close the database and the other files of the data folder, which may be passed through now, to everybody else."""
    for path in folder.iterdir():
        if path.is_file() and not path.is_symlink():
            path.chmod(0o600)


def _libraries() -> Iterable[Path]:
    return map(Path, {os.__file__, sluice.__file__, *(sysconfig.get_path(name) for name in ("purelib", "platlib"))})


def _closed(paths: Iterable[Path], uid: int) -> Path | None:
    """Return the first folder on the way to one of these that another user can't pass."""
    for path in paths:
        for folder in reversed([*path.parents, *path.resolve().parents]):
            if folder.is_dir():
                at = folder.stat()
                passes = at.st_mode & (0o100 if at.st_uid == uid else 0o010 if at.st_gid == uid else 0o001)
                if not passes:
                    return folder
    return None


def _tried(uid: int, made: Path) -> tuple[int | None, str | None]:
    made.chmod(0o755)
    (made / "kept").touch()  # as uploads are
    own = made / "own"
    own.mkdir(0o700)
    os.chown(own, uid, uid)
    process = subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", _LOOK, str(own), str(made / "kept"), *map(str, _libraries())],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd="/", env={"LANG": "C.UTF-8"},
        user=uid, group=uid, extra_groups=(),
    )  # fmt: skip
    assert process.stdin and process.stdout and process.stderr
    with process, contextlib.closing(process.stdin):
        if process.stdout.readline() != b"seen\n":
            process.stdin.close()
            said = process.stderr.read().decode(errors="replace").strip().splitlines()
            return None, f"that user can't do what workers must: {said[-1] if said else 'it ended'}"
        # What the server does to workers, for which containers may have left it too little of root.
        os.listdir(f"/proc/{process.pid}/fd")
        os.setpriority(os.PRIO_PROCESS, process.pid, 1)
        process.kill()
    return uid, None
