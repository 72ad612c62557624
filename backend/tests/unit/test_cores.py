"""How many cores may be used."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sluice.workers.cores import available_cores, cores_within, workers_fitting


@pytest.mark.parametrize(
    ("affinity", "cpu_max", "cores"),
    [
        (1, "max 100000", 1),
        (2, "max", 2),
        (64, "max 100000", 64),
        (64, "400000 100000", 4),
        (64, "150000 100000", 1),
        (2, "50000 100000", 1),
        (2, "800000 100000", 2),
        (4, "", 4),
        (0, "max 100000", 1),
        (4, "100000 0", 4),
    ],
)
def test_cores(affinity: int, cpu_max: str, cores: int) -> None:
    assert cores_within(affinity, cpu_max) == cores


def laid_out(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({}, 64),
        ({"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/cpu.max": "400000 100000\n"}, 4),
        (
            {
                "proc/self/cgroup": "0::/plant.slice/sluice.service\n",
                "sys/fs/cgroup/plant.slice/cpu.max": "300000 100000\n",
                "sys/fs/cgroup/plant.slice/sluice.service/cpu.max": "max 100000\n",
            },
            3,
        ),
        # A container with the host's path, but its own cgroup mounted.
        ({"proc/self/cgroup": "0::/docker/0123\n", "sys/fs/cgroup/cpu.max": "200000 100000\n"}, 2),
        (
            {
                "proc/self/cgroup": "5:memory:/a\n4:cpu,cpuacct:/a/b\n1:name=systemd:/a\n0::/\n",
                "sys/fs/cgroup/cpu/a/cpu.cfs_quota_us": "500000\n",
                "sys/fs/cgroup/cpu/a/cpu.cfs_period_us": "100000\n",
                "sys/fs/cgroup/cpu/a/b/cpu.cfs_quota_us": "-1\n",
                "sys/fs/cgroup/cpu/a/b/cpu.cfs_period_us": "100000\n",
            },
            5,
        ),
        ({"proc/self/cgroup": "0::/../../elsewhere\nnonsense\n"}, 64),
    ],
)
def test_the_least_quota_of_all_cgroups_counts(tmp_path: Path, files: dict[str, str], cores: int) -> None:
    assert available_cores(laid_out(tmp_path, files), affinity=64) == cores


@pytest.mark.parametrize(("cores", "threads", "workers"), [(1, 1, 1), (1, 2, 1), (2, 1, 2), (64, 3, 21), (64, 64, 1)])
def test_workers_fit_the_cores(cores: int, threads: int, workers: int) -> None:
    assert workers_fitting(cores, threads) == workers


def test_this_machine_has_a_core() -> None:
    assert 1 <= available_cores() <= len(os.sched_getaffinity(0))
