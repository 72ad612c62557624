"""The ready probe tells whether workers can be started, not whether the server can still answer."""

from __future__ import annotations

import http.client
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.processes import states
from benchmarks.sluice_server import SluiceServer, sluice_server


@contextmanager
def probing(server: SluiceServer) -> Iterator[Callable[[str], int]]:
    """Give what asks a probe for its status, over one connection."""
    address = urlsplit(server.url)
    with closing(http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)) as connection:

        def status(probe: str) -> int:
            connection.request("GET", f"/health/{probe}")
            answer = connection.getresponse()
            answer.read()
            return answer.status

        yield status


def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_not_ready_for_as_long_as_no_worker_can_start(tmp_path: Path) -> None:
    with sluice_server(tmp_path / "data") as server, probing(server) as status:
        until(lambda: status("ready") == 200)
        pid = server.process.pid
        (base,) = (child for child, (_, parent) in states().items() if parent == pid)
        limit = resource.prlimit(pid, resource.RLIMIT_NOFILE)
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (3, limit[1]))  # so that it can't start another one
        os.kill(base, signal.SIGKILL)
        until(lambda: status("ready") == 503)
        assert [status("ready") for _ in range(20)] == [503] * 20
        assert status("live") == 200
        resource.prlimit(pid, resource.RLIMIT_NOFILE, limit)
        until(lambda: status("ready") == 200)
