"""What happens to good pipelines from outside: their processes are killed, their parts are replaced."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx2

from benchmarks.processes import states
from benchmarks.sluice_server import Refused, SluiceServer
from benchmarks.workloads import Workload
from reliability.callers import Good, Judge
from reliability.deeds import DIED
from reliability.journal import Journal
from reliability.models import write_increment
from reliability.remains import working_in

_KILL_EVERY_S = 1.0
_CHANGE_EVERY_S = 1.5
_PAUSE_S = 0.05
_MARK, _POST = "killed.txt", "changed_post.py"
_QUESTIONS = [(b'{"numbers":[[%d,%d,%d,%d]]}' % ((n,) * 4), b"%d" % (n + 1)) for n in (1, 20, 300, 4000)]
_SOURCE = b"def process(content):\n    return [%d, int(content[0].max())]\n"


class Disturber(threading.Thread):
    """Does something again and again until it is told to stop."""

    def __init__(self, every_s: float, disturb: Callable[[], None]) -> None:
        super().__init__(daemon=True)
        self._every_s = every_s
        self._disturb = disturb
        self.stopped = threading.Event()

    def run(self) -> None:
        """Do it."""
        while not self.stopped.wait(self._every_s):
            self._disturb()


def add_killed(server: SluiceServer, folder: Path, data: Path, journal: Journal) -> tuple[Good, Disturber]:
    """Add a pipeline; return how to call it, and what kills its workers and now and then all that they come from."""
    model = _add_model(server, folder / "killed.onnx")
    server.call("POST", f"resources?fileName={_MARK}", content=b"Its workers are known by this file.")
    server.call("POST", "pipelines", json={"name": "killed", "model": "killed", "dataFiles": [_MARK], "workers": 2})
    chance = random.Random(7)

    def kill() -> None:
        # The oldest, if any serves: what nobody lets load at all is broken.
        workers = working_in(data, _MARK)
        if not workers or server.call("GET", "pipelines/killed")["state"] != "ready":
            return
        worker = min(workers)
        all_of_them = chance.random() < 0.2
        victim = states().get(worker, ("", 0))[1] if all_of_them else worker
        with suppress(ProcessLookupError):
            pidfd = os.pidfd_open(victim)
            if worker in working_in(data, _MARK):  # so the id is still that of the one that is meant
                signal.pidfd_send_signal(pidfd, signal.SIGKILL)
                journal.count("kill -9 of a zygote" if all_of_them else "kill -9 of a worker")
            os.close(pidfd)

    questions = [(body, b'{"sums":[[%s]]}' % b",".join([right + b".0"] * 4)) for body, right in _QUESTIONS]
    good = Good("killed", server.target("killed", _any(model)), questions, _PAUSE_S, losses=(DIED,))
    return good, Disturber(_KILL_EVERY_S, kill)


def add_changed(server: SluiceServer, folder: Path, journal: Journal) -> tuple[Good, Disturber]:
    """Add a pipeline; return how to call it, and what replaces its parts; no answer may be of an older revision."""
    model = _add_model(server, folder / "changed.onnx")
    server.call("POST", f"resources?fileName={_POST}", content=_SOURCE % 0)
    server.call("POST", "pipelines", json={"name": "changed", "model": "changed", "postProcessing": _POST})
    current, newest = 0, 0

    def change() -> None:
        nonlocal current, newest
        newest += 1
        try:
            server.call("PUT", f"resources/{_POST}/content", content=_SOURCE % newest)
            current = newest
            server.call("PATCH", "pipelines/changed", json={"workers": 1 + newest % 2}, headers={"If-Match": "*"})
        except (Refused, httpx2.TransportError) as error:
            journal.wrong("a part couldn't be replaced", f"{type(error).__name__}: {error}")
        journal.count("replaced a script and a policy")

    def judge() -> Judge:
        oldest = current

        def is_right(answer: bytes, right: bytes) -> bool:
            revision, value = json.loads(answer)
            return bool(value == int(right) and oldest <= revision <= newest)

        return is_right

    good = Good("changed", server.target("changed", _any(model)), _QUESTIONS, _PAUSE_S, judge=judge)
    return good, Disturber(_CHANGE_EVERY_S, change)


def remove_disturbed(server: SluiceServer) -> None:
    """Delete both pipelines with their parts."""
    for path in (
        "pipelines/killed", "pipelines/changed", "models/killed", "models/changed",
        f"resources/{_MARK}", f"resources/{_POST}",
    ):  # fmt: skip
        server.call("DELETE", path)


def _add_model(server: SluiceServer, path: Path) -> Path:
    write_increment(path)  # as no other: equal models would share their zygote, and be killed with it
    server.call("POST", f"models?fileName={path.name}", content=path.read_bytes())
    return path


def _any(model: Path) -> Workload:
    return Workload("any", model, model, model, model, "application/json")
