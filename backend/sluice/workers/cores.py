"""How many cores this process may really use."""

from __future__ import annotations

import os
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")


def available_cores() -> int:
    """Return the cores of the affinity mask, or fewer where a cgroup's quota allows less; at least 1."""
    quota = _QUOTA.read_text() if _QUOTA.exists() else "max"
    return cores_within(len(os.sched_getaffinity(0)), quota)


def workers_fitting(cores: int, threads: int) -> int:
    """Return how many workers of so many threads each fit the cores; at least 1."""
    return max(1, cores // threads)


def cores_within(affinity: int, cpu_max: str) -> int:
    """Return `affinity` bounded by a quota.

    Args:
        affinity: cores that the scheduler may use.
        cpu_max: content of the cgroup's `cpu.max`: microseconds of quota (or `max`) and of period.

    Source: Linux, Documentation/admin-guide/cgroup-v2.rst, "cpu.max".
    """
    quota, _, period = cpu_max.strip().partition(" ")
    if not quota.isdigit() or not period.isdigit() or period == "0":
        return max(1, affinity)
    return max(1, min(affinity, int(quota) // int(period)))
