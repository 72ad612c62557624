"""Limits that the kernel counts: memory, file sizes, descriptors; and the privileges of root, given up."""

from __future__ import annotations

import ctypes
import os
import resource
import struct

_MB = 1 << 20
_DESCRIPTORS = 256
_STACK_BYTES = 8 * _MB
# Address space beyond what may be written: thread arenas and libraries reserve much more than they use. It only keeps
# the page tables of an endless mapping small, so it is generous.
_RESERVED_BYTES = 16 << 30
_LEAST_FILE_BYTES = _MB  # what a script prints goes to a file too

_PR_SET_NO_NEW_PRIVS = 38
_CAPABILITY_VERSION_3 = 0x20080522
_OOM_SCORE = "900"

_libc = ctypes.CDLL(None, use_errno=True)


def give_up_privileges() -> None:
    """Drop every capability, also those that running another program could bring back.

    Raises:
        OSError: the kernel refused.
    """
    _check(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)")
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    _check(_libc.capset(header, bytes(24)), "capset")


def prefer_for_oom_kill() -> None:
    """Have the kernel end this process, and what it forks, before the server when memory runs out."""
    with open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:
        file.write(_OOM_SCORE)


def no_core_files() -> None:
    """Keep a crash from writing memory to disk.

    1, not 0: a zero isn't honoured by core handlers behind a pipe, and those would hold the dead process for a while.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))


def limit_address_space(memory_mb: int) -> None:
    """Let this process, as a whole, map no more."""
    _lower(resource.RLIMIT_AS, memory_mb * _MB)


def limit_files(largest_mb: int) -> None:
    """Let no file grow beyond this; writing fails with EFBIG."""
    _lower(resource.RLIMIT_FSIZE, max(largest_mb * _MB, _LEAST_FILE_BYTES))


def limit_growth(memory_mb: int, used: tuple[int, int]) -> None:
    """Let this process allocate `memory_mb` on top of what it has, and take few of the kernel's other resources.

    Args:
        memory_mb: private memory that may be written.
        used: bytes of address space and of data, from `memory_used`.
    """
    size, data = used
    _lower(resource.RLIMIT_DATA, data + memory_mb * _MB)
    _lower(resource.RLIMIT_AS, size + memory_mb * _MB + _RESERVED_BYTES)
    _lower(resource.RLIMIT_NOFILE, _DESCRIPTORS)
    soft, _ = resource.getrlimit(resource.RLIMIT_STACK)
    _lower(resource.RLIMIT_STACK, _STACK_BYTES if soft == resource.RLIM_INFINITY else soft)
    for kind in (resource.RLIMIT_MSGQUEUE, resource.RLIMIT_RTPRIO, resource.RLIMIT_NICE):
        _lower(kind, 0)


def memory_used() -> tuple[int, int]:
    """Return this process's bytes of address space, and of private memory that may be written."""
    with open("/proc/self/statm", "rb") as file:
        pages = file.read().split()
    return int(pages[0]) * resource.getpagesize(), int(pages[5]) * resource.getpagesize()


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        value = min(value, hard)
    resource.setrlimit(kind, (value, value))


def _check(result: int, what: str) -> None:
    if result != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{what}: {os.strerror(code)}")
