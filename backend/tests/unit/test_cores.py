"""How many cores may be used."""

from __future__ import annotations

import pytest

from sluice.workers.cores import cores_within


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
