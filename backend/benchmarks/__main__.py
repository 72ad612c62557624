"""Prints how fast the server is, beside the machine's limit and plain FastAPI.

python -m benchmarks [--rows 'tiny;image'] [--rounds 3] [--seconds 3] [--json FILE] [--strict]
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
import tempfile
from pathlib import Path

from benchmarks.alone import measure_cold_start, measure_large_worker, measure_memory
from benchmarks.load_session import measure_load
from benchmarks.models import make_files
from benchmarks.report import Results
from benchmarks.rows import COLD_START, EXTRA_WORKER, LARGE_WORKER, LOAD, MEMORY, OTHERS, Goal, Limit


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    names = [row.name for row in LOAD] + list(OTHERS)
    parser.add_argument("--rows", default="", help=f"beginnings of names, by semicolon, of: {'; '.join(names)}")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured (5)")
    parser.add_argument("--seconds", type=int, default=2, help="how long each time (2)")
    parser.add_argument("--json", type=Path, help="also writes each measurement as a line of JSON to this file")
    parser.add_argument(
        "--strict",
        action="store_true",
        help="exit status 1 where a goal is missed by a fifth or more, or what can be reached of it",
    )
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # so that every server is ended

    wanted = [part.strip() for part in options.rows.split(";") if part.strip()] or [""]
    chosen = [name for name in names if any(name.startswith(part) for part in wanted)]
    if not chosen:
        parser.error(f"no row is named like that; there are: {'; '.join(names)}")
    with contextlib.ExitStack() as stack:
        lines = stack.enter_context(options.json.open("w")) if options.json else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sluice-bench-")))
        results = Results(lines)
        results.note(f"When it began, {os.getloadavg()[0]:.1f} processes wanted the {os.cpu_count()} cores already.")
        if os.geteuid():
            results.note("The client waited for the CPU as everything else did: only root lets it go first.")
        make_files(folder)
        load = [row for row in LOAD if row.name in chosen]
        measure_load(load, folder, options.rounds, options.seconds, results)
        memory = [name for name in (MEMORY, EXTRA_WORKER) if name in chosen]
        if memory:
            measure_memory(memory, folder, options.rounds, options.seconds, results)
        if LARGE_WORKER in chosen:
            measure_large_worker(folder, options.rounds, results)
        if COLD_START in chosen:
            measure_cold_start(folder, options.rounds, results)
    shown: dict[str, tuple[tuple[Goal, ...], Limit | None]] = {row.name: (row.goals, row.limit) for row in load}
    shown |= {name: (goals, None) for name, goals in OTHERS.items() if name in chosen}
    print("\n" + results.table(shown))
    if options.strict and (missed := results.missed(shown)):
        sys.exit("\n".join(["\nMissed:", *missed]))


if __name__ == "__main__":
    main()
