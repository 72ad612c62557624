"""What the sandbox holds on this machine, found by trying: a process confines itself and does what scripts mustn't."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sluice.workers.child.syscalls import this_machine
from sluice.workers.user import WorkerUser

_TIMEOUT_S = 30.0
_FILES = "Landlock"
_CALLS = "seccomp"
_LIMITS = "resource limits"
_BESIDE_PORTS = "beside_ports_"

# What is tried, what it shows in words, and what of the kernel holds it first.
_MEANING = {
    "read_system_file": ("reading system files such as /etc/passwd", _FILES),
    "read_data_folder": ("reading the data folder", _FILES),
    "read_other_pipeline": ("reading other pipelines' files", _FILES),
    "write_outside": ("writing outside the scratch folder", _FILES),
    "change_mode": ("changing modes of files", _CALLS),
    "read_server": ("reading the server's environment", _FILES),
    "tcp": ("TCP connections", _CALLS),
    "udp": ("UDP packets", _CALLS),
    "beside_ports_tcp": ("TCP to ports that a pipeline's list doesn't name", _FILES),
    "beside_ports_udp": ("UDP packets beside a list of ports", _CALLS),
    "beside_ports_listen": ("listening beside a list of ports", _CALLS),
    "beside_ports_fast_open": ("connecting while sending beside a list of ports", _CALLS),
    "unix_socket": ("Unix sockets", _CALLS),
    "abstract_socket": ("abstract Unix sockets", _CALLS),
    "run_program": ("running programs", _CALLS),
    "fork": ("starting processes", _CALLS),
    "signal_server": ("signals to the server", _CALLS),
    "trace_process": ("tracing other processes", _CALLS),
    "memory_file": ("anonymous files in memory", _CALLS),
    "namespace": ("new namespaces", _CALLS),
    "privileges": ("privileges of root", _LIMITS),
    "memory": ("more memory than the policy permits", _LIMITS),
    "shared_memory": ("shared memory that no limit counts", _CALLS),
    "large_file": ("larger files than the policy permits", _LIMITS),
}


@dataclass(frozen=True)
class SandboxReport:
    """What is in force.

    Attributes:
        level: `full`: all that was tried was refused. `none`: neither Landlock nor seccomp works; limits and the clean
            environment still hold.
        landlock_abi: the kernel's version of Landlock; 0 means none.
        seccomp: whether system call filters work.
        ports: whether scripts can be held to a list of ports; if not, a policy with one is refused.
        uid: of the user that workers are.
        uid_reason: why that is the server's own; None where it isn't.
        machine: kind of processor.
        tried: whether the project has ever run the filters on that kind; else their numbers were only compared with the
            kernel's headers.
        missing: what isn't prevented, each with the reason.
    """

    level: Literal["full", "partial", "none"]
    landlock_abi: int
    seccomp: bool
    ports: bool
    uid: int
    uid_reason: str | None
    machine: str
    tried: bool
    missing: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return it by camelCase key."""
        return {
            "level": self.level,
            "landlockAbi": self.landlock_abi,
            "seccomp": self.seccomp,
            "ports": self.ports,
            "uid": self.uid,
            "uidReason": self.uid_reason,
            "machine": self.machine,
            "tried": self.tried,
            "missing": list(self.missing),
        }


async def probe(
    folder: Path, *, landlock: int = 99, seccomp: bool = True, user: WorkerUser | None = None
) -> SandboxReport:
    """Return what the sandbox holds on this machine, with this data folder.

    Args:
        folder: of the workers, inside the data folder; something is laid out there and removed again.
        landlock: newest version to use; 0 does without, as on an older kernel.
        seccomp: False does without.
        user: that workers are.
    """
    return await asyncio.to_thread(_probe, folder, landlock, seccomp, user or WorkerUser(None))


def _probe(folder: Path, landlock: int, seccomp: bool, user: WorkerUser) -> SandboxReport:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="probe-", dir=folder) as made, _listening(Path(made).name):
        _lay_out(Path(made), user.uid)
        asked = {"folder": made, "server": os.getpid(), "landlock": landlock, "seccomp": seccomp}
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-B", "-m", "sluice.workers.child.probe", json.dumps(asked)],
                stdin=subprocess.DEVNULL, capture_output=True, timeout=_TIMEOUT_S, cwd="/", env={"LANG": "C.UTF-8"},
                user=user.uid, group=user.uid, extra_groups=None if user.uid is None else (),
            )  # fmt: skip
            printed, said = done.stdout, done.stderr.decode(errors="replace")
        except subprocess.TimeoutExpired as late:
            printed, said = late.stdout or b"", f"it didn't end within {_TIMEOUT_S:g} s"
    return _report([json.loads(line) for line in printed.splitlines()], said, user)


def _lay_out(folder: Path, uid: int | None) -> None:
    for path in ("secret", "run/other/secret", "run/files/script.py"):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).touch()
    (folder / "run/scratch").mkdir()
    if uid is not None:  # so that it isn't for their owner that it can't reach them
        for made in (folder, *folder.rglob("*")):
            os.chown(made, uid, uid)


@contextmanager
def _listening(name: str) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(f"\0sluice-{name}")
        listener.listen()
        yield


def _report(lines: list[dict[str, Any]], said: str, user: WorkerUser) -> SandboxReport:
    if not lines:
        reason = said.strip().splitlines()[-1] if said.strip() else "it said nothing"
        return SandboxReport(
            "none",
            0,
            False,
            False,
            os.geteuid(),
            user.reason,
            *_machine(),
            (f"Nothing is known, because the attempts failed: {reason}",),
        )
    in_force, went_through = lines[0], {name: bool(done) for line in lines[1:] for name, done in line.items()}
    abi, seccomp, ports = int(in_force["landlockAbi"]), bool(in_force["seccomp"]), bool(in_force["ports"])
    lacking = {_FILES: not abi, _CALLS: not seccomp, _LIMITS: False}
    missing = []
    for name, (meaning, held_by) in _MEANING.items():
        if name.startswith(_BESIDE_PORTS) and not ports:
            continue  # there are no such workers
        if name not in went_through:
            missing.append(f"Unknown: {meaning}; the process that tried ended before.")
        elif went_through[name]:
            reason = f"{held_by} isn't available here" if lacking[held_by] else "the attempt went through"
            missing.append(f"Not prevented: {meaning}; {reason}.")
    level: Literal["full", "partial", "none"] = "partial" if missing else "full"
    return SandboxReport(
        level if abi or seccomp else "none",
        abi,
        seccomp,
        ports,
        int(in_force["uid"]),
        user.reason,
        *_machine(),
        tuple(missing),
    )


def _machine() -> tuple[str, bool]:
    known = this_machine()
    return platform.machine(), known is not None and known.tried
