"""The calls of one pool that wait for a worker: bounded in number, and in bytes of their bodies; callers take turns."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from sluice.errors import QueueFull
from sluice.workers.body import IN_MEMORY_BYTES
from sluice.workers.call import Call


class CallQueue:
    """Waiting calls: those of one caller oldest first, the callers in turn.

    So who floods a pipeline waits behind himself, and others hardly longer than without him. Where no more may wait, a
    caller who has less than his share of the places gets one of whoever has the most.

    Args:
        label: of whom they wait for.
        most_calls: that may wait.
        most_bytes: of their bodies together, those that still arrive included; one call alone may have more, and so may
            the only one of a caller, if it is small.
    """

    def __init__(self, label: str, most_calls: int, most_bytes: int) -> None:
        self._label = label
        self._most_calls = most_calls
        self._most_bytes = most_bytes
        self._back: deque[Call] = deque()  # these waited before, and go before all others
        self._lines: dict[str, deque[Call]] = {}  # by caller, whose turn it is first; never an empty one
        self._count = 0
        self._bytes = 0
        self._arriving_bytes = 0
        self._arriving: Counter[str] = Counter()  # calls, by caller

    def __len__(self) -> int:
        """Return how many wait."""
        return self._count

    def __iter__(self) -> Iterator[Call]:
        """Return all that wait, in no order."""
        yield from self._back
        for line in self._lines.values():
            yield from line

    @property
    def held_bytes(self) -> int:
        """How much the bodies take, those that arrive included."""
        return self._bytes + self._arriving_bytes

    @property
    def queued_at(self) -> float | None:
        """When the oldest call came; None if none waits."""
        first = [line[0].queued_at for line in (self._back, *self._lines.values()) if line]
        return min(first, default=None)

    def check_room(self, size: int, caller: str = "") -> None:
        """Return if a call of so many bytes may wait.

        Raises:
            QueueFull: it may not.
        """
        waiting, held = self._count, self.held_bytes
        if waiting >= self._most_calls and not self._has_less_than_its_share(caller):
            raise QueueFull(f"{waiting} calls wait for the {self._label} (SLUICE_QUEUE_CALLS). Try again later.")
        if (waiting or held) and held + size > self._most_bytes:
            alone = caller not in self._lines and not self._arriving[caller]
            if not alone or size > IN_MEMORY_BYTES:
                raise QueueFull(f"{held} bytes wait for the {self._label} (SLUICE_QUEUE_BYTES). Try again later.")

    @contextmanager
    def expecting(self, size: int, caller: str = "") -> Iterator[None]:
        """Count a body that is still arriving.

        Raises:
            QueueFull: it wouldn't find room.
        """
        self.check_room(size, caller)
        self._arriving_bytes += size
        self._arriving[caller] += 1
        try:
            yield
        finally:
            self._arriving_bytes -= size
            self._arriving[caller] -= 1
            if not self._arriving[caller]:
                del self._arriving[caller]

    def append(self, call: Call) -> Call | None:
        """Let a call wait behind all others of its caller; return the one that lost its place to it, if there is none.

        `check_room` allowed it.
        """
        line = self._lines.get(call.caller)
        if line is None:
            line = self._lines[call.caller] = deque()
        line.append(call)
        self._count += 1
        self._bytes += len(call.body)
        return self._displaced() if self._count > self._most_calls and len(self._lines) > 1 else None

    def take(self) -> Call:
        """Return the call whose turn it is, which waits no longer."""
        if self._back:
            call = self._back.popleft()
        else:
            caller = next(iter(self._lines))
            line = self._lines[caller]
            call = line.popleft()
            if not line:
                del self._lines[caller]
            elif len(self._lines) > 1:
                self._lines[caller] = self._lines.pop(caller)  # behind the others
        self._count -= 1
        self._bytes -= len(call.body)
        return call

    def take_first(self, fits: Callable[[Call], bool]) -> Call | None:
        """Return the first that fits, which waits no longer; of each line the first call is looked at."""
        for call in [*self._back, *(line[0] for line in self._lines.values())]:
            if fits(call):
                self.remove(call)
                if line := self._lines.pop(call.caller, None):
                    self._lines[call.caller] = line  # behind the others
                return call
        return None

    def take_all(self) -> list[Call]:
        """Return all calls; none waits any longer."""
        calls = list(self)
        self._back.clear()
        self._lines.clear()
        self._count = self._bytes = 0
        return calls

    def put_back(self, calls: Sequence[Call]) -> None:
        """Let calls that waited before wait again, in their order and before all others."""
        self._back.extendleft(reversed(calls))
        self._count += len(calls)
        self._bytes += sum(len(call.body) for call in calls)

    def remove(self, call: Call) -> bool:
        """Drop a call; tell whether it was here."""
        line = self._lines.get(call.caller)
        if line is not None and call in line:
            line.remove(call)
            if not line:
                del self._lines[call.caller]
        elif call in self._back:
            self._back.remove(call)
        else:
            return False
        self._count -= 1
        self._bytes -= len(call.body)
        return True

    def _has_less_than_its_share(self, caller: str) -> bool:
        own = self._lines.get(caller)
        share = (self._most_calls - len(self._back)) // (len(self._lines) + (own is None))
        return (len(own) if own else 0) < share

    def _displaced(self) -> Call:
        longest = max(self._lines.values(), key=len)
        call = longest.pop()
        if not longest:
            del self._lines[call.caller]
        self._count -= 1
        self._bytes -= len(call.body)
        return call
