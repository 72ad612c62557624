"""The short forms of `reliability.store_faults` and `reliability.store_kills`, on a few faults and kills."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from reliability import store_kills
from reliability.store import strace

BACKEND = Path(__file__).parents[2]
# In a process of its own, for it forks, which takes a process of one thread.
FAULTS = """
import json, sys
from pathlib import Path
from reliability.store_faults import tried
outcome = tried(Path(sys.argv[1]), 70, 3, ("no fsync", "row before file", "shared files go"))
print(json.dumps([outcome.reached, outcome.wrongs]))
"""


def test_a_fault_at_any_system_call_costs_nothing_acknowledged_and_planted_bugs_are_found(tmp_path: Path) -> None:
    try:
        strace.check_permitted()
    except strace.NotPermitted as error:
        pytest.skip(str(error))
    command = [sys.executable, "-c", FAULTS, str(tmp_path)]
    done = subprocess.run(command, cwd=BACKEND, capture_output=True, text=True, check=False, timeout=240)
    assert done.returncode == 0, done.stderr
    reached, wrongs = json.loads(done.stdout)
    assert wrongs == []
    assert "0 violations; 3 of 3 planted bugs found" in reached


def test_kill_minus_nine_of_the_server_costs_nothing_acknowledged(tmp_path: Path, database_url: str | None) -> None:
    outcome = store_kills.killed(2, tmp_path, seed=1, url=database_url)
    assert outcome.wrongs == []
    assert outcome.reached.startswith("2 kills, ")
