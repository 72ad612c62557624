"""Records failed attempts to sign in: each of the first ones in an hour, of the others only how many they were.

Anybody can make them, so they must cost little: what is recorded of them is bounded in time here, and in number by the
log itself (`storage.audit.AuditLog.keep`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from sluice.acting import Actor
from sluice.entities import SignedInBy, User
from sluice.storage.audit import REFUSED, Entry, Subject
from sluice.storage.transaction import note

log = logging.getLogger(__name__)

MOST_AN_HOUR = 100
_HOUR_S = 3600.0


class Refusals:
    """The failed attempts at one server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._began_at = clock()
        self._recorded = 0
        self._unrecorded = 0

    async def note(self, by: SignedInBy, user: User | None = None, why: str = "") -> None:
        """Record an attempt.

        Args:
            by: by what somebody tried to get in.
            user: as whom, where there is one of that name; what else was typed there may be a password.
            why: it failed, where that says more.
        """
        if self._clock() - self._began_at >= _HOUR_S:
            self._began_at, self._recorded = self._clock(), 0
        if self._recorded >= MOST_AN_HOUR:
            self._unrecorded += 1
            return
        self._recorded += 1
        detail: dict[str, object] = {"why": why} if why else {}
        if self._unrecorded:
            detail["unrecorded"], self._unrecorded = self._unrecorded, 0
        subject = Subject("user", user.name, user.id) if user else None
        try:
            await note(Entry(REFUSED, subject, detail, Actor("", by)))
        except Exception:  # whoever tried is refused in any case
            log.warning("couldn't record a failed attempt to sign in", exc_info=True)
