"""Whose calls ended workers lately, and which bodies did: as many as fit, for some minutes."""

from __future__ import annotations

from collections.abc import Iterator

from sluice.workers.back_off import BackOff
from sluice.workers.body import Body, likeness

_MOST_CALLERS = 64
_MOST_BODIES = 64
_REMEMBERED_S = 300.0


class Suspect(BackOff):
    """A caller whose calls ended workers, and none was answered since.

    Attributes:
        losses: how many workers.
        row: number of the last row of losses that it was part of.
        in_row: how many workers it lost then.
        lost_at: when the last of them ended.
        step: in which that was.
        last: where and how, in words.
        noted: whether people were told that this caller has to wait.
    """

    def __init__(self) -> None:
        super().__init__()
        self.losses = self.row = self.in_row = 0
        self.lost_at = 0.0
        self.step = self.last = ""
        self.noted = False


class Suspects:
    """Remembers callers until one of their calls is answered, and bodies until others take their place."""

    def __init__(self) -> None:
        self._callers: dict[str, Suspect] = {}  # whose last loss is the longest ago first
        self._bodies: dict[int, str] = {}  # by likeness, and whose they were; the oldest first

    def __len__(self) -> int:
        """Return how many callers are suspects."""
        return len(self._callers)

    def __iter__(self) -> Iterator[Suspect]:
        """Return those callers."""
        return iter(self._callers.values())

    def add(self, caller: str, body: Body, now: float, row: int) -> Suspect:
        """Return the caller with one more loss, which is part of that row."""
        suspect = self._callers.pop(caller, None) or Suspect()
        self._callers[caller] = suspect
        suspect.losses += 1
        suspect.in_row = suspect.in_row + 1 if suspect.row == row else 1
        suspect.row = row
        suspect.lost_at = now
        first = self._bodies.pop(key := likeness(body), caller)
        self._bodies[key] = first if first in self._callers else caller
        if len(self._callers) > _MOST_CALLERS:
            del self._callers[next(iter(self._callers))]
        if len(self._bodies) > _MOST_BODIES:
            del self._bodies[next(iter(self._bodies))]
        return suspect

    def waiting(self, caller: str, body: Body | None = None) -> Suspect | None:
        """Return who has to wait: the caller, else whoever sent that body first."""
        suspect = self._callers.get(caller)
        if (suspect is None or not suspect.closed) and body is not None:
            suspect = self._callers.get(self._bodies.get(likeness(body), caller))
        return suspect if suspect and suspect.closed else None

    def knows(self, body: Body) -> bool:
        """Tell whether that body ended a worker."""
        return likeness(body) in self._bodies

    def clear(self, caller: str, body: Body) -> None:
        """Suspect neither any longer, since it was answered."""
        self._callers.pop(caller, None)
        self._bodies.pop(likeness(body), None)

    def clear_all(self) -> None:
        """Suspect nobody."""
        self._callers.clear()

    def forget(self, now: float) -> None:
        """Suspect nobody whose last loss is long ago."""
        while self._callers:
            caller, suspect = next(iter(self._callers.items()))
            if now - suspect.lost_at < _REMEMBERED_S:
                return
            del self._callers[caller]
