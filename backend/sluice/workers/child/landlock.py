"""Landlock: which files, TCP ports and processes this process can reach, held by the kernel.

Source: linux/landlock.h; Documentation/userspace-api/landlock.rst.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import struct
from collections.abc import Iterable
from dataclasses import dataclass

from sluice.workers.child.syscalls import NUMBERS

_VERSION = 1  # LANDLOCK_CREATE_RULESET_VERSION
_PATH_BENEATH = 1  # LANDLOCK_RULE_PATH_BENEATH
_NET_PORT = 2  # LANDLOCK_RULE_NET_PORT
_TCP = 0b11  # bind and connect
_CONNECT = 0b10
_SCOPED = 0b11  # abstract Unix sockets and signals

_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_REMOVE_DIR = 1 << 4
_REMOVE_FILE = 1 << 5
_MAKE_DIR = 1 << 7
_MAKE_REG = 1 << 8
_MAKE_SYM = 1 << 12
_REFER = 1 << 13
_TRUNCATE = 1 << 14
_ON_A_FILE = 1 | _WRITE_FILE | _READ_FILE | _TRUNCATE

READ = _READ_FILE | _READ_DIR
WRITE_FILE = _WRITE_FILE
READ_WRITE = (
    READ | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_SYM | _REFER | _TRUNCATE
)  # fmt: skip

# All rights that a version knows; what isn't granted by a rule is refused.
_KNOWN = {1: 1 << 13, 2: 1 << 14, 3: 1 << 15, 4: 1 << 15}
_KNOWN_NOW = 1 << 16

KNOWS_PORTS = 4
"""The first version that can tell one TCP port from another; Linux 6.7 has it."""

_libc = ctypes.CDLL(None, use_errno=True)
_libc.syscall.restype = ctypes.c_long


@dataclass(frozen=True)
class Grant:
    """Lets a file, or a folder with all in it, be used."""

    path: str
    access: int


def abi() -> int:
    """Return the kernel's Landlock version; 0 where it has none, or has it switched off."""
    found: int = _libc.syscall(_number("landlock_create_ruleset"), None, ctypes.c_size_t(0), _VERSION)
    return max(found, 0)


def restrict(grants: Iterable[Grant], version: int, *, ports: Iterable[int] | None) -> None:
    """Confine this thread, and what it starts, to the granted paths; can't be undone.

    A granted path that doesn't exist is left out. Signals and abstract Unix sockets are confined to processes that are
    confined here too, as far as the version has it. `no_new_privs` must be set.

    Args:
        grants: the paths.
        version: newest to use, at least 1.
        ports: to which TCP may connect, and nothing may be bound; None leaves TCP as it is. Known from version 4 on.

    Raises:
        OSError: the kernel refused.
    """
    fs = _KNOWN.get(version, _KNOWN_NOW) - 1
    fields = [fs]
    if version >= KNOWS_PORTS:
        fields.append(0 if ports is None else _TCP)
    if version >= 6:
        fields.append(_SCOPED)
    attributes = struct.pack(f"={len(fields)}Q", *fields)
    ruleset = _call("landlock_create_ruleset", attributes, ctypes.c_size_t(len(attributes)), 0)
    try:
        for grant in grants:
            _add(ruleset, grant, fs)
        for port in ports or () if version >= KNOWS_PORTS else ():
            _call("landlock_add_rule", ruleset, _NET_PORT, struct.pack("=QQ", _CONNECT, port), 0)
        _call("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)


def _add(ruleset: int, grant: Grant, known: int) -> None:
    try:
        descriptor = os.open(grant.path, os.O_PATH | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return
    try:
        access = grant.access & known
        if not stat.S_ISDIR(os.fstat(descriptor).st_mode):
            access &= _ON_A_FILE
        if access:
            _call("landlock_add_rule", ruleset, _PATH_BENEATH, struct.pack("=Qi", access, descriptor), 0)
    finally:
        os.close(descriptor)


def _number(name: str) -> int:
    number = NUMBERS[name][0]  # the same on every machine
    assert number is not None
    return number


def _call(name: str, *arguments: int | bytes | ctypes.c_size_t) -> int:
    result: int = _libc.syscall(_number(name), *arguments)
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {errno.errorcode.get(code, code)}")
    return result
