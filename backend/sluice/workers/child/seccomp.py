"""seccomp: which system calls this process can make, as a filter program that the kernel runs at each call.

Rules say what is refused; everything else that is known passes, and what is newer than our list doesn't exist.

Source: seccomp(2); linux/filter.h, linux/seccomp.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sluice.workers.child.syscalls import NEWEST, NUMBERS, X32_BIT, Machine

_LOAD = 0x20  # BPF_LD | BPF_W | BPF_ABS
_AND = 0x54  # BPF_ALU | BPF_AND | BPF_K
_IF_EQUAL = 0x15  # BPF_JMP | BPF_JEQ | BPF_K
_IF_ABOVE = 0x25  # BPF_JMP | BPF_JGT | BPF_K
_IF_AT_LEAST = 0x35  # BPF_JMP | BPF_JGE | BPF_K
_JUMP = 0x05  # BPF_JMP | BPF_JA
_RETURN = 0x06  # BPF_RET | BPF_K

_KILL_PROCESS = 0x80000000
_ERRNO = 0x00050000
_ALLOW = 0x7FFF0000

_NUMBER_AT = 0  # in struct seccomp_data
_MACHINE_AT = 4
_ARGUMENTS_AT = 16

_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_MOST_INSTRUCTIONS = 4096

DONE = 0
"""As an error number: the call does nothing and succeeds."""

Instruction = tuple[int, int, int, int]


class Deny(NamedTuple):
    """Refuses one system call: always, or by one argument's lower 32 bits, which is all the kernel reads of those.

    Attributes:
        call: its name.
        error: what the caller is told.
        argument: index of the one to look at; None refuses always.
        mask: applied to it first.
        only: refuse when it is one of these.
        unless: refuse when it is none of these.
    """

    call: str
    error: int = errno.EPERM
    argument: int | None = None
    mask: int = 0xFFFFFFFF
    only: tuple[int, ...] = ()
    unless: tuple[int, ...] = ()


def program(rules: Iterable[Deny], machine: Machine) -> bytes:
    """Return the filter: a call of another machine's numbering kills, a refused one fails, the rest passes."""
    by_number: dict[int, list[Deny]] = {}
    for rule in rules:
        number = NUMBERS[rule.call][machine.column]
        if number is not None:
            by_number.setdefault(number, []).append(rule)
    code: list[Instruction] = [
        (_LOAD, 0, 0, _MACHINE_AT),
        (_IF_EQUAL, 1, 0, machine.audit),
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_IF_AT_LEAST, 0, 1, X32_BIT),  # the third numbering that x86_64 kernels may answer to
        (_RETURN, 0, 0, _KILL_PROCESS),
        (_IF_ABOVE, 0, 1, NEWEST),
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        *_search(sorted(by_number.items())),
    ]
    assert len(code) <= _MOST_INSTRUCTIONS
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in code)


def _search(numbers: Sequence[tuple[int, list[Deny]]]) -> list[Instruction]:
    """Return a binary search over the numbers, so that few instructions run at each call."""
    if len(numbers) <= 4:
        code: list[Instruction] = []
        for number, rules in numbers:
            body = _body(rules)
            code += [(_IF_EQUAL, 0, len(body), number), *body]
        return [*code, (_RETURN, 0, 0, _ALLOW)]
    middle = len(numbers) // 2
    below, rest = _search(numbers[:middle]), _search(numbers[middle:])
    # Jumps on a condition reach 255 instructions only; the unconditional one reaches all.
    return [(_IF_AT_LEAST, 0, 1, numbers[middle][0]), (_JUMP, 0, 0, len(below)), *below, *rest]


def _body(rules: Sequence[Deny]) -> list[Instruction]:
    code: list[Instruction] = []
    for rule in rules:
        refuse = (_RETURN, 0, 0, _ERRNO | rule.error)
        if rule.argument is None:
            return [*code, refuse]
        code += [(_LOAD, 0, 0, _ARGUMENTS_AT + 8 * rule.argument), (_AND, 0, 0, rule.mask)]
        values = rule.only or rule.unless
        # An equal value jumps to the instruction after the next one that isn't a comparison.
        code += [(_IF_EQUAL, len(values) - index, 0, value) for index, value in enumerate(values)]
        if rule.only:
            code.append((_JUMP, 0, 0, 1))
        code.append(refuse)
    return [*code, (_RETURN, 0, 0, _ALLOW)]


def install(filter_program: bytes) -> bool:
    """Bind this process to the filter for good, and all that it starts; False if the kernel has no filters.

    `no_new_privs` must be set. Filters add up: the strictest answer counts, of equal ones the newest.

    Raises:
        OSError: the kernel refused this one.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    buffer = ctypes.create_string_buffer(filter_program, len(filter_program))
    described = struct.pack("@HP", len(filter_program) // 8, ctypes.addressof(buffer))
    if libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, described, 0, 0) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS):
        return False
    raise OSError(code, f"seccomp: {os.strerror(code)}")
