"""kill -9 of a real server, again and again, while everything is uploaded, replaced and deleted at once.

Wrong is: an acknowledged change is lost, a row has no whole file, a file has no row after the next start, the database
is broken, the next start fails, or a change is refused for no reason.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2

from benchmarks.processes import ServerFailed
from benchmarks.sluice_server import sluice_server
from reliability.models import increment
from reliability.row import Asked, Outcome, Row, main
from reliability.store.changing import PARTS, Changer, State, Where
from reliability.store.left import database_faults, file_faults

_LONGEST_S = 1.5
_LAST_ANSWER_S = 90.0
_POST = b"def process(content):\n    return %d\n"


class Kills:
    """A data folder, those who change it, and what was found in it.

    Args:
        folder: empty.
        seed: of what is changed, and when it is killed.
        url: of an empty PostgreSQL database; without it SQLite's is in the folder.

    Attributes:
        wrongs: everything that mustn't be.
        kills: of the server.
    """

    def __init__(self, folder: Path, seed: int, url: str | None = None) -> None:
        self._data = folder / "data"
        self._url = url
        self._token = secrets.token_urlsafe(24)
        kinds = ("resources", "resources", "resources", "models", "pipelines", "pipelines")
        self._choice = random.Random(seed)
        self._changers = [Changer(kind, number, self._choice.getrandbits(32)) for number, kind in enumerate(kinds)]
        self.wrongs: list[str] = []
        self.kills = 0

    def kill(self, times: int) -> None:
        """Start, look, change and kill so many times; then start and look once more."""
        environment = {"SLUICE_ADMIN_TOKEN": self._token, **({"SLUICE_DATABASE_URL": self._url} if self._url else {})}
        for turn in range(times + 1):
            try:
                with sluice_server(self._data, environment) as server:
                    where = Where(server.url, self._token)
                    if not turn:
                        self._add_parts(where)
                    self._look(where)
                    if turn < times:
                        self._change_until_killed(where, server.process.kill)
                        server.process.wait()
                        self.kills += 1
            except ServerFailed as error:
                self.wrongs.append(f"the next start failed: {error}")
                return

    @property
    def acknowledged(self) -> Counter[str]:
        """How many changes were acknowledged, by their kind."""
        return sum((changer.acknowledged for changer in self._changers), Counter())

    def refusals(self) -> list[str]:
        """Return the answers that weren't good ones, and how often there were."""
        refused = sum((changer.refused for changer in self._changers), Counter[str]())
        return [f"{answer} ({times} times)" for answer, times in refused.most_common()]

    def _change_until_killed(self, where: Where, kill: Any) -> None:
        stopped = threading.Event()
        threads = [threading.Thread(target=changer.work, args=(where, stopped)) for changer in self._changers]
        for thread in threads:
            thread.start()
        time.sleep(self._choice.uniform(0, _LONGEST_S))
        kill()
        stopped.set()
        for thread in threads:
            thread.join(_LAST_ANSWER_S)

    def _add_parts(self, where: Where) -> None:
        with self._client(where) as client:
            client.post(f"models?fileName={PARTS[0]}.onnx", content=increment(PARTS[0])).raise_for_status()
            for number, name in enumerate(PARTS[1:]):
                client.post(f"resources?fileName={name}", content=_POST % number).raise_for_status()

    def _look(self, where: Where) -> None:
        """Compare what is there with what was acknowledged, files with rows, and the database with itself."""
        found: dict[str, dict[str, State]] = {}
        with self._client(where) as client:
            for kind in ("models", "resources", "pipelines"):
                items = client.get(f"{kind}?limit=500").raise_for_status().json()["items"]
                key = "postProcessing" if kind == "pipelines" else "sha256"
                found[kind] = {item["name"]: (item[key],) for item in items}
        named = {state[0] for kind in ("models", "resources") for state in found[kind].values() if state}
        faults = [*file_faults(self._data, named), *database_faults(self._data, self._url)]
        for changer in self._changers:
            for name, states in changer.states.items():
                state = found[changer.kind].get(name)
                if state not in states:
                    faults.append(f"an acknowledged change is lost: {name} is {state}, not of {states}")
                changer.states[name] = {state}
        self.wrongs += [f"after {self.kills} kills {fault}" for fault in faults]

    def _client(self, where: Where) -> httpx2.Client:
        headers = {"Authorization": f"Bearer {self._token}"}
        return httpx2.Client(base_url=f"{where.url}/api/v1/", headers=headers, timeout=60.0, trust_env=False)


def measure(asked: Asked, folder: Path) -> Outcome:
    """Kill a thousand times; in short eight times."""
    return killed(1_000 if asked.full else 8, folder, asked.seed)


def killed(times: int, folder: Path, seed: int, url: str | None = None) -> Outcome:
    """Kill so many times, on SQLite or the PostgreSQL database of an URL."""
    run = Kills(folder, seed, url)
    run.kill(times)
    acknowledged = run.acknowledged
    refusals = [f"refused: {told}" for told in run.refusals()]
    figures = [f"acknowledged: {dict(acknowledged)}"]
    done = f"{run.kills} kills, {acknowledged.total()} acknowledged changes of seed {seed}"
    return Outcome(f"{done}: {len(run.wrongs)} violations", [*run.wrongs, *refusals], figures)


ROW = Row(
    "kill -9 under uploads",
    "1,000 kills: 0 acknowledged changes lost, 0 dangling rows, 0 files left over, the database whole",
    measure,
)

if __name__ == "__main__":
    main(ROW)
