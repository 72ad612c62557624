"""Confines itself as a worker does, then tries what a worker mustn't; prints what it could do.

    python -I -m sluice.workers.child.probe {"folder": ..., "server": PID, "landlock": ..., "seccomp": ...}

Nothing that it tries does harm where it succeeds. The first line of its output says what is in force, each further one
what was tried and whether it went through; so even a process that was killed over an attempt tells of those before.
"""

from __future__ import annotations

import ctypes
import errno
import json
import mmap
import os
import socket
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.sandbox import Held, Stage1, Stage2, enter_stage_one, enter_stage_two

_MEMORY_MB = 64
_SCRATCH_MB = 1
_PTRACE_SEIZE = 0x4206
_CLONE_NEWUSER = 0x10000000
_CAPABILITY_VERSION_3 = 0x20080522
_NOBODY_LISTENS = ("127.0.0.1", 9)
_NAMED_PORT = 10
_MSG_FASTOPEN = 0x20000000

_libc = ctypes.CDLL(None, use_errno=True)


class Attempts:
    """What is tried; each returns normally if it went through.

    Args:
        folder: of this probe, as `sluice.workers.probes` laid it out.
        server: its process id.
    """

    def __init__(self, folder: str, server: int) -> None:
        self._folder = folder
        self._server = server

    def all(self) -> dict[str, Callable[[], object]]:
        """Return by name what a worker without network tries, in the order in which they are tried."""
        return self._named("_try_")

    def beside_ports(self) -> dict[str, Callable[[], object]]:
        """Return by name what a worker tries that may connect to a port that isn't meant here."""
        return self._named("_beside_ports_")

    def _named(self, prefix: str) -> dict[str, Callable[[], object]]:
        return {n.removeprefix("_try").lstrip("_"): getattr(self, n) for n in vars(Attempts) if n.startswith(prefix)}

    def _try_read_system_file(self) -> None:
        open("/etc/passwd").close()

    def _try_read_data_folder(self) -> None:
        open(f"{self._folder}/secret").close()

    def _try_read_other_pipeline(self) -> None:
        open(f"{self._folder}/run/other/secret").close()

    def _try_write_outside(self) -> None:
        open(f"{self._folder}/outside", "w").close()

    def _try_change_mode(self) -> None:
        path = f"{self._folder}/run/files/script.py"
        os.chmod(path, 0o640)
        _fail_unless(os.stat(path).st_mode & 0o777 == 0o640)

    def _try_read_server(self) -> None:
        open(f"/proc/{self._server}/environ").close()

    def _try_tcp(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
            _fail_unless(tried.connect_ex(_NOBODY_LISTENS) in (0, errno.ECONNREFUSED))

    def _beside_ports_tcp(self) -> None:
        self._try_tcp()

    def _beside_ports_udp(self) -> None:
        self._try_udp()

    def _beside_ports_listen(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
            tried.listen()  # at a port that the kernel chooses, which needs no right to bind one

    def _beside_ports_fast_open(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tried:
            try:
                tried.sendto(b"", _MSG_FASTOPEN, _NOBODY_LISTENS)
            except ConnectionRefusedError:
                return

    def _try_udp(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as tried:
            tried.sendto(b"", _NOBODY_LISTENS)

    def _try_unix_socket(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as tried:
            _fail_unless(tried.connect_ex("/nowhere") == errno.ENOENT)  # it looked for it

    def _try_abstract_socket(self) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as tried:
            tried.connect(f"\0sluice-{os.path.basename(self._folder)}")

    def _try_run_program(self) -> None:
        subprocess.run([sys.executable, "-I", "-S", "-c", ""], check=True)

    def _try_fork(self) -> None:
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)

    def _try_signal_server(self) -> None:
        os.kill(self._server, 0)

    def _try_trace_process(self) -> None:
        _fail_unless(_libc.ptrace(_PTRACE_SEIZE, os.getppid(), None, None) == 0)

    def _try_memory_file(self) -> None:
        os.close(os.memfd_create("probe"))

    def _try_privileges(self) -> None:
        held = ctypes.create_string_buffer(24)
        _fail_unless(_libc.capget(struct.pack("=Ii", _CAPABILITY_VERSION_3, 0), held) == 0 and any(held.raw))

    def _try_namespace(self) -> None:
        _fail_unless(_libc.unshare(_CLONE_NEWUSER) == 0)

    def _try_memory(self) -> None:
        mmap.mmap(-1, 2 * _MEMORY_MB << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS).close()

    def _try_shared_memory(self) -> None:
        mmap.mmap(-1, 2 * _MEMORY_MB << 20, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS).close()

    def _try_large_file(self) -> None:
        with open(f"{self._folder}/run/scratch/large", "wb") as file:
            file.truncate(2 * _SCRATCH_MB << 20)


def _fail_unless(went_through: bool) -> None:
    if not went_through:
        raise OSError(ctypes.get_errno(), "refused")


def main() -> None:
    """Confine, fork, confine further, try: first as a worker without network, then as one with a list of ports."""
    asked = json.loads(sys.argv[1])
    attempts = Attempts(asked["folder"], asked["server"])
    policy = ScriptPolicy(memory_mb=_MEMORY_MB, scratch_mb=_SCRATCH_MB)

    def without_network() -> None:
        held = _zygote(asked, network=False)
        _say(
            {"landlockAbi": held.landlock_abi, "seccomp": held.seccomp, "ports": held.holds_ports, "uid": os.geteuid()}
        )
        _in_a_child(lambda: _work(asked, policy, held, attempts.all()))

    def with_ports() -> None:
        held = _zygote(asked, network=True)
        if held.holds_ports:
            _work(asked, replace(policy, network=(_NAMED_PORT,)), held, attempts.beside_ports())

    _in_a_child(without_network)
    _in_a_child(with_ports)


def _in_a_child(run: Callable[[], None]) -> None:
    pid = os.fork()
    if pid == 0:
        try:
            run()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)


def _zygote(asked: dict[str, Any], *, network: bool) -> Held:
    return enter_stage_one(
        Stage1(
            writable=(f"{asked['folder']}/run",), private=(asked["folder"],), network=network,
            landlock=asked["landlock"], seccomp=asked["seccomp"],
        )
    )  # fmt: skip


def _work(asked: dict[str, Any], policy: ScriptPolicy, held: Held, attempts: dict[str, Callable[[], object]]) -> None:
    run = f"{asked['folder']}/run"
    enter_stage_two(Stage2(files=f"{run}/files", scratch=f"{run}/scratch", policy=policy), held)
    for name, attempt in attempts.items():
        try:
            attempt()
        except (OSError, MemoryError):
            _say({name: False})
        else:
            _say({name: True})


def _say(what: dict[str, object]) -> None:
    os.write(1, json.dumps(what).encode() + b"\n")


if __name__ == "__main__":
    main()
