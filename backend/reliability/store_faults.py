"""Faults at every system call of uploads, replacements and deletions, and bugs that must be found by that.

At each call that touches the data folder the process is killed, or the call fails with ENOSPC or EIO. Wrong is: an
acknowledged change is lost, a row has no whole file, a file has no row after the next start, the database is broken,
an error is swallowed, or the next start fails. Then bugs are planted, one after the other, and each must be found.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reliability.row import Asked, Outcome, Row, main
from reliability.store import strace
from reliability.store.left import possible, violations
from reliability.store.ordering import unsafe
from reliability.store.planted import PLANTED
from reliability.store.strace import Call, NotPermitted

_MAY_FAIL = {
    "ENOSPC": {"openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "ftruncate"},
    "EIO": {
        *("openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "ftruncate"),
        *("read", "pread64", "unlink", "close"),
    },
}
_MUST_BE_TOLD = {"write", "pwrite64", "fsync", "fdatasync", "rename"}
_EVERY = 12
_EVERY_PLANTED = 5

Trial = tuple[Call, str]
Plant = Callable[[], None]


class Faults:
    """Does the trials in a folder.

    Attributes:
        counts: trials by fault.
    """

    def __init__(self, folder: Path) -> None:
        self._data = folder / "data"
        self._log = folder / "strace.log"
        self.counts: Counter[str] = Counter()

    def undisturbed(self, plant: Plant | None = None) -> tuple[list[Call], list[str]]:
        """Do the deeds without a fault; return the calls that may be disturbed, and what was wrong."""
        self._clear()
        calls, told = strace.all_calls(self._data, self._log, plant)
        wrongs = [f"without a fault a deed was told as {text}" for text in told if text != "done"]
        return calls, [*wrongs, *unsafe(calls), *self._left(told, plant)]

    def disturbed(self, trial: Trial, *, in_time: bool, plant: Plant | None = None) -> list[str]:
        """Return what was wrong after one fault.

        Args:
            trial: the call and its fault.
            in_time: whether deeds are still to be told, so that an error has to be.
            plant: makes a bug.
        """
        call, fault = trial
        self._clear()
        told = strace.disturbed(self._data, call, fault, plant)
        self.counts[fault] += 1
        wrongs = self._left(told, plant)
        if fault != "KILL" and in_time and call.name in _MUST_BE_TOLD and all(text == "done" for text in told):
            wrongs.append("an error was swallowed")
        return [f"{fault} at {call.name} {call.number} ({_short(call, self._data)}): {wrong}" for wrong in wrongs]

    def found(self, plant: Plant, every: int) -> str | None:
        """Return by what a planted bug is found first, or None."""
        calls, wrongs = self.undisturbed(plant)
        if wrongs:
            return wrongs[0]
        for trial, in_time in _trials(calls, every, main_thread_first=True):
            if wrongs := self.disturbed(trial, in_time=in_time, plant=plant):
                return wrongs[0]
        return None

    def _left(self, told: Sequence[str], plant: Plant | None) -> list[str]:
        return strace.in_fork(lambda: violations(self._data, possible(list(told))), plant)

    def _clear(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)


def _trials(calls: Sequence[Call], every: int, *, main_thread_first: bool = False) -> Iterator[tuple[Trial, bool]]:
    """Return what to disturb by which fault, and whether deeds are still to be told afterwards."""
    last = max((place for place, call in enumerate(calls) if call.tells), default=0)
    trials = [
        ((call, fault), place < last)
        for place, call in enumerate(calls)
        if not call.tells
        for fault in ("KILL", *_MAY_FAIL)
        if fault == "KILL" or call.name in _MAY_FAIL[fault]
    ]
    if main_thread_first:
        mains = [trial for trial in trials if trial[0][0].thread == 0]
        trials = [*mains, *[trial for trial in trials if trial[0][0].thread]]
    return iter(trials[::every])


def _short(call: Call, data: Path) -> str:
    return call.arguments.replace(str(data), "")[:120]


def measure(asked: Asked, folder: Path) -> Outcome:
    """Disturb every call by every fault; in short each twelfth of these."""
    return tried(folder, 1, 1) if asked.full else tried(folder, _EVERY, _EVERY_PLANTED)


def tried(folder: Path, every: int, every_planted: int, planted: Sequence[str] = tuple(PLANTED)) -> Outcome:
    """Disturb calls, and look for bugs.

    Args:
        folder: empty.
        every: how many trials one stands for.
        every_planted: likewise, when a planted bug is looked for.
        planted: which bugs.
    """
    faults = Faults(folder)
    try:
        strace.check_permitted()
        calls, wrongs = faults.undisturbed()
    except NotPermitted as error:
        return Outcome("nothing: no process may be traced", [str(error)])
    for trial, in_time in _trials(calls, every):
        wrongs += faults.disturbed(trial, in_time=in_time)
    counts = dict(faults.counts)
    figures = [f"{len(calls)} system calls; trials: {counts}"]
    missed = []
    for name in planted:
        found = faults.found(PLANTED[name], every_planted)
        figures.append(f"planted, {name}: {found or 'NOT FOUND'}")
        if found is None:
            missed.append(f"a planted bug wasn't found: {name}")
    caught = f"{len(planted) - len(missed)} of {len(planted)} planted bugs found"
    reached = f"{sum(counts.values())} faults at {len(calls)} system calls: {len(wrongs)} violations; {caught}"
    return Outcome(reached, [*wrongs, *missed], figures)


ROW = Row(
    "faults in the store",
    "KILL, ENOSPC and EIO at every system call of an upload: 0 violations, restart works; planted bugs are caught",
    measure,
)

if __name__ == "__main__":
    main(ROW)
