"""Tagged calls over all dialects, pipelined on kept connections, with callers that leave and workers that are killed.

Each call asks for a number of its own, and its answer must hold just that.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.sluice_server import SluiceServer, sluice_server
from reliability.disturbing import add_killed
from reliability.journal import Journal
from reliability.row import Asked, Outcome, Row, main
from reliability.wire import Told, Wire, request

_LINES = 24
_MOST_AT_ONCE = 12
_LEAVES = 0.02
_MOST_WRONGS = 100
_EXACT = 1 << 24  # float32 holds whole numbers up to here
# What a call may get whose worker was killed, or that came before there was a new one.
_LOSSES = frozenset({500, 503, 504})


@dataclass(frozen=True)
class _Dialect:
    path: str
    headers: dict[str, str]

    def ask(self, number: int) -> bytes:
        """Return the request that wants `number + 1`."""
        tensor = {"name": "numbers", "shape": [1, 4], "datatype": "FP32", "data": [number] * 4}
        asked = {"id": str(number), "inputs": [tensor]} if "/v2/" in self.path else {"numbers": [[number] * 4]}
        return request(self.path, json.dumps(asked).encode(), self.headers)

    def answers(self, body: bytes) -> set[float]:
        """Return all numbers that an answer holds."""
        told = json.loads(body)
        if "outputs" in told:
            return {*told["outputs"][0]["data"], int(told["id"]) + 1}
        return set(told["sums"][0] if "sums" in told else told["outputs"][0]["sums"][0])


@dataclass
class _Tally:
    wanted: int
    numbers: Iterator[int] = field(default_factory=itertools.count)
    counts: Counter[str] = field(default_factory=Counter)
    wrongs: Counter[str] = field(default_factory=Counter)

    @property
    def right(self) -> int:
        return self.counts["right"]

    @property
    def over(self) -> bool:
        """Whether all came that were wanted, or so much else that they won't."""
        others = self.counts.total() - self.right
        return self.right >= self.wanted or self.wrongs.total() >= _MOST_WRONGS or others > self.wanted + _MOST_WRONGS

    def judge(self, dialect: _Dialect, number: int, told: Told) -> None:
        """Count an answer to a call."""
        if told.status == 200:
            found = dialect.answers(told.body)
            if found == {float(number + 1)}:
                self.counts["right"] += 1
            else:
                self.wrongs[f"an answer of somebody else, over {dialect.path}: {found} for {number}"] += 1
        elif told.status in _LOSSES:
            self.counts[f"lost ({told.status})"] += 1
        else:
            self.wrongs[f"{told.status} over {dialect.path}: {told.body[:300]!r}"] += 1


def measure(asked: Asked, folder: Path) -> Outcome:
    """Make 20,000 calls, in full a million."""
    return called(1_000_000 if asked.full else 20_000, folder, asked.seed)


def called(wanted: int, folder: Path, seed: int) -> Outcome:
    """Call until so many answers were right; which line asks what, and leaves when, is always the same of a seed."""
    journal = Journal()
    tally = _Tally(wanted)
    with sluice_server(folder / "data", {"SLUICE_QUEUE_CALLS": "1000"}) as server:
        _, killer = add_killed(server, folder, folder / "data", journal)
        dialects = _dialects(server)
        killer.start()
        begin = time.monotonic()
        asyncio.run(_all(server.url, dialects, tally, seed))
        took_s = time.monotonic() - begin
        killer.stopped.set()
        killer.join()
    wrongs = [*journal.wrongs(), *(f"{what} ({times} times)" for what, times in tally.wrongs.most_common(5))]
    if tally.right < wanted:
        wrongs.append(f"{tally.right} answers were right, of {wanted} that were wanted")
    crossed = sum(times for what, times in tally.wrongs.items() if "somebody else" in what)
    reached = f"{crossed} in {tally.right} answers, seed {seed}"
    counts = {**tally.counts, **journal.counts}
    return Outcome(reached, wrongs, [f"{took_s:.0f} s", *(f"{what}: {n}" for what, n in counts.items())])


def _dialects(server: SluiceServer) -> list[_Dialect]:
    token = server.call("POST", "tokens", json={"name": "caller", "role": "READ"})["secret"]
    headers = {"Authorization": f"Bearer {token}"}
    return [
        _Dialect("/api/v1/pipelines/killed/predictions", headers),
        _Dialect("/api/v1/pipelines/killed/predictions?trace=false", headers),  # not by the shortcut
        _Dialect("/service/zementis/onnx/apply/killed", headers),
        _Dialect("/v2/models/killed/infer", headers),
    ]


async def _all(url: str, dialects: list[_Dialect], tally: _Tally, seed: int) -> None:
    chances = [random.Random(seed * _LINES + line) for line in range(_LINES)]
    await asyncio.gather(*(_line(url, dialects, tally, chance) for chance in chances))


async def _line(url: str, dialects: list[_Dialect], tally: _Tally, chance: random.Random) -> None:
    """Ask over one connection, a few calls at a time; leave now and then in the middle, and come again."""
    wire: Wire | None = None
    while not tally.over:
        wire = wire or await Wire.to(url)
        calls = [
            (chance.choice(dialects), next(tally.numbers) % _EXACT) for _ in range(chance.randint(1, _MOST_AT_ONCE))
        ]
        wire.send(b"".join(dialect.ask(number) for dialect, number in calls))
        leaves_after = chance.randrange(len(calls)) if chance.random() < _LEAVES else len(calls)
        try:
            for dialect, number in calls[:leaves_after]:
                tally.judge(dialect, number, await wire.answer())
        except (OSError, EOFError, TimeoutError) as error:
            tally.wrongs[f"no answer: {type(error).__name__}: {error}"] += 1
            leaves_after = 0
        if leaves_after < len(calls):
            tally.counts["left in the middle"] += 1
            wire.close()
            wire = None
    if wire:
        wire.close()


ROW = Row("answers crossed", "0 in 1,000,000 tagged calls between callers", measure)

if __name__ == "__main__":
    main(ROW)
