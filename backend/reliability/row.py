"""A row of the table of figures: what is promised, and a command that shows how far it is held.

Each row is a module with a `ROW`, which `python -m reliability.<module>` measures by itself, `--long` in full. To add
one, write such a module and name it in `__main__.ROWS`.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Outcome:
    """What came of a row.

    Attributes:
        reached: the figures that the goal speaks of, in one line; says how much was done for them.
        wrongs: everything that mustn't be; empty is ok.
        figures: further lines for people.
    """

    reached: str
    wrongs: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Asked:
    """How a row is to be measured.

    Attributes:
        full: in full, or in short.
        seed: of what is left to chance; the same does the same again, and a row that leaves anything to it names it.
    """

    full: bool
    seed: int


@dataclass(frozen=True)
class Row:
    """One promise.

    Attributes:
        name: what it is about.
        goal: what is to be reached by its full form; the short one does less of the same, and holds it to the same.
        measure: does it, in an empty folder.
    """

    name: str
    goal: str
    measure: Callable[[Asked, Path], Outcome]


def measured(row: Row, asked: Asked) -> Outcome:
    """Return what comes of a row, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="sluice-reliability-") as folder:
        return row.measure(asked, Path(folder))


def main(row: Row) -> None:
    """Measure one row as the command line says; the exit status is 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=f"{row.name}: {row.goal}")
    parser.add_argument("--long", action="store_true", help="the full form, which may take hours")
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 31), help="of an earlier time, to repeat it")
    parser.add_argument("--told", type=Path, help=argparse.SUPPRESS)  # where the outcome is left as JSON
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))  # so that servers are ended
    began = time.monotonic()
    outcome = measured(row, Asked(options.long, options.seed))
    if not options.told:
        print("\n".join(outcome.figures))
    print("\n".join(f"BAD  {wrong}" for wrong in outcome.wrongs) or "ok   nothing is wrong")
    print(f"{row.name}: {outcome.reached} ({time.monotonic() - began:.0f} s)")
    if options.told:
        options.told.write_text(json.dumps(asdict(outcome)))
    sys.exit(bool(outcome.wrongs))
