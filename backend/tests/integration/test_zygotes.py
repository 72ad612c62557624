"""Forked workers that share a model are cheap and exact, and nothing is left of those that are killed."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytestmark = pytest.mark.alone

# A few in every run of the tests; what the documentation claims where there is time. A worker takes 5.2 to 5.4 MiB,
# whatever the model's size.
FEW = ("--megabytes", "60", "--goal", "8", "--runs", "300", "--respawns", "50")
MANY = ("--megabytes", "200", "--goal", "8", "--runs", "10000", "--respawns", "1000")


@pytest.mark.parametrize("amount", [FEW, pytest.param(MANY, marks=pytest.mark.slow)], ids=["few", "many"])
def test_workers_are_cheap_exact_and_replaced(amount: tuple[str, ...]) -> None:
    proof = subprocess.run([sys.executable, "-m", "benchmarks.zygotes", *amount], capture_output=True, text=True)
    assert proof.returncode == 0, proof.stdout + proof.stderr
