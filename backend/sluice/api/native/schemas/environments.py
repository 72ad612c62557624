"""Environments."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sluice.api.native.schemas.base import Body
from sluice.api.native.schemas.samples import ENVIRONMENT, ENVIRONMENT_STATE, example

State = Literal["building", "ready", "failed", "absent", "off"]


class EnvironmentState(Body):
    """What scripts import, and whether it is installed; `log` is an address below `/api/v1/`."""

    model_config = example(ENVIRONMENT_STATE)

    key: str
    state: State
    requires: list[str]
    reason: str | None
    log: str


class EnvironmentBody(EnvironmentState):
    """An environment with the versions of all its packages."""

    model_config = example(ENVIRONMENT)

    packages: list[str]
    finished_at: datetime | None
    used_by: list[str]


class EnvironmentList(Body):
    """All environments; what the newest standard is, and where this server's own libraries differ from it."""

    items: list[EnvironmentBody]
    next_cursor: str | None = None
    enabled: bool
    standard: str
    differing: list[str]
    core: list[str]
