"""Confines this process, for good and before it touches anything that a user uploaded.

    zygote              enter_stage_one(Stage1(...)) -> Held    after exec, before numpy and onnxruntime are imported
    inspector, forked   enter_stage_one(..., forked=True)       once more, before it reads its file
    worker, forked      enter_stage_two(Stage2(...), held)      before a script is imported

Both need a process with one thread: what Landlock and seccomp bind is the calling thread, and what it starts later.
A mechanism that the kernel lacks is left out and named in `Held.missing`; the server decides whether that is enough,
after real attempts in a process of their own (`sluice.workers.probes`).
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

from sluice.workers.child import filters, landlock, limits, seccomp
from sluice.workers.child.landlock import READ, READ_WRITE, WRITE_FILE, Grant
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.syscalls import this_machine
from sluice.workers.child.thread_locks import use_thread_locks

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What libraries read as a matter of course, and no more: no passwords, no private keys, no settings of others.
_SYSTEM = (
    "/lib", "/lib64", "/usr/lib", "/usr/lib32", "/usr/lib64", "/usr/libexec", "/usr/share",
    "/usr/local/lib", "/usr/local/lib64", "/usr/local/share", "/usr/local/cuda",
    "/etc/ld.so.cache", "/etc/localtime", "/etc/timezone", "/etc/locale.alias", "/etc/mime.types", "/etc/os-release",
    "/etc/fonts", "/etc/ssl/openssl.cnf", "/etc/ssl/certs", "/etc/pki/tls/openssl.cnf", "/etc/pki/tls/certs",
    "/etc/pki/ca-trust/extracted", "/etc/crypto-policies",
    "/dev/zero", "/dev/random", "/dev/urandom",
    "/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu", "/sys/devices/system/node",
)  # fmt: skip
_NETWORK = (
    "/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services",
    "/etc/protocols",
)  # fmt: skip
# A zygote can't know the numbers of the workers to come, whose own folder is in here; those are held to that one.
_PROCESSES = "/proc"
_OWN_PROCESS = "/proc/self"
_PREFIX_FOLDERS = ("lib", "lib64", "share")


class NotConfined(Exception):
    """The process can't be confined as asked; it mustn't go on. The message says why."""


@dataclass(frozen=True)
class Stage1:
    """What a zygote or inspector needs.

    Attributes:
        readable: files and folders beside the libraries, such as the model.
        packages: folder of an environment; only workers import from it, once they are in stage two.
        writable: folders it, or a worker forked from it, may write in.
        private: folders of the server; a library folder that holds one of them isn't opened.
        network: whether workers forked from it may have network.
        may_fork: only a zygote.
        memory_mb: address space of an inspector; a zygote has no limit, its workers have.
        file_mb: largest file it writes.
        landlock: newest version to use, as if the kernel had no other; 0 does without.
        seccomp: False does without filters.
    """

    readable: tuple[str, ...] = ()
    packages: str | None = None
    writable: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    network: bool = False
    may_fork: bool = True
    memory_mb: int | None = None
    file_mb: int | None = None
    landlock: int = 99
    seccomp: bool = True


@dataclass(frozen=True)
class Stage2:
    """What a worker needs.

    Attributes:
        files: folder with its scripts and the files beside them, for reading.
        scratch: its temporary folder, for writing; must lie in a folder that stage one opened for writing.
        policy: what its scripts may use.
        readable: other files; the model, where it is loaded after this stage.
        unbounded: whether the policy's memory is bounded later, by `limits.limit_growth` once the model is loaded.
    """

    files: str
    scratch: str | None
    policy: ScriptPolicy
    readable: tuple[str, ...] = ()
    unbounded: bool = False


@dataclass(frozen=True)
class Held:
    """What is in force; crosses a fork.

    Attributes:
        landlock_abi: 0 means that Landlock doesn't hold.
        seccomp: whether the filters hold.
        missing: sentences about what this kernel can't hold.
        packages: what workers may import from beside the libraries that are loaded.
    """

    landlock_abi: int
    seccomp: bool
    missing: tuple[str, ...]
    packages: str | None
    _library: tuple[Grant, ...]

    @property
    def holds_ports(self) -> bool:
        """Whether a worker can be held to a list of ports."""
        return self.seccomp and self.landlock_abi >= landlock.KNOWS_PORTS


def enter_stage_one(rules: Stage1, *, forked: bool = False) -> Held:
    """Confine this process to libraries and the given paths, without programs, sockets and privileges.

    Args:
        rules: what it may reach.
        forked: whether it was forked by a process in stage one, so that all this is on top of that one's rules.

    Raises:
        NotConfined: there is another thread, or the kernel refused what it says that it has.
    """
    _assert_one_thread()
    missing: list[str] = []
    try:
        if not forked:
            use_thread_locks()
            limits.prefer_for_oom_kill()
            limits.no_core_files()
            limits.give_up_privileges()
        if rules.memory_mb is not None:
            limits.limit_address_space(rules.memory_mb)
        if rules.file_mb is not None:
            limits.limit_files(rules.file_mb)
        abi = min(landlock.abi(), rules.landlock)
        library = _library(rules)
        if not abi:
            missing.append("Files: Landlock isn't available, so scripts read and write what the server's user can.")
        else:
            grants = [
                *library,
                Grant(_PROCESSES, READ),
                *(Grant(path, READ) for path in rules.readable),
                *(Grant(path, READ_WRITE) for path in rules.writable),
            ]
            landlock.restrict(grants, abi, ports=None if rules.network else ())
        machine = this_machine() if rules.seccomp else None
        filtered = False
        if machine:
            stage = filters.stage_one(network=rules.network, may_fork=rules.may_fork, landlock_abi=abi)
            filtered = seccomp.install(seccomp.program(stage, machine))
        if not filtered:
            missing.append("Programs, sockets, processes and kernel interfaces: seccomp filters aren't available.")
    except OSError as error:
        raise NotConfined(f"This process can't be confined: {error.strerror or error}.") from error
    return Held(abi, filtered, tuple(missing), rules.packages, library)


def enter_stage_two(rules: Stage2, held: Held) -> None:
    """Confine this worker to its own files and scratch folder, without processes and beyond no limit of its policy.

    Raises:
        NotConfined: there is another thread, or the kernel refused.
    """
    _assert_one_thread()
    ports = () if rules.policy.network == "off" else rules.policy.ports
    if ports and not held.holds_ports:
        raise NotConfined("This kernel can't hold a worker to a list of ports.")
    try:
        used = limits.memory_used()
        if held.landlock_abi:
            # Stays open: the kernel would forget a folder of /proc that nobody holds, and the grant with it.
            os.open(_OWN_PROCESS, os.O_PATH | os.O_CLOEXEC)
            grants = [*held._library, *(Grant(path, READ) for path in (_OWN_PROCESS, rules.files, *rules.readable))]
            if rules.scratch and rules.policy.scratch_mb:
                grants.append(Grant(rules.scratch, READ_WRITE))
            landlock.restrict(grants, held.landlock_abi, ports=ports)
        machine = this_machine()
        if held.seccomp and machine:
            seccomp.install(seccomp.program(filters.stage_two(os.getpid(), ports_only=bool(ports)), machine))
        limits.limit_files(rules.policy.scratch_mb)
        if not rules.unbounded:
            limits.limit_growth(rules.policy.memory_mb, used)
    except OSError as error:
        raise NotConfined(f"This worker can't be confined: {error.strerror or error}.") from error


def _assert_one_thread() -> None:
    # Each thread is one more link of this folder, which can be asked for even where it can't be opened.
    try:
        threads = os.stat("/proc/self/task").st_nlink - 2
    except FileNotFoundError:
        raise NotConfined("This process can't be confined: /proc isn't there.") from None
    if threads != 1:
        raise NotConfined(f"This process can't be confined: it has {threads} threads already.")


def _library(rules: Stage1) -> tuple[Grant, ...]:
    """Return what every Python program with libraries reads."""
    prefixes = dict.fromkeys((sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix))
    found = [os.path.join(prefix, name) for prefix in prefixes for name in _PREFIX_FOLDERS]
    found += [path for path in sys.path if os.path.isabs(path)]
    private = [os.path.realpath(path) for path in rules.private]
    paths = dict.fromkeys(path for path in found if not _holds(path, private))
    packages = (rules.packages,) if rules.packages else ()
    readable = [*_SYSTEM, *(_NETWORK if rules.network else ()), *paths, _PACKAGE, *packages]
    return (*(Grant(path, READ) for path in readable), Grant("/dev/null", READ | WRITE_FILE))


def _holds(folder: str, private: list[str]) -> bool:
    real = os.path.realpath(folder)
    return any(path == real or path.startswith(real.rstrip("/") + "/") for path in private)
