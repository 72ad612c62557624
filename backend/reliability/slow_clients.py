"""Five hundred clients that never finish what they began to say, beside one that calls a pipeline."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from benchmarks.client import p99, spread
from benchmarks.sluice_server import sluice_server
from reliability.callers import GoodCaller
from reliability.journal import Journal
from reliability.pipelines import TABLE, add_good
from reliability.row import Asked, Outcome, Row, main
from reliability.wire import Wire

_CLIENTS = 500
_MOST_P99_MS = 250.0
_CLOSED_WITHIN_S = 10.0
_GIVEN_UP_S = 30.0
_PAUSE_S = 1.0
_ALONE_S = 5.0

Slow = Callable[[Wire], Awaitable[None]]


async def silent(wire: Wire) -> None:
    """Say nothing."""


async def broken_off(wire: Wire) -> None:
    """Say half of a head."""
    wire.send(b"POST /api/v1/pipelines/table/predictions HTTP/1.1\r\nHost: localhost\r\nContent-Le")


async def trickling(wire: Wire) -> None:
    """Say a head bit by bit."""
    wire.send(b"GET /api/v1/pipelines HTTP/1.1\r\nHost: localhost\r\n")
    for number in itertools.count():
        wire.send(b"X-%d: y\r\n" % number)
        await asyncio.sleep(_PAUSE_S)


_KINDS: tuple[Slow, ...] = (silent, broken_off, trickling)


def measure(asked: Asked, folder: Path) -> Outcome:
    """Let them come once, in full ten times."""
    journal = Journal()
    with sluice_server(folder / "data") as server:
        good = next(good for good in add_good(server, folder) if good.name == TABLE)
        alone, caller = GoodCaller(good, journal), GoodCaller(good, journal)
        with _calling(alone):
            time.sleep(_ALONE_S)
        open_s: list[float] = []
        rounds = 10 if asked.full else 1
        # In a process of their own: so many connections would hold the caller up, too.
        with ProcessPoolExecutor(1, get_context("spawn")) as elsewhere, _calling(caller):
            for _ in range(rounds):
                open_s += elsewhere.submit(_all, server.url).result()
    slowest, latency_ms = max(open_s), p99(caller.took_ms)
    if slowest > _CLOSED_WITHIN_S:
        journal.wrong(f"a half-open connection was closed after {slowest:.1f} s only")
    if latency_ms > _MOST_P99_MS:
        journal.wrong(f"p99 of others was {latency_ms:.0f} ms")
    reached = f"{rounds} x {_CLIENTS}: p99 {latency_ms:.0f} ms, all closed within {slowest:.1f} s"
    figures = [
        f"{name}: {len(calls.took_ms)} calls, {spread(calls.took_ms)}"
        for name, calls in (("others alone", alone), ("others beside them", caller))
    ]
    return Outcome(reached, journal.wrongs(), figures)


@contextmanager
def _calling(caller: GoodCaller) -> Iterator[None]:
    caller.start()
    try:
        yield
    finally:
        caller.stopped.set()
        caller.join()


def _all(url: str) -> list[float]:
    """Return how many seconds each connection was open."""

    async def connect() -> list[float]:
        kinds = itertools.islice(itertools.cycle(_KINDS), _CLIENTS)
        return await asyncio.gather(*(_one(url, kind) for kind in kinds))

    return asyncio.run(connect())


async def _one(url: str, slow: Slow) -> float:
    wire = await Wire.to(url)
    begin = time.monotonic()
    talking = asyncio.ensure_future(slow(wire))
    async with asyncio.timeout(_GIVEN_UP_S):
        await wire.ended()
    talking.cancel()
    wire.close()
    return time.monotonic() - begin


ROW = Row("slow clients", "500 half-open: p99 < 250 ms for others, closed within 10 s", measure)

if __name__ == "__main__":
    main(ROW)
