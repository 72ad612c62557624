"""Whether all is well, and if not, what isn't and what mends it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sluice.api.services import Services
from sluice.api.states import state_of, why_not_answering
from sluice.entities import Model, Pipeline
from sluice.storage import database
from sluice.workers.state import State

Status = Literal["ok", "degraded", "failing"]
"""`degraded`: something doesn't work, and the rest does. `failing`: nothing can be predicted or changed."""

_DATABASE_S = 3.0
_NO_ROOM_BYTES = 64 << 20
_MOST_NAMED = 10


@dataclass(frozen=True)
class Check:
    """One thing that was looked at, and a sentence about it."""

    name: str
    status: Status
    detail: str


@dataclass(frozen=True)
class Resting:
    """A pipeline, or a model called by itself, that wouldn't answer now.

    Attributes:
        why: it is so, and what mends it; None where its first worker loads.
    """

    kind: Literal["pipeline", "model"]
    name: str
    state: State
    why: str | None


@dataclass(frozen=True)
class Checkup:
    """All that was looked at."""

    checks: list[Check]
    resting: list[Resting]

    @property
    def status(self) -> Status:
        """The worst of all."""
        found = {check.status for check in self.checks}
        return "failing" if "failing" in found else "degraded" if "degraded" in found else "ok"


async def checkup(found: Services) -> Checkup:
    """Look at everything that predictions and changes stand on."""
    resting = _resting(found)
    database_check, disk_check = await asyncio.gather(_database(found), _disk(found))
    others = (_workers(found), _sandbox(found), _environments(found), _pipelines(resting), _statistics(found))
    checks = [database_check, disk_check, _files(found), *others]
    return Checkup(checks, resting)


async def _database(found: Services) -> Check:
    try:
        async with asyncio.timeout(_DATABASE_S):
            await database.ask()
    except TimeoutError:
        told = f"The database didn't answer within {_DATABASE_S:g} s."
    except Exception as error:  # whatever keeps a database from working
        told = f"The database doesn't answer: {type(error).__name__}."
    else:
        return Check("database", "ok", "The database answers.")
    return Check("database", "failing", f"{told} Predictions go on; nothing can be changed.")


async def _disk(found: Services) -> Check:
    room, largest = await found.disk.room(), found.settings.max_upload_bytes
    told = f"{room.free_bytes >> 20} of {room.total_bytes >> 20} MiB are free where the data folder is"
    if room.free_bytes < _NO_ROOM_BYTES:
        return Check("disk", "failing", f"{told}: free some, or nothing can be kept any more.")
    if room.free_bytes < largest:
        need = f"an upload may take {largest >> 20} (SLUICE_MAX_UPLOAD_BYTES)"
        return Check("disk", "degraded", f"{told}, and {need}: free some.")
    return Check("disk", "ok", f"{told}.")


def _files(found: Services) -> Check:
    if not (faults := found.kept_files.told()):
        return Check("files", "ok", "No kept file is known to be missing or damaged.")
    more = f" And {len(faults) - _MOST_NAMED} more." if len(faults) > _MOST_NAMED else ""
    return Check("files", "degraded", " ".join(faults[:_MOST_NAMED]) + more)


def _workers(found: Services) -> Check:
    if hindrance := found.supervisor.hindrance:
        return Check("workers", "failing", hindrance)
    return Check("workers", "ok", "Worker processes can be started.")


def _sandbox(found: Services) -> Check:
    report = found.sandbox
    if report.level == "full":
        return Check("sandbox", "ok", "Scripts are confined by all that the sandbox has.")
    if found.settings.sandbox == "off":
        return Check("sandbox", "degraded", "Scripts aren't confined: SLUICE_SANDBOX is off.")
    return Check("sandbox", "degraded", f"The sandbox is {report.level}. {' '.join(report.missing)}")


def _environments(found: Services) -> Check:
    failed = [each for each in found.environments.all() if each.state == "failed"]
    if not failed:
        return Check("environments", "ok", "No environment of scripts is known to have failed.")
    told = "; ".join(", ".join(each.requires) for each in failed[:_MOST_NAMED])
    return Check("environments", "degraded", f"Packages couldn't be installed: {told}; GET environments tells why.")


def _pipelines(resting: Iterable[Resting]) -> Check:
    broken = [each for each in resting if each.state == "broken"]
    if not broken:
        return Check("pipelines", "ok", "No pipeline and no model is known to be broken.")
    names = ", ".join(f"{each.kind} '{each.name}'" for each in broken[:_MOST_NAMED])
    more = f" and {len(broken) - _MOST_NAMED} more" if len(broken) > _MOST_NAMED else ""
    return Check("pipelines", "degraded", f"Broken: {names}{more}; `notReady` tells why.")


def _statistics(found: Services) -> Check:
    if found.records.stored:
        return Check("statistics", "ok", "Statistics are stored.")
    return Check("statistics", "degraded", "Statistics can't be stored and wait in memory; the server's log says why.")


def _resting(found: Services) -> list[Resting]:
    value, rows = found.current.value, []
    subjects: list[Pipeline | Model] = [*value.pipelines, *value.models]
    for subject in subjects:
        state, refusal = state_of(subject, found), why_not_answering(subject, found)
        if refusal or state.state == "starting":
            kind: Literal["pipeline", "model"] = "pipeline" if isinstance(subject, Pipeline) else "model"
            rows.append(Resting(kind, subject.name, state.state, refusal.message if refusal else None))
    return rows
