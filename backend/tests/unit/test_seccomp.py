"""The filters, run here instruction by instruction, answer each call as their rules say, on both machines."""

from __future__ import annotations

import errno
import re
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sluice.workers.child import filters
from sluice.workers.child.seccomp import DONE, Deny, program
from sluice.workers.child.syscalls import MACHINES, NEWEST, NUMBERS, Machine

ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000
PID = 4711
STAGES = {
    "one": lambda: filters.stage_one(network=False, may_fork=True, landlock_abi=7),
    "one with network": lambda: filters.stage_one(network=True, may_fork=True, landlock_abi=7),
    "one of an inspector": lambda: filters.stage_one(network=False, may_fork=False, landlock_abi=1),
    "two": lambda: filters.stage_two(PID),
    "two with ports": lambda: filters.stage_two(PID, ports_only=True),
}
# Calls that libraries and Python itself make all the time.
HARMLESS = {
    "x86_64": {"read": 0, "write": 1, "openat": 257, "futex": 202, "mmap": 9, "exit_group": 231, "getrandom": 318},
    "aarch64": {"read": 63, "write": 64, "openat": 56, "futex": 98, "mmap": 222, "exit_group": 94, "getrandom": 278},
}


def answer(filter_program: bytes, machine: Machine, number: int, *arguments: int) -> int:
    """Return what the kernel would do with a call."""
    data = struct.pack("=IIQ6Q", number, machine.audit, 0, *(*arguments, 0, 0, 0, 0, 0, 0)[:6])
    code = list(struct.iter_unpack("=HBBI", filter_program))
    at, accumulator = 0, 0
    while True:
        operation, if_true, if_false, value = code[at]
        at += 1
        match operation:
            case 0x20:
                (accumulator,) = struct.unpack_from("=I", data, value)
            case 0x54:
                accumulator &= value
            case 0x05:
                at += value
            case 0x15:
                at += if_true if accumulator == value else if_false
            case 0x25:
                at += if_true if accumulator > value else if_false
            case 0x35:
                at += if_true if accumulator >= value else if_false
            case 0x06:
                return int(value)
            case _:
                raise AssertionError(f"no such instruction: {operation:#x}")


def expected(rules: list[Deny], arguments: tuple[int, ...]) -> int:
    for rule in rules:
        if rule.argument is None:
            return ERRNO | rule.error
        value = arguments[rule.argument] & rule.mask
        if (value in rule.only) if rule.only else (value not in rule.unless):
            return ERRNO | rule.error
    return ALLOW


def telling_arguments(rules: list[Deny]) -> Iterator[tuple[int, ...]]:
    """Yield arguments at which some rule changes its mind, with rubbish in the upper halves too."""
    yield (0,) * 6
    for rule in rules:
        if rule.argument is not None:
            for value in (*rule.only, *rule.unless):
                for shown in (value, value + 1, value ^ 0x80, value | 1 << 40, 0xFFFFFFFF):
                    yield tuple(shown if index == rule.argument else 0 for index in range(6))
                    yield tuple(shown if index == rule.argument else PID for index in range(6))


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES.keys())
@pytest.mark.parametrize("stage", STAGES)
def test_each_rule_is_what_the_program_does(machine: Machine, stage: str) -> None:
    rules = list(STAGES[stage]())
    built = program(rules, machine)
    for name in {rule.call for rule in rules}:
        number = NUMBERS[name][machine.column]
        if number is not None:
            own = [rule for rule in rules if rule.call == name]
            for arguments in telling_arguments(own):
                assert answer(built, machine, number, *arguments) == expected(own, arguments), (name, arguments)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("stage", STAGES)
def test_all_other_calls_pass(machine: str, stage: str) -> None:
    rules = list(STAGES[stage]())
    built = program(rules, MACHINES[machine])
    ruled = {NUMBERS[rule.call][MACHINES[machine].column] for rule in rules}
    for number in range(NEWEST + 1):
        if number not in ruled:
            assert answer(built, MACHINES[machine], number) == ALLOW
    for name, number in HARMLESS[machine].items():
        assert answer(built, MACHINES[machine], number, 0, 0, 0, 2) == ALLOW, name


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES.keys())
def test_unknown_calls_and_other_machines(machine: Machine) -> None:
    built = program([], machine)
    other = next(one for one in MACHINES.values() if one is not machine)
    assert answer(built, machine, NEWEST + 1) == ERRNO | errno.ENOSYS
    assert answer(built, machine, 0x40000000 | 39) == KILL
    assert answer(built, Machine(0x40000003, 0), 1) == KILL  # the 32-bit calls of x86
    assert answer(built, other, 0) == KILL


