"""Runs a workload's steps in a plain loop, without HTTP, whenever it is told to: what one process can do at best.

    python -m benchmarks.loop FOLDER WORKLOAD THREADS

Each line of standard input is a number of seconds; the answer to it is one line of JSON.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from benchmarks.chain import Chain
from benchmarks.workloads import workloads


def main() -> None:
    """Load, say so, then loop on demand until standard input ends."""
    folder, name, threads = sys.argv[1:]
    workload = workloads(Path(folder))[name]
    chain = Chain(workload, int(threads))
    body = workload.body.read_bytes()
    chain(body)
    print("ready", flush=True)
    for line in sys.stdin:
        begin = now = time.perf_counter()
        end = begin + float(line)
        runs = 0
        while now < end:
            chain(body)
            runs += 1
            now = time.perf_counter()
        print(json.dumps({"rate": runs / (now - begin)}), flush=True)


if __name__ == "__main__":
    main()
