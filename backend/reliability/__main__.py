"""Runs pipelines that crash, hang, leak, fork and flood beside good ones, and prints what that costs these.

The exit status is 1 if a good call failed or was answered wrongly, an error isn't documented or names the wrong step,
anything is left behind, the good pipeline's p99 is more than three times what it is alone, or memory grows.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from reliability.deeds import ROGUES
from reliability.run import Limits, Run


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make reliability", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="how long all are called (10)")
    parser.add_argument("--idle", type=float, default=30.0, help="seconds that the good ones are called alone (30)")
    parser.add_argument("--rogues", default="", help=f"only these, by comma: {', '.join(r.name for r in ROGUES)}")
    options = parser.parse_args()
    chosen = [rogue for rogue in ROGUES if not options.rogues or rogue.name in options.rogues.split(",")]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # so that the server is ended
    limits = Limits(slower=3.0, growth_mib=8.0, recovery_ms=1000.0)
    with tempfile.TemporaryDirectory(prefix="sluice-reliability-") as name:
        report = Run(Path(name), chosen).report(idle_s=options.idle, seconds=options.minutes * 60, limits=limits)
    print("\n".join(report.figures))
    print("\n".join(f"BAD  {wrong}" for wrong in report.wrongs) or "ok   nothing is wrong")
    sys.exit(bool(report.wrongs))


if __name__ == "__main__":
    main()
