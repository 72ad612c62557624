"""How many cores this process may really use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_NO_QUOTA = "max"


def available_cores(root: Path = Path("/"), affinity: int | None = None) -> int:
    """Return the cores of the affinity mask, or fewer where a cgroup's quota allows less; at least 1.

    Args:
        root: of the file system that tells of cgroups.
        affinity: cores that the scheduler may use; this process's, if None.
    """
    usable = len(os.sched_getaffinity(0)) if affinity is None else affinity
    return min(cores_within(usable, quota) for quota in (_NO_QUOTA, *cgroup_quotas(root)))


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


def cgroup_quotas(root: Path) -> Iterator[str]:
    """Yield the quota of this process's cgroup and of each one above it, as `cpu.max` has it.

    In a container its own cgroup is usually the mounted root. Where it isn't, `/proc/self/cgroup` has the path, seen
    from the host: what of it isn't there is passed over.

    Source: Linux, Documentation/scheduler/sched-bwc.rst, "Management", for version 1.
    """
    mount = root / "sys/fs/cgroup"
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and "cpu" not in controllers.split(","):
            continue
        top = mount / "cpu" if controllers else mount
        at = top / path.lstrip("/")
        for folder in (at, *at.parents):
            if not folder.is_relative_to(top):
                break
            yield _quota_of_version_1(folder) if controllers else _text(folder / "cpu.max")


def _quota_of_version_1(folder: Path) -> str:
    # A quota of -1 is none.
    return f"{_text(folder / 'cpu.cfs_quota_us').strip()} {_text(folder / 'cpu.cfs_period_us').strip()}"


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
