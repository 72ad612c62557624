"""How often a password may be tried: per account, and per address from which it is tried.

Each has a bucket of tries that fills up again by and by. Who asks for an account that isn't there meets the same limit.
A right password fills the account's bucket, and gives back the one try to the address: otherwise an account of one's
own would be enough to try others without end.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from sluice.errors import TooManyAttempts

MOST_KNOWN = 10_000
"""Accounts, and addresses, that are remembered; the one that tried longest ago is forgotten first."""


@dataclass(frozen=True)
class Limit:
    """How many tries there are at once, and after how many seconds there is another one."""

    tries: int
    every_s: float


OF_ACCOUNT = Limit(10, 30.0)
OF_ADDRESS = Limit(40, 10.0)


class Attempts:
    """Counts the tries of all passwords that aren't known to be right."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._accounts = _Buckets(OF_ACCOUNT, clock)
        self._addresses = _Buckets(OF_ADDRESS, clock)

    def begin(self, account: str, address: str) -> None:
        """Take a try, before the password is looked at, so that many at once have no more than one after another.

        Raises:
            TooManyAttempts: there is none left; nothing was tried.
        """
        wait_s = max(self._accounts.wait_s(account), self._addresses.wait_s(network_of(address)))
        if wait_s:
            raise TooManyAttempts(
                f"Too many wrong passwords. Try again in {math.ceil(wait_s)} s.", retry_after_s=math.ceil(wait_s)
            )
        self._accounts.take(account)
        self._addresses.take(network_of(address))

    def succeeded(self, account: str, address: str) -> None:
        """Take notice that the password was right."""
        self._accounts.fill(account)
        self._addresses.give_back(network_of(address))

    def given_up(self, account: str, address: str) -> None:
        """Take notice that the password wasn't looked at."""
        self._accounts.give_back(account)
        self._addresses.give_back(network_of(address))


class _Buckets:
    """By key, how much is missing of a full bucket, and when that was so."""

    def __init__(self, limit: Limit, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._missing: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, key: str) -> float:
        """Return the seconds until there is a try, 0 if there is one."""
        return max(0.0, (self._now(key) - (self._limit.tries - 1)) * self._limit.every_s)

    def take(self, key: str) -> None:
        """Take a try."""
        self._set(key, self._now(key) + 1)

    def give_back(self, key: str) -> None:
        """Undo `take`."""
        self._set(key, self._now(key) - 1)

    def fill(self, key: str) -> None:
        """Have all tries there again."""
        self._missing.pop(key, None)

    def _now(self, key: str) -> float:
        missing, at = self._missing.get(key, (0.0, 0.0))
        return max(0.0, missing - (self._clock() - at) / self._limit.every_s)

    def _set(self, key: str, missing: float) -> None:
        self._missing.pop(key, None)
        if missing > 0:
            self._missing[key] = (missing, self._clock())
            if len(self._missing) > MOST_KNOWN:
                self._missing.popitem(last=False)


def network_of(address: str) -> str:
    """Return what has the tries of an address: of IPv6 the network, all of which one household has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ipaddress.ip_network((found.packed[:8] + bytes(8), 64)))
    return str(found)
