"""Measures all rows one after the other and prints one table: what was promised, what was reached, ok or BAD.

The exit status is 1 if one is BAD. Each row runs in a process of its own, as `python -m reliability.<module>`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

from reliability.row import Outcome, Row

ROWS = (
    "store_kills",
    "store_kills_postgres",
    "store_faults",
    "hostile_scripts",
    "noisy_neighbour",
    "recovery",
    "bad_models",
    "bad_requests",
    "routes",
    "slow_clients",
    "overload",
    "crossed_answers",
)
"""The modules, in the order of the table."""

_WIDTHS = (18, 44, 56)


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make reliability", description=__doc__)
    parser.add_argument("--long", action="store_true", help="the full forms, which take hours")
    parser.add_argument("--rows", default="", help=f"only these, by comma: {', '.join(ROWS)}")
    options = parser.parse_args()
    wanted = options.rows.split(",") if options.rows else ROWS
    if unknown := set(wanted) - set(ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}")
    chosen = [name for name in ROWS if name in wanted]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    began = time.monotonic()
    told = []
    for name in chosen:
        print(f"--- {name}", flush=True)
        told.append((_row(name), _outcome(name, full=options.long)))
    print("\n" + _line("row", "goal", "reached", "") + "\n" + "-" * (sum(_WIDTHS) + 9))
    for row, outcome in told:
        print(_line(row.name, row.goal, outcome.reached, "BAD" if outcome.wrongs else "ok"))
    print(f"{time.monotonic() - began:.0f} s")
    sys.exit(any(outcome.wrongs for _, outcome in told))


def _row(name: str) -> Row:
    row: Row = importlib.import_module(f"reliability.{name}").ROW
    return row


def _outcome(name: str, *, full: bool) -> Outcome:
    with tempfile.TemporaryDirectory(prefix="sluice-reliability-") as folder:
        told = Path(folder, "told.json")
        command: list[str | Path] = [
            sys.executable,
            "-m",
            f"reliability.{name}",
            "--told",
            told,
            *(["--long"] if full else []),
        ]
        process = subprocess.Popen(command)
        try:
            status = process.wait()
        finally:
            process.terminate()  # if it isn't over: it ends its servers
            process.wait()
        if not told.exists():
            return Outcome("nothing: it broke off", [f"ended with status {status}"])
        return Outcome(**json.loads(told.read_text()))


def _line(*cells: str) -> str:
    """Return a line of the table, over as many lines as the longest cell needs."""
    columns = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, _WIDTHS, strict=False)]
    lines = []
    for turn in range(max(map(len, columns))):
        parts = [
            (column[turn] if turn < len(column) else "").ljust(width)
            for column, width in zip(columns, _WIDTHS, strict=True)
        ]
        lines.append(" | ".join([*parts, "" if turn else cells[-1]]).rstrip())
    return "\n".join(lines)


if __name__ == "__main__":
    main()
