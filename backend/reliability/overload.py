"""Five times as many calls as a pipeline can run, in a steady beat: they are answered or refused, and memory stays."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.processes import tree
from benchmarks.sluice_server import SluiceServer, sluice_server
from reliability.models import write_increment
from reliability.remains import anonymous_mib
from reliability.row import Asked, Outcome, Row, main
from reliability.wire import Told, Wire, request

_TIMES = 5
_MOST_GROWTH = 0.10
_WORKERS = 2
_TAKES_S = 0.02
_CAPACITY = _WORKERS / _TAKES_S
_SCRIPT = f"""
import json, time
import numpy as np

def process(content):
    time.sleep({_TAKES_S})
    return {{"numbers": np.zeros((1, 4), np.float32)}}
"""
_BODY = bytes(20_000)
_SETTLES_S = 5.0


@dataclass
class _Seen:
    """What came of the calls."""

    statuses: Counter[str] = field(default_factory=Counter)
    wrongs: list[str] = field(default_factory=list)

    def judge(self, told: Told) -> None:
        """Count an answer, and find what is wrong with it."""
        self.statuses[str(told.status)] += 1
        if told.status not in (200, 503):
            self.wrongs.append(f"an answer was {told.status}: {told.body[:300]!r}")
        if told.status == 503 and not told.headers.get("retry-after", "").isdecimal():
            self.wrongs.append("a 503 came without Retry-After")

    def judged(self) -> list[str]:
        """Return what is wrong, the most frequent first."""
        if set(self.statuses) != {"200", "503"}:
            self.wrongs.append(f"200 and 503 were to come, and these came: {dict(self.statuses)}")
        return [f"{what} ({times} times)" for what, times in Counter(self.wrongs).most_common(5)]

    def told(self) -> str:
        """Return how often each status came."""
        return ", ".join(f"{times} x {status}" for status, times in sorted(self.statuses.items()))


def measure(asked: Asked, folder: Path) -> Outcome:
    """Overload it for 20 seconds, in full for ten minutes."""
    with sluice_server(folder / "data") as server:
        call = _add_pipeline(server, folder)
        return asyncio.run(_overload(server, call, 600.0 if asked.full else 20.0))


def answered(seconds: float, queue_calls: int, folder: Path) -> Outcome:
    """Overload one with a short queue, and look at the answers alone: memory takes its time to settle."""
    seen = _Seen()
    with sluice_server(folder / "data", {"SLUICE_QUEUE_CALLS": str(queue_calls)}) as server:
        call = _add_pipeline(server, folder)
        asyncio.run(_beat(server.url, call, _TIMES * _CAPACITY, seconds, seen))
    return Outcome(seen.told(), seen.judged())


def _add_pipeline(server: SluiceServer, folder: Path) -> bytes:
    write_increment(folder / "increment.onnx")
    server.call("POST", "models?fileName=increment.onnx", content=(folder / "increment.onnx").read_bytes())
    server.call("POST", "resources?fileName=pre.py", content=_SCRIPT.encode())
    parts = {"name": "slow", "model": "increment", "preProcessing": "pre.py", "workers": _WORKERS}
    server.call("POST", "pipelines", json=parts)
    token = server.call("POST", "tokens", json={"name": "caller", "role": "READ"})["secret"]
    return request("/api/v1/pipelines/slow/predictions", _BODY, {"Authorization": f"Bearer {token}"})


async def _overload(server: SluiceServer, call: bytes, seconds: float) -> Outcome:
    seen = _Seen()
    per_s = _TIMES * _CAPACITY
    await _beat(server.url, call, per_s, _SETTLES_S, seen)  # not weighed: the queue fills
    seen.statuses.clear()
    beating = asyncio.create_task(_beat(server.url, call, per_s, seconds, seen))
    weights = []
    while not (await asyncio.wait([beating], timeout=0.5))[0]:
        weights.append(sum(anonymous_mib(pid) or 0.0 for pid in tree(server.process.pid)))
    await beating
    grown = max(weights) / weights[0] - 1
    if grown > _MOST_GROWTH:
        seen.wrongs.append(f"memory grew by {grown:.0%}, from {weights[0]:.0f} to {max(weights):.0f} MiB")
    figures = [
        f"memory of all processes: {', '.join(f'{mib:.0f}' for mib in weights[:: max(1, len(weights) // 20)])} MiB"
    ]
    reached = f"{seconds:.0f} s at {per_s:.0f}/s: {seen.told()}; memory +{grown:.1%} of {weights[0]:.0f} MiB"
    return Outcome(reached, seen.judged(), figures)


async def _beat(url: str, call: bytes, per_s: float, seconds: float, seen: _Seen) -> None:
    """Call in a steady beat, however long the answers take; connections are kept for further calls."""
    idle: list[Wire] = []
    asking: set[asyncio.Task[None]] = set()

    async def ask() -> None:
        wire = idle.pop() if idle else await Wire.to(url)
        wire.send(call)
        told = await wire.answer()
        seen.judge(told)
        if told.headers.get("connection") == "close":
            wire.close()
        else:
            idle.append(wire)

    begin = time.monotonic()
    for turn in itertools.count():
        due = begin + turn / per_s
        if due > begin + seconds:
            break
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        task = asyncio.create_task(ask())
        asking.add(task)
        task.add_done_callback(asking.discard)
    for ended in await asyncio.gather(*asking, return_exceptions=True):
        if isinstance(ended, BaseException):
            seen.wrongs.append(f"no answer: {type(ended).__name__}: {ended}")
    for wire in idle:
        wire.close()


ROW = Row("overload", "5x capacity: only 200 and 503, memory flat within 10 %", measure)

if __name__ == "__main__":
    main(ROW)
