"""Who is measured: Sluice, plain FastAPI, and the limit, which is a bare HTTP server or a loop without HTTP."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from benchmarks import apps
from benchmarks.load import Measured, Target, load
from benchmarks.processes import free_port, running, surroundings, wait_until
from benchmarks.sluice_server import sluice_server, with_basic
from benchmarks.workloads import Workload

PROCESSES = 2
_numbers = itertools.count(1)


class Contender(Protocol):
    """Something that runs a workload and can be measured again and again."""

    def measure(self, connections: int, seconds: int) -> Measured:
        """Return its rate and latencies under a closed loop."""


@dataclass(frozen=True)
class Served:
    """A server; `root` is its main process."""

    target: Target
    root: int

    def measure(self, connections: int, seconds: int) -> Measured:
        """Load it."""
        return load(self.target, connections, seconds)


@dataclass(frozen=True)
class Loops:
    """Processes that run the steps without HTTP, at the same time; `process` commands them."""

    process: subprocess.Popen[str]

    def measure(self, connections: int, seconds: int) -> Measured:
        """Add up what they do."""
        assert self.process.stdin
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return Measured(json.loads(_line(self.process))["rate"])


@contextmanager
def sluice(folder: Path, workload: Workload, policy: Mapping[str, Any], basic: bool = False) -> Iterator[Served]:
    """Run a server with one pipeline, to be called with an API token or with HTTP Basic."""
    data = folder / f"data-{next(_numbers)}"
    with sluice_server(data) as server:
        server.add_pipeline(workload, policy={"workers": PROCESSES, **policy})
    with sluice_server(data) as server:  # again: what looks at uploads stays for a while, and takes memory
        target = server.target(workload.name, workload)
        yield Served(with_basic(target) if basic else target, server.process.pid)


@contextmanager
def plain_fastapi(folder: Path, workload: Workload, threads: int = 1, processes: int = PROCESSES) -> Iterator[Served]:
    """Run what one writes instead."""
    with _uvicorn(folder, "fastapi_app", workload, threads, processes) as served:
        yield served


@contextmanager
def bare_http(folder: Path, workload: Workload) -> Iterator[Served]:
    """Run a server that only receives."""
    with _uvicorn(folder, "bare_app", workload) as served:
        yield served


@contextmanager
def loops(folder: Path, workload: Workload, processes: int, threads: int) -> Iterator[Loops]:
    """Run loops without HTTP."""
    with loop(folder, workload, threads, processes) as process:
        await_ready(process)
        yield Loops(process)


def loop(folder: Path, workload: Workload, threads: int = 1, processes: int = 1) -> subprocess.Popen[str]:
    """Start loops, which say `ready` and then run on demand; they end with their standard input."""
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.loop", folder, workload.name, str(threads), str(processes)],
        env=surroundings(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def await_ready(process: subprocess.Popen[str]) -> None:
    """Return when a loop's process has loaded everything and run once."""
    _line(process)


def uvicorn_command(app: str, port: int, processes: int = PROCESSES) -> list[str]:
    """Return how to run one of our applications in several processes."""
    command = [sys.executable, "-m", "uvicorn", f"benchmarks.apps:{app}", "--factory", "--port", str(port)]
    return [*command, "--workers", str(processes), "--no-access-log", "--loop", "uvloop", "--http", "httptools"]


def app_environment(folder: Path, workload: Workload, threads: int) -> dict[str, str]:
    """Return what tells our applications what to serve."""
    return {apps.FOLDER: str(folder), apps.WORKLOAD: workload.name, apps.THREADS: str(threads)}


def app_target(port: int, workload: Workload) -> Target:
    """Return how to call one of our applications."""
    return Target(f"http://127.0.0.1:{port}{apps.PATH}", {"Content-Type": workload.content_type}, workload.body)


@contextmanager
def _uvicorn(
    folder: Path, app: str, workload: Workload, threads: int = 1, processes: int = PROCESSES
) -> Iterator[Served]:
    log, port = folder / f"{app}-{next(_numbers)}.txt", free_port()
    command = uvicorn_command(app, port, processes)
    with running(command, app_environment(folder, workload, threads), log) as process:
        wait_until(process, log, lambda: log.read_text().count("Application startup complete") == processes)
        yield Served(app_target(port, workload), process.pid)


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise RuntimeError(f"{process.args!r} ended early.")
    return line
