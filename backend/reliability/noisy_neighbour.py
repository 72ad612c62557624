"""Pipelines that crash, hang, leak, fork and flood beside good ones, and what that costs these.

Wrong is: a good call failed or was answered wrongly, an error isn't documented or names the wrong step, anything is
left behind, the good pipeline's p99 is more than three times what it is alone, or memory grows.
"""

from __future__ import annotations

from pathlib import Path

from reliability.row import Asked, Outcome, Row, main
from reliability.run import Limits, Run

_SLOWER = 3.0
_GROWTH_MIB = 8.0


def measure(asked: Asked, folder: Path) -> Outcome:
    """Call all of them for ten minutes, in short for two."""
    seconds, idle_s = (600.0, 30.0) if asked.full else (120.0, 20.0)
    limits = Limits(slower=_SLOWER, growth_mib=_GROWTH_MIB, recovery_ms=1000.0)
    report = Run(folder).report(idle_s=idle_s, seconds=seconds, limits=limits)
    reached = f"{seconds:.0f} s: {len(report.wrongs)} wrongs, p99 {report.slower:.2f}x idle"
    return Outcome(reached, report.wrongs, report.figures)


ROW = Row("noisy neighbour", "10 minutes of hostile calls: the other pipeline has 0 errors, p99 <= 3x idle", measure)

if __name__ == "__main__":
    main(ROW)
