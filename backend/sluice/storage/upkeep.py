"""Removes what has had its time, so that neither a table nor the data folder grows for ever.

What belongs to a pipeline, model or resource goes with it, and records of predictions have a keeper of their own
(`prediction.storing`); `backend/docs/retention.md` lists all that grows, and what holds it.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sluice.storage.audit import AuditLog
from sluice.storage.tables import LinkRow, SessionRow

log = logging.getLogger(__name__)

EVERY_S = 3600.0
COPIES = "sluice-before-*.db"
_KEPT_COPIES = 2


@dataclass(frozen=True)
class Upkeep:
    """Keeps one data folder and its database small.

    Attributes:
        folder: of the data.
        audit_days: that entries of the audit log are kept.
        audit_entries: the most of them.
    """

    folder: Path
    audit_days: int
    audit_entries: int

    async def run(self) -> None:
        """Tidy now and each hour, until cancelled; what can't be done now is tried again the next time."""
        while True:
            try:
                await self.tidy(datetime.now(UTC))
            except Exception:
                log.warning("couldn't remove what is too old", exc_info=True)
            await asyncio.sleep(EVERY_S)

    async def tidy(self, now: datetime) -> None:
        """Remove all that is too old at a time."""
        removed = await AuditLog().keep(now - timedelta(days=self.audit_days), self.audit_entries)
        if removed:
            log.info("Removed %d entries of the audit log that were too old or too many", removed)
        await SessionRow.filter(expires_at__lte=now).delete()
        await _remove_used_links()
        await asyncio.to_thread(self._remove_copies)

    def _remove_copies(self) -> None:
        """Remove the copies from before upgrades, but for the last ones; their names are in their order."""
        for copy in sorted(self.folder.glob(COPIES))[:-_KEPT_COPIES]:
            with suppress(FileNotFoundError):
                copy.unlink()


async def _remove_used_links() -> None:
    """Remove used links but for the last one, which proves that somebody has signed in."""
    last = await LinkRow.filter(used_at__isnull=False).order_by("-used_at", "code_hash").first()
    if last is not None:
        await LinkRow.filter(used_at__isnull=False).exclude(code_hash=last.code_hash).delete()
