"""How soon after its deadline a call is ended, and how soon after that its pipeline serves again."""

from __future__ import annotations

import itertools
import time
from dataclasses import replace
from pathlib import Path

from benchmarks.client import Client, p99, spread
from benchmarks.load import Target
from benchmarks.sluice_server import sluice_server
from reliability.callers import question
from reliability.deeds import LATE, ROGUES, Deed, Rogue
from reliability.journal import Journal
from reliability.judging import outcome, shown
from reliability.pipelines import add_rogues
from reliability.row import Asked, Outcome, Row, main

_DEADLINE_S = 0.5
_MOST_LATE_MS = 100.0
_MOST_UNTIL_SERVING_MS = 1000.0


class _Measuring:
    """One pipeline that hangs."""

    def __init__(self, rogue: Rogue, target: Target, journal: Journal) -> None:
        self._rogue = rogue
        self._client = Client(target)
        self._journal = journal
        self._numbers = itertools.count(1)
        self.late_ms: list[float] = []
        self.serving_ms: list[float] = []

    def do(self, deed: Deed) -> None:
        """Let it hang once."""
        body, _ = question(self._rogue, deed, next(self._numbers))
        answer = self._client.ask(body)
        begin = time.perf_counter()
        if outcome(answer) != LATE:
            self._journal.wrong(f"{deed.name} wasn't ended at its deadline", shown(answer))
        self.late_ms.append(answer.took_ms - _DEADLINE_S * 1e3)
        body, right = question(self._rogue, None, next(self._numbers))
        after = self._client.ask(body)
        self.serving_ms.append((time.perf_counter() - begin) * 1e3)
        if after.body != right:
            self._journal.wrong(f"after {deed.name} a good call failed", shown(after))


def measure(asked: Asked, folder: Path) -> Outcome:
    """Let each way to hang happen three times, in full a hundred times."""
    journal = Journal()
    rogues = [
        replace(rogue, policy={**rogue.policy, "deadlineS": _DEADLINE_S})
        for rogue in ROGUES
        if rogue.name in ("hanging", "endless")
    ]
    with sluice_server(folder / "data") as server:
        targets = add_rogues(server, rogues, folder)
        measuring = [_Measuring(rogue, targets[rogue.name], journal) for rogue in rogues]
        times = 100 if asked.full else 3
        for (rogue, measured), _ in itertools.product(zip(rogues, measuring, strict=True), range(times)):
            for deed in rogue.deeds:
                measured.do(deed)
    late_ms = [late for measured in measuring for late in measured.late_ms]
    serving_ms = [took for measured in measuring for took in measured.serving_ms]
    if max(late_ms) > _MOST_LATE_MS:
        journal.wrong(f"a call was ended {max(late_ms):.0f} ms after its deadline")
    if max(serving_ms) > _MOST_UNTIL_SERVING_MS:
        journal.wrong(f"a pipeline served again after {max(serving_ms):.0f} ms only")
    reached = (
        f"{len(late_ms)} kills: ended at most {max(late_ms):.0f} ms late (p99 {p99(late_ms):.0f}), "
        f"serving after {max(serving_ms):.0f} ms (p99 {p99(serving_ms):.0f})"
    )
    return Outcome(reached, journal.wrongs(), [f"late: {spread(late_ms)}", f"serving again: {spread(serving_ms)}"])


ROW = Row("kill and recovery", "at most 100 ms past the deadline; serving again within 1 s", measure)

if __name__ == "__main__":
    main(ROW)