def test_a_worker_starts_threads_but_no_process() -> None:
    machine = MACHINES["x86_64"]
    built = program(filters.stage_two(PID), machine)
    thread, child = 0x3D0F00, 0x1200011  # as glibc asks for them
    assert answer(built, machine, 56, thread) == ALLOW
    assert answer(built, machine, 56, child) == ERRNO | errno.EPERM
    assert answer(built, machine, 62, PID) == ALLOW
    assert answer(built, machine, 62, 0xFFFFFFFF) == ERRNO | errno.EPERM  # kill(-1)
    assert answer(built, machine, 90) == ERRNO | DONE


def test_a_zygote_may_fork_but_not_into_namespaces() -> None:
    machine = MACHINES["x86_64"]
    built = program(filters.stage_one(network=False, may_fork=True, landlock_abi=7), machine)
    assert answer(built, machine, 56, 0x1200011) == ALLOW
    for namespace in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert answer(built, machine, 56, namespace | 0x11) == ERRNO | errno.EPERM


def test_programs_are_short() -> None:
    """Few instructions run at each call: a search, not a list."""
    built = program(filters.stage_one(network=False, may_fork=True, landlock_abi=7), MACHINES["x86_64"])
    assert len(built) // 8 < 1000


@pytest.mark.parametrize("machine", MACHINES)
def test_numbers_are_those_of_the_kernels_headers(machine: str) -> None:
    known = _header(machine)
    column = MACHINES[machine].column
    newest_known = max(known.values())
    for name, numbers in NUMBERS.items():
        number = numbers[column]
        if number is not None and number > newest_known:
            assert numbers[0] == numbers[1]  # calls that are newer than the header have one number everywhere
        else:
            assert known.get(name) == number, name


def _header(machine: str) -> dict[str, int]:
    """Return the numbers in the headers of `linux-libc-dev`."""
    if machine == "x86_64":
        path = Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h")
        lines = path.read_text().splitlines() if path.exists() else []
    else:
        path = Path("/usr/include/asm-generic/unistd.h")
        lines = list(_meant_for_aarch64(path.read_text())) if path.exists() else []
    found = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)$", "\n".join(lines), re.MULTILINE))
    if not found:
        pytest.skip(f"the kernel's headers ({path}) aren't installed")
    return {name: int(value) for name, value in found.items() if name not in ("syscalls", "arch_specific_syscall")}


def _meant_for_aarch64(text: str) -> Iterator[str]:
    """Yield the lines of the generic table that count there, with what arch/arm64/include/uapi/asm/unistd.h defines."""
    wanted = {f"__ARCH_WANT_{name}" for name in "RENAMEAT NEW_STAT SET_GET_RLIMIT SYS_CLONE3 MEMFD_SECRET".split()}
    counts = [True]
    for line in text.splitlines():
        word, _, condition = line.replace("# ", "#").strip().partition(" ")
        match word:
            case "#if":
                terms = [term.strip() for term in condition.split("||")]
                counts.append(any(_holds(term, wanted) for term in terms))
            case "#ifdef" | "#ifndef":
                counts.append((condition.strip() in wanted) == (word == "#ifdef"))
            case "#else":
                counts[-1] = not counts[-1]
            case "#endif":
                counts.pop()
            case _ if all(counts):
                yield line


def _holds(term: str, wanted: set[str]) -> bool:
    if named := re.search(r"defined\(?\s*(\w+)", term):
        return (named[1] in wanted) != term.startswith("!")
    return "__BITS_PER_LONG" not in term or "== 64" in term or "!= 32" in term


def test_the_generic_header_is_read_as_a_compiler_does() -> None:
    if not Path("/usr/include/asm-generic/unistd.h").exists() or not shutil.which("cc"):
        pytest.skip("there are no headers of the kernel, or no compiler")
    wanted = "RENAMEAT NEW_STAT SET_GET_RLIMIT SYS_CLONE3 MEMFD_SECRET".split()
    source = "".join(f"#define __ARCH_WANT_{name}\n" for name in wanted) + "#include <asm-generic/unistd.h>\n"
    done = subprocess.run(
        ["cc", "-E", "-dM", "-x", "c", "-D__BITS_PER_LONG=64", "-"],
        input=source, capture_output=True, text=True, check=True,
    )  # fmt: skip
    compiled = dict(re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)$", done.stdout, re.MULTILINE))
    numbers = {name: int(number) for name, number in compiled.items()}
    assert {name: numbers[name] for name in numbers.keys() - {"syscalls", "arch_specific_syscall"}} == _header(
        "aarch64"
    )
