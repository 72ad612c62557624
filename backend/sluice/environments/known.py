"""What is known of an environment."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from sluice.environments.mending import added_by_sluice
from sluice.environments.standard import Standard
from sluice.environments.wanted import Wanted

State = Literal["building", "ready", "failed", "absent", "off"]


class NotReady(Exception):
    """Nothing can run in the environment; the message says why.

    Attributes:
        building: whether it may be ready soon.
        unreachable: whether the package index couldn't be reached.
    """

    def __init__(self, message: str, *, building: bool = False, unreachable: bool = False) -> None:
        super().__init__(message)
        self.building = building
        self.unreachable = unreachable


@dataclass(frozen=True)
class Environment:
    """How one environment is doing.

    Attributes:
        key: as pipelines keep it.
        state: `absent` is built on demand; `off` isn't, because this server installs nothing.
        requires: what scripts name; for a standard all that it holds.
        packages: versions, as far as they are settled.
        reason: why it failed.
        finished_at: when it was built or failed.
    """

    key: str
    state: State
    requires: tuple[str, ...]
    packages: tuple[str, ...]
    reason: str | None
    finished_at: datetime | None


class Entry:
    """What the server knows of an environment, and whether it is being built."""

    def __init__(self, source: Wanted | Standard) -> None:
        self.source = source
        self.reason: str | None = None
        self.finished_at: datetime | None = None
        self.unreachable = False
        # Not kept: after a start with other settings the same may succeed.
        self.failed_at: datetime | None = None
        self.build: asyncio.Task[None] | None = None
        self.used_at = datetime.now(UTC)
        self.built = False
        self.packages: tuple[str, ...] = ()
        if isinstance(source, Standard):
            self.packages = tuple(f"{name}=={number}" for name, number in sorted(source.versions.items()))

    def to_json(self) -> dict[str, Any]:
        """Return what is kept of it, JSON-able."""
        wanted = self.source.to_json() if isinstance(self.source, Wanted) else None
        finished_at = self.finished_at.isoformat() if self.finished_at else None
        return {"wanted": wanted, "reason": self.reason, "finishedAt": finished_at}

    @property
    def listed(self) -> str:
        """What it is for, in words."""
        return ", ".join(self.source.requires) if isinstance(self.source, Wanted) else self.source.key

    def failed(self, key: str, again_s: float) -> NotReady:
        """Return why it failed and when it is tried again, to be raised."""
        core = self.source.core if isinstance(self.source, Wanted) else ()
        return NotReady(
            f"The packages {self.listed} can't be installed: {self.reason}"
            f"{added_by_sluice(self.reason or '', core)} "
            f"GET /api/v1/environments/{key}/log tells more. The next request after {again_s:.0f} s tries again, "
            f"POST /api/v1/environments/{key}/rebuild does at once.",
            unreachable=self.unreachable,
        )
