"""Models that were damaged, and models that are bombs, uploaded to a server: it refuses or takes them, and lives.

Some of those that it takes are run, too. Nothing may be answered with a 5xx but what says that it can't be done now.
"""

from __future__ import annotations

import itertools
import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.client import Client
from benchmarks.load import Target
from benchmarks.processes import tree
from benchmarks.sluice_server import SluiceServer, sluice_server
from reliability.journal import Journal
from reliability.judging import shown
from reliability.models import write_counter, write_increment
from reliability.mutants import BOMBS, mutant
from reliability.row import Asked, Outcome, Row, main

_EXAMPLES = Path(__file__).parents[1] / "examples"
_UPLOADERS = 2  # as many as are inspected at a time
_RUN_EVERY = 25
_TAKEN = (201,)
_REFUSED = (400, 409, 422)
# What running a model may come to, beside an answer: it needs other inputs, dies, takes too long, doesn't load again.
_RUN_STATUSES = (200, 422, 500, 503, 504)
_LIMITS = {"SLUICE_INSPECT_MEMORY_MB": "1024", "SLUICE_DEADLINE_S": "5"}

Named = tuple[str, bytes]


class _Shared:
    """The same models for several threads: each goes to one of them."""

    def __init__(self, models: Iterator[Named]) -> None:
        self._models = models
        self._turn = threading.Lock()

    def __iter__(self) -> Iterator[Named]:
        return self

    def __next__(self) -> Named:
        with self._turn:
            return next(self._models)


class _Uploader(threading.Thread):
    """Uploads what it is given, and deletes what was taken."""

    def __init__(self, server: SluiceServer, token: str, models: Iterator[Named], journal: Journal) -> None:
        super().__init__(daemon=True)
        self._url = f"{server.url}/api/v1"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._models = models
        self._journal = journal
        self.counts: Counter[str] = Counter()

    def run(self) -> None:
        """Upload."""
        for name, content in self._models:
            upload = self._client(f"/models?fileName={name}.onnx")
            answer = upload.ask(content)
            upload.close()
            kind = name.partition("-")[0]
            self.counts[f"{kind}: {answer.status}"] += 1
            if answer.status in _TAKEN:
                self._use(json.loads(answer.body)["name"])
            elif answer.status not in _REFUSED:
                self._journal.wrong(f"{kind} was answered with {answer.status}", f"{name}: {shown(answer)}")

    def _use(self, name: str) -> None:
        if sum(self.counts.values()) % _RUN_EVERY == 0:
            running = self._client(f"/models/{name}/predictions")
            answer = running.ask(b"{}")
            running.close()
            self.counts[f"run: {answer.status}"] += 1
            if answer.status not in _RUN_STATUSES or b"internal-error" in answer.body:
                self._journal.wrong(f"running one was answered with {answer.status}", shown(answer))
        deleting = self._client(f"/models/{name}", "DELETE")
        if (answer := deleting.ask(b"")).status != 204:
            self._journal.wrong("one couldn't be deleted", shown(answer))
        deleting.close()

    def _client(self, path: str, method: str = "POST") -> Client:
        return Client(Target(f"{self._url}{path}", self._headers, Path()), method=method)


def measure(asked: Asked, folder: Path) -> Outcome:
    """Upload 100,000 mutants, in short 600, and all bombs."""
    return uploaded(100_000 if asked.full else 600, folder, asked.seed)


def uploaded(times: int, folder: Path, seed: int, inspect_timeout_s: int = 10) -> Outcome:
    """Upload so many mutants, always the same of a seed, and all bombs.

    Args:
        times: how many.
        folder: empty.
        seed: of the mutants.
        inspect_timeout_s: after how long a bomb that never ends is refused.
    """
    journal = Journal()
    models = _Shared(itertools.chain(_bombs(), _mutants(_kinds(folder), times, random.Random(seed))))
    data = folder / "data"
    with sluice_server(data, {**_LIMITS, "SLUICE_INSPECT_TIMEOUT_S": str(inspect_timeout_s)}) as server:
        token = server.call("POST", "tokens", json={"name": "uploader", "role": "ADMIN"})["secret"]
        uploaders = [_Uploader(server, token, models, journal) for _ in range(_UPLOADERS)]
        for uploader in uploaders:
            uploader.start()
        for uploader in uploaders:
            uploader.join()
        if server.process.poll() is not None:
            journal.wrong("the server died")
        elif server.call("GET", "models")["items"]:
            journal.wrong("models are left that were deleted")
        left = len(tree(server.process.pid))
    if "Traceback" in (log := (data / "log.txt").read_text(errors="replace")):
        journal.wrong(f"the server's log has a traceback: {log[log.index('Traceback') :][:2000]}")
    counts = sum((uploader.counts for uploader in uploaders), Counter[str]())
    taken = counts["mutant: 201"]
    answered = sum(count for what, count in counts.items() if not what.startswith("run"))
    if answered != times + len(BOMBS):
        journal.wrong(f"{answered} of {times + len(BOMBS)} models were answered")
    figures = [*(f"{what}: {n}" for what, n in sorted(counts.items())), f"processes at the end: {left}"]
    wrongs = journal.wrongs()
    reached = f"{times} mutants of seed {seed} ({taken} of them load) and {len(BOMBS)} bombs: {len(wrongs)} wrongs"
    return Outcome(reached, wrongs, figures)


def _kinds(folder: Path) -> list[bytes]:
    """Return valid models: layers of a network, operators of ai.onnx.ml, arithmetic, a loop with a graph of its own."""
    write_increment(folder / "increment.onnx")
    write_counter(folder / "counter.onnx")
    examples = [_EXAMPLES / "digits" / "digits.onnx", _EXAMPLES / "iris" / "iris.onnx"]
    return [path.read_bytes() for path in (*examples, folder / "increment.onnx", folder / "counter.onnx")]


def _mutants(kinds: list[bytes], times: int, chance: random.Random) -> Iterator[Named]:
    for number in range(times):
        yield f"mutant-{number}", mutant(kinds, chance)


def _bombs() -> Iterator[Named]:
    make: Callable[[], bytes]
    for name, make in BOMBS.items():
        yield f"bomb-{name}", make()


ROW = Row("bad models", "100,000 mutants and the bombs: 0 server deaths", measure)

if __name__ == "__main__":
    main(ROW)
