"""Measures memory and the cold start: one server at a time, since servers that share libraries look smaller."""

from __future__ import annotations

import http.client
import secrets
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks import contenders
from benchmarks.contenders import PROCESSES, Served
from benchmarks.load import Target, ask
from benchmarks.processes import START_S, ServerFailed, free_port, pss_mib, running, sharers, surroundings, tree
from benchmarks.report import FASTAPI, LIMIT, OURS, Results
from benchmarks.rows import COLD_START, EXTRA_WORKER, LARGE_MB, LARGE_WORKER, MEMORY
from benchmarks.sharing import extra_worker_mib, table
from benchmarks.sluice_server import COMMAND
from benchmarks.workloads import Workload, workloads

CLIENTS = 8
EXTRA = 2


def measure_memory(rows: Sequence[str], folder: Path, rounds: int, seconds: int, results: Results) -> None:
    """Add the memory after load, and what two more workers add to it."""
    image = workloads(folder)["image"]
    openings: dict[str, Callable[[int], AbstractContextManager[Served]]] = {
        OURS: lambda processes: contenders.sluice(folder, image, {"workers": processes}),
        FASTAPI: lambda processes: contenders.plain_fastapi(folder, image, processes=processes),
    }
    for _ in range(rounds):
        for name, opening in openings.items():
            usual = _memory_mib(opening(PROCESSES), seconds, results)
            if MEMORY in rows:
                results.add(MEMORY, name, {"memory_mib": usual})
            if EXTRA_WORKER in rows:
                more = _memory_mib(opening(PROCESSES + EXTRA), seconds, results)
                results.add(EXTRA_WORKER, name, {"memory_mib": (more - usual) / EXTRA})


def _memory_mib(opening: AbstractContextManager[Served], seconds: int, results: Results) -> float:
    with opening as served:
        ask(served.target)
        served.measure(CLIENTS, seconds)
        pids = tree(served.root)
        if others := sharers(pids):
            results.note(f"Memory looks smaller than it is: {others} other processes use the same library files.")
        return pss_mib(pids)


def measure_large_worker(folder: Path, rounds: int, results: Results) -> None:
    """Add what one more worker takes that shares a large model with the others."""
    workload = table(folder, LARGE_MB)
    for _ in range(rounds):
        results.add(LARGE_WORKER, OURS, {"memory_mib": extra_worker_mib(folder, workload)})


def measure_cold_start(folder: Path, rounds: int, results: Results) -> None:
    """Add the seconds from a command to its first answer; files are in the page cache, as after a restart."""
    digits = workloads(folder)["digits"]
    data = folder / "cold"
    subprocess.run(
        [COMMAND, "demo", "--data-dir", data],
        env=surroundings(),
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=START_S,
    )

    def ours() -> float:
        token, port = secrets.token_urlsafe(24), free_port()
        url = f"http://127.0.0.1:{port}/api/v1/pipelines/digits/predictions"
        command: list[str | Path] = [COMMAND, "serve", "--port", str(port), "--data-dir", data]
        target = Target(url, {"Authorization": f"Bearer {token}"}, digits.body)
        return _first_answer_s(command, {"SLUICE_ADMIN_TOKEN": token}, target, folder)

    def fastapi() -> float:
        port = free_port()
        environment = contenders.app_environment(folder, digits, 1)
        return _first_answer_s(
            contenders.uvicorn_command("fastapi_app", port), environment, contenders.app_target(port, digits), folder
        )

    starts = {OURS: ours, LIMIT: lambda: _loop_start_s(folder, digits), FASTAPI: fastapi}
    for number in range(rounds + 1):
        for name, start in starts.items():
            took_s = start()
            if number:  # the first one also compiles and fills the page cache
                results.add(COLD_START, name, {"cold_s": took_s})


def _first_answer_s(
    command: Sequence[str | Path], environment: Mapping[str, str], target: Target, folder: Path
) -> float:
    log = folder / "cold.txt"
    address = urlsplit(target.url)
    assert address.hostname
    body = target.body.read_bytes()
    begin = time.perf_counter()
    with running(command, environment, log) as process:
        while time.perf_counter() < begin + START_S and process.poll() is None:
            connection = http.client.HTTPConnection(address.hostname, address.port, timeout=START_S)
            try:
                connection.request("POST", address.path, body, dict(target.headers))
                if connection.getresponse().status == http.client.OK:
                    return time.perf_counter() - begin
            except OSError:
                time.sleep(0.002)  # nobody listens yet
            finally:
                connection.close()
    raise ServerFailed(f"{command} didn't answer:\n{log.read_text(errors='replace')[-2000:]}")


def _loop_start_s(folder: Path, workload: Workload) -> float:
    """Return how long a bare process takes to import what the steps need, load them and run."""
    begin = time.perf_counter()
    with contenders.loop(folder, workload) as process:
        contenders.await_ready(process)
        took_s = time.perf_counter() - begin
        assert process.stdin
        process.stdin.close()
    return took_s
