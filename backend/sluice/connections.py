"""How many connections there may be, in all and from one address."""

from __future__ import annotations

import ipaddress
import logging
import resource
import time
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from sluice.api.connection_counts import ConnectionCounts

log = logging.getLogger(__name__)

MOST_SURPLUS = 64
"""Connections beyond the limit that are there for a moment, to be told so."""

# A connection whose large body arrives has a file for that too.
_FILES_EACH = 2
# Sockets and shared files of workers, the database, what uploads write.
_FILES_BESIDE = 512
_TELL_EVERY_S = 60.0


class Occupant(Protocol):
    """A connection."""

    def hang_up(self) -> None:
        """Close it at once."""


class Connections:
    """Counts connections, and says which are too many.

    One too many isn't dropped: it may say what it wants, and is told that there is no room, unless it only asks whether
    the server is ready. Of such there are few at a time; the oldest goes when another one comes.

    Args:
        most: at a time.
        most_of_one: likewise, from one address.
        proxies: addresses or networks that bring the connections of many, and so have no limit of their own.
    """

    def __init__(self, most: int, most_of_one: int, proxies: Sequence[str] = ()) -> None:
        self._counts = ConnectionCounts(most)
        self._most_of_one = most_of_one
        self._proxies = [ipaddress.ip_network(proxy) for proxy in proxies]
        self._by_address: Counter[str] = Counter()
        self._surplus: dict[Occupant, None] = {}  # oldest first
        self._tell_at = 0.0

    def count_in(self, counts: ConnectionCounts) -> None:
        """Have others see how many there are; to be called before the first one comes."""
        counts.most = self._counts.most
        self._counts = counts

    def enter(self, occupant: Occupant, address: str) -> str | None:
        """Count a connection; return why it is one too many, if it is."""
        counts = self._counts
        if counts.open >= counts.most:
            counts.refused["all"] += 1
            full = f"{counts.most} connections are open, as many as may be (SLUICE_MAX_CONNECTIONS)."
        elif self._by_address[address] >= self._most_of_one and not self._is_proxy(address):
            counts.refused["address"] += 1
            full = (
                f"{self._most_of_one} connections of one address are open, as many as may be "
                "(SLUICE_MAX_CONNECTIONS_PER_ADDRESS)."
            )
        else:
            counts.open += 1
            self._by_address[address] += 1
            return None
        if len(self._surplus) >= MOST_SURPLUS:
            oldest = next(iter(self._surplus))
            del self._surplus[oldest]
            oldest.hang_up()
        self._surplus[occupant] = None
        if time.monotonic() >= self._tell_at:
            self._tell_at = time.monotonic() + _TELL_EVERY_S
            log.warning("refused a connection of %s: %s", address, full)
        return full

    def leave(self, occupant: Occupant, address: str, *, surplus: bool) -> None:
        """Take notice that a connection is closed."""
        if surplus:
            self._surplus.pop(occupant, None)
            return
        self._counts.open -= 1
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]

    def _is_proxy(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in proxy for proxy in self._proxies)


def room_for(wanted: int) -> int:
    """Return how many connections the limit of open files allows, at most so many; it is raised as far as it may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = (wanted + MOST_SURPLUS) * _FILES_EACH + _FILES_BESIDE
    unlimited = resource.RLIM_INFINITY
    if soft != unlimited and soft < needed:
        soft = needed if hard == unlimited else min(needed, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft == unlimited or soft >= needed:
        return wanted
    room = max(1, (soft - _FILES_BESIDE) // _FILES_EACH - MOST_SURPLUS)
    log.warning(
        "the limit of open files, %d, leaves room for %d connections instead of %d (SLUICE_MAX_CONNECTIONS); "
        "%d files would do",
        soft, room, wanted, needed,
    )  # fmt: skip
    return room
