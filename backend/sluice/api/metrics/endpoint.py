"""`/metrics`, as Prometheus reads it.

Source: OpenMetrics 1.0; the Prometheus text format 0.0.4.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from prometheus_client import Metric, ProcessCollector
from starlette.requests import Request
from starlette.responses import Response

from sluice.api.metrics import server, subjects
from sluice.api.metrics.exposition import Format, Parts
from sluice.api.metrics.family import Family, T
from sluice.api.metrics.server import Whole
from sluice.api.metrics.subjects import Seen
from sluice.api.services import Services, services
from sluice.api.states import state_of
from sluice.entities import Pipeline
from sluice.workers.vitals import memory_bytes

NOTHING: Mapping[str, str] = {}


async def get_metrics(request: Request) -> Response:
    """Tell all that is counted."""
    found = services(request)
    form = Format.accepted(request.headers.get("accept", ""))
    seen = await _look(found)
    whole = Whole(found, await found.disk.room())
    told = [(each.labels, each) for each in seen]
    families: list[Parts] = [_parts(family, told) for family in subjects.FAMILIES]
    families += [_parts(family, [(NOTHING, whole)]) for family in server.FAMILIES]
    families += [[metric] for metric in ProcessCollector(registry=None).collect()]
    return Response(await form.write(families), headers={"Content-Type": form.content_type})


async def _look(found: Services) -> list[Seen]:
    rows = []
    for subject, series in found.ledger.read():
        pool = found.supervisor.pool(subject.revision_id)
        labels = {"pipeline" if isinstance(subject, Pipeline) else "model": subject.name}
        rows.append((labels, series, state_of(subject, found).state, pool.occupancy if pool else None))
    processes = [occupancy.processes if occupancy else () for *_, occupancy in rows]
    memory = await asyncio.to_thread(lambda: [memory_bytes(each) for each in processes])
    return [Seen(*row, held) for row, held in zip(rows, memory, strict=True)]


def _parts(family: Family[T], things: Sequence[tuple[Mapping[str, str], T]]) -> Iterator[Metric]:
    yield family.metric()
    for labels, thing in things:
        yield family.metric_of(thing, labels)
