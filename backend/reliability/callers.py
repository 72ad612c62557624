"""Those who call: some want good answers and look at every bit, some make pipelines do harm."""

from __future__ import annotations

import http.client
import itertools
import json
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from operator import eq

from benchmarks.client import Answer, Client
from benchmarks.load import Target
from reliability.deeds import DIED, NAP, REFUSED, RIGHT, Deed, Rogue
from reliability.journal import Journal
from reliability.judging import fault_of, outcome, shown

_AFTERWARDS_S = 10.0
_PAUSE_S = 0.05
_MOST_LOST = 3
_UNTIL_QUICK = 50
_LARGE_BYTES = (1 << 20) + 1  # goes to the worker as a file
NO_ANSWER = "no answer"

Judge = Callable[[bytes, bytes], bool]


class Line:
    """A connection that is kept, and made anew where the server broke it; not for several threads."""

    def __init__(self, target: Target, journal: Journal, who: str) -> None:
        self._journal = journal
        self._who = who
        self._client = Client(target)

    def ask(self, body: bytes) -> Answer | None:
        """Return the answer; if there is none, that is noted as wrong."""
        try:
            return self._client.ask(body)
        except (OSError, http.client.HTTPException) as error:
            self._journal.wrong(f"{self._who}: {NO_ANSWER}", f"{type(error).__name__}: {error}")
            self._client.close()
            return None

    def close(self) -> None:
        """Hang up."""
        self._client.close()


@dataclass(frozen=True)
class Good:
    """Calls of which every answer must be right.

    Attributes:
        name: to be told.
        target: where to.
        questions: bodies in turn, each with the only right answer.
        pause_s: from one call to the next, however long they take.
        callers: how many at a time.
        losses: errors that are no fault, such as those of workers that somebody kills.
        judge: called before each question; what it returns compares the answer with the right one.
    """

    name: str
    target: Target
    questions: Sequence[tuple[bytes, bytes]]
    pause_s: float
    callers: int = 2
    losses: tuple[str, ...] = ()
    judge: Callable[[], Judge] = lambda: eq


class GoodCaller(threading.Thread):
    """Asks in a steady beat until it is told to stop.

    Attributes:
        took_ms: of each answer, from the moment when it was its turn to be asked.
    """

    def __init__(self, good: Good, journal: Journal, number: int = 0) -> None:
        super().__init__(daemon=True)
        self._good = good
        self._journal = journal
        self._number = number
        self.stopped = threading.Event()
        self.took_ms: list[float] = []

    def run(self) -> None:
        """Ask."""
        good, line = self._good, Line(self._good.target, self._journal, self._good.name)
        first = time.perf_counter() + good.pause_s * self._number / good.callers
        try:
            for turn in itertools.count():
                due = first + turn * good.pause_s
                if self.stopped.wait(max(0.0, due - time.perf_counter())):
                    return
                body, right = good.questions[(turn + self._number) % len(good.questions)]
                is_right = good.judge()
                answer = line.ask(body)
                if answer is None:
                    continue
                self.took_ms.append((time.perf_counter() - due) * 1e3)
                came = outcome(answer)
                self._journal.count(f"{good.name}: {came}")
                if came in good.losses:
                    continue
                if came != RIGHT:
                    self._journal.wrong(f"{good.name}: a good call failed", shown(answer))
                elif not is_right(answer.body, right):
                    self._journal.wrong(f"{good.name}: a wrong answer", shown(answer))
        finally:
            line.close()


