"""Starts servers, looks at the processes that they consist of, and ends them, by process id only."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

START_S = 60.0
STOP_S = 20.0


class ServerFailed(Exception):
    """A server didn't start; the message ends with what it logged."""


@contextmanager
def running(
    command: Sequence[str | Path], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server; end it and all that it started."""
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, env={**surroundings(), **environment}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield server
    finally:
        _stop(server)


def surroundings() -> dict[str, str]:
    """Return this environment without what changes how a server runs."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SLUICE_") and name not in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED")
    }


def wait_until(server: subprocess.Popen[bytes], log: Path, ready: Callable[[], bool]) -> None:
    """Return when it is ready.

    Raises:
        ServerFailed: it ended, or it takes too long.
    """
    end = time.monotonic() + START_S
    while not ready():
        if server.poll() is not None or time.monotonic() > end:
            raise ServerFailed(f"{server.args!r} didn't start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.01)


def tree(root: int) -> list[int]:
    """Return the ids of a process and of all that descend from it."""
    children: dict[int, list[int]] = {}
    for pid, (_, parent) in states().items():
        children.setdefault(parent, []).append(pid)
    found = [root]
    for pid in found:
        found += children.get(pid, ())
    return found


def states() -> dict[int, tuple[str, int]]:
    """Return the state letter and the parent of every process of this machine."""
    found = {}
    for entry in os.scandir("/proc"):
        if entry.name.isdigit():
            try:
                fields = Path(entry.path, "stat").read_text().rpartition(")")[2].split()
            except OSError:  # it ended meanwhile
                continue
            found[int(entry.name)] = fields[0], int(fields[1])
    return found


def alive(pids: Sequence[int]) -> set[tuple[int, str]]:
    """Return those that are there, zombies too, with their start times: an id alone may be another's by now."""
    found = set()
    for pid in pids:
        try:
            found.add((pid, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]))
        except OSError:
            continue
    return found


def pss_mib(pids: Sequence[int]) -> float:
    """Return the memory of processes in MiB; what they share with others counts by the number of sharers."""
    return _mapped_mib(pids, ("Pss:",))


def written_mib(pids: Sequence[int]) -> float:
    """Return the same without the files that they map, of which libraries look smaller where others map them too."""
    return _mapped_mib(pids, ("Pss_Anon:", "Pss_Shmem:"))


def workers(server: int) -> list[int]:
    """Return the ids of a server's workers: what its base zygote's zygotes forked."""
    known = states()
    generation = {server}
    for _ in range(3):
        generation = {pid for pid, (_, parent) in known.items() if parent in generation}
    return list(generation)


def sharers(pids: Sequence[int], library: str = "onnxruntime_pybind11_state") -> int:
    """Return how many other processes share a library with these, which makes their memory look smaller."""
    mapped = {pid: files for pid in states() if (files := _mapped(pid, library))}
    own = set().union(*(mapped.get(pid, set()) for pid in pids))
    return sum(1 for pid, files in mapped.items() if pid not in pids and files & own)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _mapped_mib(pids: Sequence[int], kinds: tuple[str, ...]) -> float:
    kilobytes = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        kilobytes += sum(int(line.split()[1]) for line in lines if line.startswith(kinds))
    return kilobytes / 1024


def _mapped(pid: int, library: str) -> set[str]:
    try:
        lines = Path(f"/proc/{pid}/maps").read_text().splitlines()
    except OSError:
        return set()
    return {" ".join(line.split()[3:5]) for line in lines if library in line}


def _stop(server: subprocess.Popen[bytes]) -> None:
    pids = tree(server.pid)
    server.terminate()
    try:
        server.wait(STOP_S)
    except subprocess.TimeoutExpired:
        for pid in pids:
            _kill(pid)
        server.wait()


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
