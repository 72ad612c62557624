"""Looks at a server while others call it: is it ready, how much memory has it, is anybody left unburied."""

from __future__ import annotations

import http.client
import threading
import time
from collections import defaultdict
from pathlib import Path
from urllib.parse import urlsplit

from reliability.journal import Journal
from reliability.remains import anonymous_mib, working_in, zombies

_LOOK_EVERY_S = 2.0
_ASK_EVERY_S = 0.2
_MIN_SAMPLES = 5

Samples = list[tuple[float, float]]


class Watch(threading.Thread):
    """Looks again and again until it is told to stop.

    Args:
        server: id of its process.
        url: where it listens.
        data: its folder.
        workers: a file beside the scripts of each pipeline whose workers' memory is looked at, by name.

    Attributes:
        memory: by what, MiB of its own at moments in seconds.
    """

    def __init__(self, server: int, url: str, data: Path, workers: dict[str, str], journal: Journal) -> None:
        super().__init__(daemon=True)
        self._server = server
        self._url = url
        self._data = data
        self._workers = workers
        self._journal = journal
        self.stopped = threading.Event()
        self.memory: dict[str, Samples] = defaultdict(list)
        self.most_zombies = 0

    def run(self) -> None:
        """Look."""
        address = urlsplit(self._url)
        probe = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
        look_at = 0.0
        while not self.stopped.wait(_ASK_EVERY_S):
            self._ask(probe)
            if time.monotonic() >= look_at:
                self._look()
                look_at = time.monotonic() + _LOOK_EVERY_S
        probe.close()

    def _ask(self, probe: http.client.HTTPConnection) -> None:
        try:
            probe.request("GET", "/health/ready")
            answer = probe.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self._journal.wrong(f"the readiness probe failed: {type(error).__name__}: {error}")
            probe.close()
            return
        self._journal.count("asked whether it is ready")
        if answer.status != 200:
            self._journal.wrong(f"it wasn't ready: {answer.status} {told.decode(errors='replace')}")

    def _look(self) -> None:
        now = time.monotonic()
        self.most_zombies = max(self.most_zombies, zombies(self._server))
        looked_at = {"the server": [self._server]}
        looked_at |= {name: working_in(self._data, file) for name, file in self._workers.items()}
        for name, pids in looked_at.items():
            found = [mib for pid in pids if (mib := anonymous_mib(pid)) is not None]
            if found:
                self.memory[name].append((now, max(found)))


def growth_mib(samples: Samples) -> float | None:
    """Return by how much memory grew from the middle of the run's first half to that of its second, robustly.

    The medians of both halves are compared, so that neither a moment's peak nor the warming up at the start counts.
    None where there are too few samples to say.
    """
    half = len(samples) // 2
    if half < _MIN_SAMPLES:
        return None
    first, second = (sorted(mib for _, mib in part) for part in (samples[:half], samples[half:]))
    return second[len(second) // 2] - first[len(first) // 2]
