"""Runs a workload's steps in plain loops, without HTTP, whenever it is told to: what processes can do at best.

    python -m benchmarks.loop FOLDER WORKLOAD THREADS PROCESSES

Each line of standard input is a number of seconds; the answer to it is one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path


def main() -> None:
    """Load, say so, then loop on demand until standard input ends."""
    *workload, processes = sys.argv[1:]
    measure = _alone(*workload) if processes == "1" else _together(workload, int(processes))
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps({"rate": measure(float(line))}), flush=True)


def _alone(folder: str, name: str, threads: str) -> Callable[[float], float]:
    from benchmarks.chain import Chain
    from benchmarks.workloads import workloads

    workload = workloads(Path(folder))[name]
    chain = Chain(workload, int(threads))
    body = workload.body.read_bytes()
    chain(body)

    def measure(seconds: float) -> float:
        begin = now = time.perf_counter()
        runs = 0
        while now < begin + seconds:
            chain(body)
            runs += 1
            now = time.perf_counter()
        return runs / (now - begin)

    return measure


def _together(workload: list[str], processes: int) -> Callable[[float], float]:
    """Start them from here, so that they are one session: where that counts, as for a server, they share one share."""
    command = [sys.executable, "-m", "benchmarks.loop", *workload, "1"]
    children = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(processes)
    ]
    for child in children:
        _line(child)

    def measure(seconds: float) -> float:
        for child in children:
            assert child.stdin
            child.stdin.write(f"{seconds}\n")
            child.stdin.flush()
        return sum(float(json.loads(_line(child))["rate"]) for child in children)

    return measure


def _line(child: subprocess.Popen[str]) -> str:
    assert child.stdout
    return child.stdout.readline()


if __name__ == "__main__":
    main()
