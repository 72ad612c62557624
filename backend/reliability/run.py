"""One run: a real server, good pipelines, harmful ones beside them, and a look at what is left."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from benchmarks.client import p99, spread
from benchmarks.load import Target
from benchmarks.sluice_server import SluiceServer, sluice_server
from reliability.callers import Companion, Flood, Good, GoodCaller, RogueCaller
from reliability.deeds import ROGUES, Rogue
from reliability.disturbing import add_changed, add_killed, remove_disturbed
from reliability.journal import Journal
from reliability.pipelines import PICTURE, SCRIPT_OF, add_good, add_rogues, remove_rogues
from reliability.remains import Remains, processes
from reliability.watching import Watch, growth_mib

_SETTLES_S = 30.0  # longer than what looks at uploads stays
_LAST_CALL_S = 120.0
_BRING_UP_S = 1.0
_BRING_UP_CALLERS = 6

Latencies = dict[str, list[float]]


@dataclass(frozen=True)
class Limits:
    """What may not be passed; what is None isn't looked at.

    Attributes:
        slower: p99 of the pipeline `picture`, as a multiple of what it is without the others.
        growth_mib: of the server's memory and of a good worker's, from the first half of the run to the second.
        recovery_ms: from the loss of a worker to the next good answer, 99 of 100 times.
    """

    slower: float | None = None
    growth_mib: float | None = None
    recovery_ms: float | None = None


@dataclass
class Report:
    """What came of a run.

    Attributes:
        wrongs: everything that mustn't be; empty is good.
        figures: lines for people.
        slower: p99 of the pipeline `picture`, as a multiple of what it is without the others.
    """

    wrongs: list[str] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    slower: float = 0.0


class _Caller(Protocol):
    stopped: threading.Event

    def start(self) -> None: ...
    def join(self, timeout: float) -> None: ...
    def is_alive(self) -> bool: ...


class Run:
    """A server and what is done to it.

    Args:
        folder: empty; for the server's data and all other files.
        rogues: which harmful pipelines.
    """

    def __init__(self, folder: Path, rogues: Sequence[Rogue] = ROGUES) -> None:
        self._folder = folder
        self._data = folder / "data"
        self._rogues = rogues
        self._journal = Journal()
        self._figures: list[str] = []

    def report(self, *, idle_s: float, seconds: float, limits: Limits) -> Report:
        """Do it and return what came of it.

        Args:
            idle_s: how long the good pipelines are called alone at first.
            seconds: how long all are called; each deed is done at least once even if that takes longer.
            limits: beyond what is always wrong.
        """
        with sluice_server(self._data) as server:
            good = add_good(server, self._folder)
            # Not counted: calls without a pause bring up all workers.
            self._call([replace(g, pause_s=0.0, callers=_BRING_UP_CALLERS) for g in good], _BRING_UP_S)
            idle = self._call(good, idle_s)
            before = self._remains(server)
            targets = add_rogues(server, self._rogues, self._folder)
            killed, killer = add_killed(server, self._folder, self._data, self._journal)
            changed, changer = add_changed(server, self._folder, self._journal)
            rogues = [RogueCaller(rogue, targets[rogue.name], self._journal) for rogue in self._rogues]
            companions = [Companion(r, targets[r.name], self._journal) for r in self._rogues if r.companion]
            floods = [flood for rogue in self._rogues for flood in self._floods(server, rogue, targets[rogue.name])]
            watch = Watch(server.process.pid, server.url, self._data, SCRIPT_OF, self._journal)
            with self._running([watch, *companions, *floods, *rogues, killer, changer]):
                busy = self._call([*good, killed, changed], seconds)
            self._check_rogues(server, rogues)
            remove_rogues(server, self._rogues)
            remove_disturbed(server)
            self._check_remains(server, before)
            self._judge(limits, idle, busy, rogues, watch)
            self._check_end(server)
        return Report(self._journal.wrongs(), self._figures, p99(busy[PICTURE]) / p99(idle[PICTURE]))

    def _floods(self, server: SluiceServer, rogue: Rogue, target: Target) -> Sequence[Flood]:
        """Return two callers with one token, that of nobody else."""
        if not rogue.flood:
            return ()
        target = server.as_another(target, f"{rogue.name}-flood")
        return [Flood(rogue, rogue.flood, target, self._journal, first) for first in (1, 1_000_000)]

    def _call(self, good: Sequence[Good], seconds: float) -> Latencies:
        """Return the latencies of good calls by pipeline."""
        callers = [(g.name, GoodCaller(g, self._journal, number)) for g in good for number in range(g.callers)]
        with self._running([caller for _, caller in callers]):
            time.sleep(seconds)
        took_ms: Latencies = defaultdict(list)
        for name, caller in callers:
            took_ms[name] += caller.took_ms
        return took_ms

    @contextmanager
    def _running(self, callers: Sequence[_Caller]) -> Iterator[None]:
        for caller in callers:
            caller.start()
        try:
            yield
        finally:
            for caller in callers:
                caller.stopped.set()
            for caller in callers:
                caller.join(_LAST_CALL_S)
                if caller.is_alive():
                    self._journal.wrong(f"a caller never came back: {caller}")

    def _check_rogues(self, server: SluiceServer, rogues: Sequence[RogueCaller]) -> None:
        """Find each of them serving, or shown as broken with a reason."""
        for caller in rogues:
            if why := caller.serves():
                told = server.call("GET", f"pipelines/{caller.rogue.name}")
                if told["state"] != "broken" or not told["reason"]:
                    self._journal.wrong(f"{caller.rogue.name} doesn't serve any more, and is {told['state']}: {why}")

    def _check_remains(self, server: SluiceServer, before: Remains) -> None:
        end = time.monotonic() + _SETTLES_S
        while more := self._remains(server).beyond(before):
            if time.monotonic() > end:
                self._journal.wrong(f"left behind: {'; '.join(more)}")
                break
            time.sleep(0.1)

    def _remains(self, server: SluiceServer) -> Remains:
        server.call("GET", "system")  # so that the one connection for such calls is always open
        return Remains.of(server.process.pid, self._data)

    def _check_end(self, server: SluiceServer) -> None:
        server.process.terminate()
        if status := server.process.wait(_SETTLES_S):
            self._journal.wrong(f"the server ended with status {status}")
        if left := processes(self._data):
            self._journal.wrong(f"{len(left)} processes outlived the server")
        if "Traceback" in (log := (self._data / "log.txt").read_text(errors="replace")):
            self._journal.wrong(f"the server's log has a traceback: {log[log.index('Traceback') :][:3000]}")

    def _judge(
        self, limits: Limits, idle: Latencies, busy: Latencies, rogues: Sequence[RogueCaller], watch: Watch
    ) -> None:
        for name in idle:
            times = p99(busy[name]) / p99(idle[name])
            self._figures += [
                f"{name} alone: {len(idle[name])} calls, {spread(idle[name])}",
                f"{name} beside the others: {len(busy[name])} calls, {spread(busy[name])}: p99 {times:.2f} times",
            ]
            if name == PICTURE and limits.slower is not None and times > limits.slower:
                self._journal.wrong(f"p99 of {name} is {times:.2f} times what it is alone, over {limits.slower:g}")
        recovered_ms = [took for caller in rogues for took in caller.recovered_ms]
        if recovered_ms:
            self._figures.append(f"after {len(recovered_ms)} lost workers the next good answer: {spread(recovered_ms)}")
        if recovered_ms and limits.recovery_ms is not None and p99(recovered_ms) > limits.recovery_ms:
            self._journal.wrong(f"a pipeline serves again only after {p99(recovered_ms):.0f} ms (p99)")
        for name, samples in watch.memory.items():
            grown = growth_mib(samples)
            least, most = min(mib for _, mib in samples), max(mib for _, mib in samples)
            self._figures.append(f"memory of {name}: {least:.0f} to {most:.0f} MiB, grown by {grown or 0:.1f} MiB")
            if limits.growth_mib is not None and grown is not None and grown > limits.growth_mib:
                self._journal.wrong(f"the memory of {name} grew by {grown:.1f} MiB, over {limits.growth_mib:g}")
        self._figures.append(f"most zombies at a time: {watch.most_zombies}")
        self._figures += [f"{what}: {times}" for what, times in sorted(self._journal.counts.items())]