class RogueCaller(threading.Thread):
    """Makes a pipeline do its deeds in turn, with good calls in between, until it is told to stop; each at least once.

    Attributes:
        recovered_ms: from each answer that cost a worker to the next good one.
    """

    def __init__(self, rogue: Rogue, target: Target, journal: Journal) -> None:
        super().__init__(daemon=True)
        self.rogue = rogue
        self._target = target
        self._journal = journal
        self._line = Line(target, journal, rogue.name)
        self.stopped = threading.Event()
        self.recovered_ms: list[float] = []
        self._numbers = itertools.count(1)

    def run(self) -> None:
        """Do harm."""
        try:
            for turn in itertools.count():
                if turn >= len(self.rogue.deeds) and self.stopped.is_set():
                    return
                self._do(self.rogue.deeds[turn % len(self.rogue.deeds)])
                if self.stopped.wait(self.rogue.pause_s) and turn + 1 >= len(self.rogue.deeds):
                    return
        finally:
            self._line.close()

    def serves(self) -> str | None:
        """Return why it doesn't answer a good call even some time later, or None."""
        self._line.close()  # the server may have hung up on an idle connection by now
        why: str | None = "it was never asked"
        end = time.monotonic() + _AFTERWARDS_S
        while why and time.monotonic() < end:
            body, right = question(self.rogue, None, next(self._numbers))
            answer = self._line.ask(body)
            why = NO_ANSWER if answer is None else shown(answer) if answer.body != right else None
        self._line.close()
        return why

    def _do(self, deed: Deed) -> None:
        body, right = question(self.rogue, deed, next(self._numbers))
        seen = deed
        if deed.behind:
            seen = NAP
            right, answer = self._leave_behind(seen, body)
        else:
            answer = self._line.ask(body)
        if answer is None:
            return
        came = outcome(answer)
        self._journal.count(f"{self.rogue.name} {deed.name.split('.')[-1]}{' left behind' * deed.behind}: {came}")
        if fault := fault_of(answer, seen, right):
            self._journal.wrong(f"{self.rogue.name}, {deed.name}: {fault}", shown(answer))
        begin = time.perf_counter()
        for _ in range(1 + _MOST_LOST * deed.lasts):
            body, right = question(self.rogue, None, next(self._numbers))
            after = self._line.ask(body)
            if after and after.status == 200 and after.body == right:
                if came not in (RIGHT, "prediction-failed"):
                    self.recovered_ms.append((time.perf_counter() - begin) * 1e3)
                return
        self._journal.wrong(
            f"{self.rogue.name}: after {deed.name} a good call failed", (after and shown(after)) or NO_ANSWER
        )

    def _leave_behind(self, first: Deed, body: bytes) -> tuple[bytes, Answer | None]:
        """Send a body while another call runs, and hang up; return what is right for that call, and its answer."""
        for _ in range(_UNTIL_QUICK):  # then workers get calls in advance
            self._line.ask(question(self.rogue, None, next(self._numbers))[0])
        asked, right = question(self.rogue, first, next(self._numbers))
        leaver = Client(self._target)
        with ThreadPoolExecutor(1) as threads:
            answer = threads.submit(self._line.ask, asked)
            time.sleep(_PAUSE_S)  # it is sent by then
            leaver.send(body)
            leaver.close()
            return right, answer.result()


class Companion(threading.Thread):
    """Calls a pipeline that does harm for others, and never asks it to: all of its calls must go well."""

    def __init__(self, rogue: Rogue, target: Target, journal: Journal) -> None:
        super().__init__(daemon=True)
        self._rogue = rogue
        self._journal = journal
        self._line = Line(target, journal, f"{rogue.name}'s companion")
        self.stopped = threading.Event()

    def run(self) -> None:
        """Ask."""
        for number in itertools.count(1_000):
            if self.stopped.wait(_PAUSE_S):
                break
            body, right = question(self._rogue, None, number % 1_000_000)
            answer = self._line.ask(body)
            self._journal.count(f"{self._rogue.name}'s companion")
            if answer and answer.body != right:
                self._journal.wrong(f"{self._rogue.name}'s companion: a good call failed", shown(answer))
        self._line.close()


class Flood(threading.Thread):
    """Ends workers again and again, by inputs small and large of which none comes twice; pauses when it is refused."""

    def __init__(self, rogue: Rogue, deed: Deed, target: Target, journal: Journal, first: int) -> None:
        super().__init__(daemon=True)
        self._rogue = rogue
        self._deed = deed
        self._first = first
        self._journal = journal
        self._line = Line(target, journal, f"{rogue.name}'s flood")
        self.stopped = threading.Event()

    def run(self) -> None:
        """Ask."""
        for number in itertools.count(self._first):
            body, right = question(self._rogue, self._deed, number)
            answer = self._line.ask(body.ljust(_LARGE_BYTES) if number % 2 else body)
            came = outcome(answer) if answer else NO_ANSWER
            self._journal.count(f"{self._rogue.name}'s flood: {came}")
            # A refusal may name the step of another's loss.
            if answer and came != REFUSED and (fault := fault_of(answer, self._deed, right)):
                self._journal.wrong(f"{self._rogue.name}'s flood: {fault}", shown(answer))
            if self.stopped.wait(0.0 if came == DIED else self._rogue.pause_s):
                break
        self._line.close()


def question(rogue: Rogue, deed: Deed | None, number: int) -> tuple[bytes, bytes]:
    """Return a call's body and its right answer; without a deed it is a good call."""
    if not rogue.modules:
        return (deed.name.encode(), b"") if deed else (b'{"times": %d}' % number, b'{"counted":%d}' % number)
    asked = {"number": number, **({"deed": deed.name, "step": deed.step} if deed else {})}
    return json.dumps(asked).encode(), b'{"number":%d}' % (number + 1)
