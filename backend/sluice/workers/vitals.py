"""What the kernel tells of a worker, and which limit of its policy that is above."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sluice.workers import scratch
from sluice.workers.child.policy import ScriptPolicy

MIB = 1 << 20
MOST_SCRATCH_ENTRIES = 10_000
# The kernel counts pages for each CPU apart and adds them up late.
_LENIENCE_BYTES = 16 * MIB
_LINES = re.compile(rb"^(RssAnon|RssShmem|VmSwap|Threads):\s+(\d+)", re.MULTILINE)


ExcessKind = Literal["memory-limit", "threads-limit", "scratch-limit"]


@dataclass(frozen=True)
class Vitals:
    """What a worker takes at one moment.

    Attributes:
        memory_bytes: of its own, shared with its zygote, or swapped out; files that it has mapped don't count.
        threads: how many.
        scratch: how full its temporary folder is, if it has one.
    """

    memory_bytes: int
    threads: int
    scratch: scratch.Usage | None = None


@dataclass(frozen=True)
class Excess:
    """A limit that a worker is above.

    Attributes:
        kind: stable word.
        told: what, which limit, its setting and the repair; the end of a sentence that begins with "it".
    """

    kind: ExcessKind
    told: str


@dataclass(frozen=True)
class Patient:
    """Whom to measure.

    Attributes:
        pid: of a worker.
        zygote_pid: of the process whose memory it shares, if that is to be known too.
        scratch: its temporary folder.
        policy: how far that need be counted.
    """

    pid: int
    zygote_pid: int | None
    scratch: Path
    policy: ScriptPolicy


def measure(patient: Patient) -> tuple[Vitals | None, Vitals | None]:
    """Return what a worker and its zygote take; None for what is gone or needn't be known. It reads files."""
    zygote = _vitals_of(patient.zygote_pid) if patient.zygote_pid else None
    usage = None
    if patient.policy.scratch_mb:
        held = scratch.held_open(patient.pid, patient.scratch)
        usage = scratch.usage(patient.scratch, patient.policy.scratch_mb * MIB, MOST_SCRATCH_ENTRIES, held)
    return _vitals_of(patient.pid, usage), zygote


def memory_bytes(processes: Iterable[tuple[int, int | None]]) -> int:
    """Return what workers take together, what several share counted once; it reads files.

    Args:
        processes: the id of each, and that of the process whose memory it shares, as far as they are known.
    """
    total, shared = 0, dict[int, int]()
    for pid, zygote_pid in processes:
        if zygote_pid and zygote_pid not in shared:
            zygote = _vitals_of(zygote_pid)
            shared[zygote_pid] = zygote.memory_bytes if zygote else 0
        if vitals := _vitals_of(pid):
            total += max(0, vitals.memory_bytes - shared.get(zygote_pid or 0, 0))
    return total + sum(shared.values())


def excess_of(vitals: Vitals, shared_bytes: int, policy: ScriptPolicy) -> Excess | None:
    """Return the limit that a worker is above.

    Args:
        vitals: of it.
        shared_bytes: of its memory that was there before any script ran.
        policy: has the limits.
    """
    grown = vitals.memory_bytes - shared_bytes
    if grown > policy.memory_mb * MIB + _LENIENCE_BYTES:
        told = (
            f"it took {grown // MIB} MB of memory beside the loaded model, and may take {policy.memory_mb} "
            "(`memoryMb` of the pipeline, SLUICE_MEMORY_MB for all): use less, or raise that"
        )
        return Excess("memory-limit", told)
    if vitals.threads > policy.threads:
        told = f"it had {vitals.threads} threads, and may have {policy.threads} "
        told += "(`threads` of the pipeline, SLUICE_THREADS for all)"
        return Excess("threads-limit", f"{told}: start fewer, or raise that")
    usage = vitals.scratch
    if usage and usage.over:
        if usage.entries > MOST_SCRATCH_ENTRIES:
            told = f"its temporary folder held more than the {MOST_SCRATCH_ENTRIES} files and folders that it may"
            return Excess("scratch-limit", f"{told}: remove what isn't needed any more")
        if usage.bytes <= policy.scratch_mb * MIB:
            return Excess("scratch-limit", "folders in its temporary folder were nested too deep: use fewer levels")
        told = f"its temporary folder held more than the {policy.scratch_mb} MB that it may "
        told += "(`scratchMb` of the pipeline, SLUICE_SCRATCH_MB for all)"
        return Excess("scratch-limit", f"{told}: remove files that aren't needed any more, or raise that")
    return None


def _vitals_of(pid: int, usage: scratch.Usage | None = None) -> Vitals | None:
    try:
        status = Path(f"/proc/{pid}/status").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    found = {name: int(number) for name, number in _LINES.findall(status)}
    if not found.get(b"RssAnon"):
        return None  # ended, but not reaped
    memory = sum(found.get(name, 0) for name in (b"RssAnon", b"RssShmem", b"VmSwap"))
    return Vitals(memory * 1024, found[b"Threads"], usage)
