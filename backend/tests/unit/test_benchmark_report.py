"""What `make bench` says of its goals, and what it fails for where it is to be strict."""

from __future__ import annotations

import pytest

from benchmarks.report import LIMIT, OURS, Results
from benchmarks.rows import LOAD, Goal, Limit

ROW = "a row"
RATE, P99 = Goal("rate", 100), Goal("p99_ms", 10)
SHARE, FAR = Goal("rate", 0.9, of_limit=True), Goal("rate", 0.9, of_limit=True, reachable=0.5)


def judged(goal: Goal, ours: float | None, limit: float | None, usual: float = 200) -> tuple[str, bool]:
    """Return what the table says of a goal, and whether it is told to be missed."""
    results = Results(None)
    if ours is not None:
        results.add(ROW, OURS, {goal.metric: ours})
    if limit is not None:
        results.add(ROW, LIMIT, {"rate": limit})
    rows = {ROW: ((goal,), Limit(usual) if limit else None)}
    line = next(line for line in results.table(rows).splitlines() if _of_limit_or(goal) in line)
    return line.partition(_of_limit_or(goal))[2].strip(), bool(results.missed(rows))


def _of_limit_or(goal: Goal) -> str:
    return "of the limit" if goal.of_limit else {"rate": ">= 100/s", "p99_ms": "<= 10.0 ms"}[goal.metric]


@pytest.mark.parametrize(
    ("goal", "ours", "limit", "verdict", "missed"),
    [
        (RATE, 100, None, "yes", False),
        (RATE, 81, None, "tie", False),
        (RATE, 79, None, "no", True),
        (RATE, 79, 200, "no", True),
        (RATE, 51, 100, "in proportion", False),
        (RATE, 41, 100, "tie", False),
        (RATE, 39, 100, "no", True),
        (P99, 10, None, "yes", False),
        (P99, 11.9, None, "tie", False),
        (P99, 12.1, 200, "no", True),
        (P99, 19, 100, "in proportion", False),
        (P99, 25, 100, "no", True),
        (SHARE, 90, 100, "yes", False),
        (SHARE, 73, 100, "tie", False),
        (SHARE, 71, 100, "no", True),
        (FAR, 50, 100, "no", False),
        (FAR, 41, 100, "no", False),
        (FAR, 39, 100, "no", True),
        (SHARE, 90, None, "not measured", True),
        (RATE, None, 100, "not measured", True),
    ],
)
def test_a_goal_is_reached_or_not(
    goal: Goal, ours: float | None, limit: float | None, verdict: str, missed: bool
) -> None:
    assert judged(goal, ours, limit) == (verdict, missed)


def test_what_was_reached_passes_and_less_does_not() -> None:
    row = LOAD[0]
    for share, missed in ((0.5, 0), (0.35, 1)):  # today's, and that of the first release
        results = Results(None)
        results.add(row.name, OURS, {"rate": share * 28_758, "p99_ms": 5.66})
        results.add(row.name, LIMIT, {"rate": 28_758, "p99_ms": 2.0})
        assert len(results.missed({row.name: (row.goals, row.limit)})) == missed
