"""Proves that forked workers with a shared model are cheap, exact and reliable, on a model made on the spot.

It prints the memory of one more worker, compares answers bit for bit with a session in this process, kills workers a
thousand times, idle and at work, and looks for what is left behind. The exit status is 1 if anything is wrong.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from benchmarks.client import Client, spread
from benchmarks.load import Target
from benchmarks.processes import alive, states, tree, workers
from benchmarks.proof import Proof
from benchmarks.sharing import bring_up, extra_worker_mib, table
from benchmarks.sluice_server import SluiceServer, sluice_server
from benchmarks.workloads import Workload

CLIENTS = 4
HANG_S = 10.0
GOAL_MIB = 5.0
WIDTH = 512


def main() -> None:
    """Run all proofs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.zygotes", description=__doc__.partition("\n")[0])
    parser.add_argument("--megabytes", type=int, default=200, help="of the model (200)")
    parser.add_argument("--runs", type=int, default=10_000, help="compared bit for bit (10000)")
    parser.add_argument("--goal", type=float, default=GOAL_MIB, help=f"most MiB of one more worker ({GOAL_MIB:g})")
    parser.add_argument("--respawns", type=int, default=1_000, help="of killed workers (1000)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    proof = Proof()
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as name:
        folder = Path(name)
        workload = table(folder, options.megabytes)
        body = workload.body.read_bytes()
        rows = options.megabytes * 1_000_000 // (4 * WIDTH)
        _prove_memory(proof, folder, workload, options.goal)
        half = options.respawns // 2
        with sluice_server(folder / "data-one") as server:
            target = server.add_pipeline(workload, policy={"workers": 1})
            _prove_idle_respawns(proof, server, target, body, half)
            seen = alive(tree(server.process.pid))
        _prove_gone(proof, "after SIGTERM", seen)
        with sluice_server(folder / "data-two") as server:
            target = server.add_pipeline(workload, policy={"workers": 2})
            _prove_busy_respawns(proof, server, target, body, options.respawns - half)
            _prove_bits(proof, workload, target, rows, options.runs)
        _prove_kill(proof, folder, workload)
    sys.exit(not proof.good)


def _prove_memory(proof: Proof, folder: Path, workload: Workload, goal_mib: float) -> None:
    each = extra_worker_mib(folder, workload)
    proof.finds(each <= goal_mib, f"one more worker takes {each:.1f} MiB (at most {goal_mib:g})")


def _prove_bits(proof: Proof, workload: Workload, target: Target, rows: int, runs: int) -> None:
    from benchmarks.chain import Chain  # only now: a process that uses onnxruntime makes others look smaller

    chain = Chain(workload)
    numbers = np.random.default_rng(5).integers(0, rows, (runs, 2), np.int64)
    bodies = [row.tobytes() for row in numbers]
    begin = time.perf_counter()

    def differing(share: list[bytes]) -> int:
        client = Client(target, HANG_S)
        return sum(client.ask(body).body != f'"{chain(body)}"'.encode() for body in share)

    with ThreadPoolExecutor(CLIENTS) as threads:
        different = sum(threads.map(differing, [bodies[number::CLIENTS] for number in range(CLIENTS)]))
    took_s = time.perf_counter() - begin
    proof.finds(different == 0, f"{runs} runs in {took_s:.0f} s, {different} differ from a session in this process")


def _prove_idle_respawns(proof: Proof, server: SluiceServer, target: Target, body: bytes, respawns: int) -> None:
    """Kill the only worker while it waits; the next call needs the new one."""
    client = Client(target, HANG_S)
    wanted = client.ask(body).body
    took_ms: list[float] = []
    failed: Counter[str] = Counter()
    zombies = 0
    for _ in range(respawns):
        _kill_one(server)
        try:
            answer = client.ask(body)
        except TimeoutError:
            failed["no answer"] += 1
            client = Client(target, HANG_S)
            continue
        took_ms.append(answer.took_ms)
        if answer.body != wanted:
            failed[answer.body.decode(errors="replace")[:200]] += 1
        zombies = max(zombies, _zombies(server.process.pid))
    told = f"the next call: {spread(took_ms)}; failed: {dict(failed) or 'none'}"
    proof.finds(not failed, f"{respawns} idle workers killed; {told}")
    left = not _settles(lambda: _zombies(server.process.pid) == 0)
    proof.finds(not left, f"no zombie is left; at most {zombies} were there at a time")


def _prove_busy_respawns(proof: Proof, server: SluiceServer, target: Target, body: bytes, respawns: int) -> None:
    """Kill one worker after the other under load; each may cost the call that it ran."""
    stop = threading.Event()
    answers: Counter[str] = Counter()
    wanted = Client(target).ask(body).body

    def ask() -> None:
        client = Client(target, HANG_S)
        while not stop.is_set():
            try:
                answer = client.ask(body)
            except TimeoutError:
                answers["no answer"] += 1
                client = Client(target, HANG_S)
                continue
            told = answer.body.decode(errors="replace")
            answers["right" if answer.body == wanted else "worker died" if "worker-died" in told else told[:200]] += 1

    killed = 0
    with ThreadPoolExecutor(CLIENTS) as threads:
        asking = [threads.submit(ask) for _ in range(CLIENTS)]
        end = time.monotonic() + respawns
        try:
            while killed < respawns and time.monotonic() < end:
                enough = answers["right"] + 2 * CLIENTS
                killed += _kill_one(server)
                _settles(lambda enough=enough: answers["right"] >= enough)
        finally:
            stop.set()
    for future in asking:
        future.result()
    good = killed == respawns and set(answers) <= {"right", "worker died"} and answers["worker died"] <= killed
    proof.finds(good, f"{killed} workers killed at work; answers: {dict(answers)}")


def _kill_one(server: SluiceServer) -> bool:
    """Kill the oldest worker, which isn't one that still loads; tell whether there was one."""
    found = alive(workers(server.process.pid))
    if not found:
        return False
    pid, _ = min(found, key=lambda worker: int(worker[1]))
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:  # it has just ended
        return False
    return True


def _prove_kill(proof: Proof, folder: Path, workload: Workload) -> None:
    with sluice_server(folder / "data-killed") as server:
        target = server.add_pipeline(workload)
        bring_up(server.process.pid, target, 2)
        seen = alive(tree(server.process.pid))
        server.process.kill()
        server.process.wait()
        _prove_gone(proof, "after kill -9 of the server", seen)


def _prove_gone(proof: Proof, when: str, seen: set[tuple[int, str]]) -> None:
    gone = _settles(lambda: not seen & alive([pid for pid, _ in seen]))
    proof.finds(gone, f"{when} none of its {len(seen)} processes is left")


def _zombies(root: int) -> int:
    known = states()
    return sum(1 for pid in tree(root) if known.get(pid, ("", 0))[0] == "Z")


def _settles(condition: object, within_s: float = HANG_S) -> bool:
    assert callable(condition)
    end = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.005)
    return True


if __name__ == "__main__":
    main()
