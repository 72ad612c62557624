"""The calls of one pool that wait for a worker: bounded in number, and in bytes of their bodies."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sluice.errors import QueueFull
from sluice.workers.call import Call


class CallQueue:
    """Waiting calls, oldest first.

    Args:
        label: of whom they wait for.
        most_calls: that may wait.
        most_bytes: of their bodies together, those that still arrive included; one call alone may have more.

    Attributes:
        calls: to look at only.
    """

    def __init__(self, label: str, most_calls: int, most_bytes: int) -> None:
        self._label = label
        self._most_calls = most_calls
        self._most_bytes = most_bytes
        self.calls: deque[Call] = deque()
        self._bytes = 0
        self._arriving_bytes = 0

    @property
    def held_bytes(self) -> int:
        """How much the bodies take, those that arrive included."""
        return self._bytes + self._arriving_bytes

    def check_room(self, size: int) -> None:
        """Return if a call of so many bytes may wait.

        Raises:
            QueueFull: it may not.
        """
        waiting = len(self.calls)
        if waiting >= self._most_calls:
            raise QueueFull(f"{waiting} calls wait for the {self._label} (SLUICE_QUEUE_CALLS). Try again later.")
        held = self.held_bytes
        if (waiting or held) and held + size > self._most_bytes:
            raise QueueFull(f"{held} bytes wait for the {self._label} (SLUICE_QUEUE_BYTES). Try again later.")

    @contextmanager
    def expecting(self, size: int) -> Iterator[None]:
        """Count a body that is still arriving.

        Raises:
            QueueFull: it wouldn't find room.
        """
        self.check_room(size)
        self._arriving_bytes += size
        try:
            yield
        finally:
            self._arriving_bytes -= size

    def append(self, call: Call) -> None:
        """Let a call wait behind all others."""
        self.calls.append(call)
        self._bytes += len(call.body)

    def take(self) -> Call:
        """Return the oldest call, which waits no longer."""
        call = self.calls.popleft()
        self._bytes -= len(call.body)
        return call

    def take_all(self) -> list[Call]:
        """Return all calls; none waits any longer."""
        calls = list(self.calls)
        self.calls.clear()
        self._bytes = 0
        return calls

    def put_back(self, calls: Sequence[Call]) -> None:
        """Let calls that waited before wait again, in their order and before all others."""
        self.calls.extendleft(reversed(calls))
        self._bytes += sum(len(call.body) for call in calls)

    def remove(self, call: Call) -> bool:
        """Drop a call; tell whether it was here."""
        if call not in self.calls:
            return False
        self.calls.remove(call)
        self._bytes -= len(call.body)
        return True
