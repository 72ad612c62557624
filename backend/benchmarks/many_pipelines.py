"""Shows what many pipelines cost on one server: memory while nobody calls, and the first and the next call of each.

Each pipeline has a model of its own. They are added, the server is started again, so that all are idle, and each is
called: once cold, then warm. At last it is shown what the server still holds when all have been idle for long enough to
give their processes back, and what the first call after that costs. The exit status is 1 if anything takes more than it
may: about half as much again as was measured on a quiet machine, a call three times as long.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.client import Client, spread
from benchmarks.load import Target
from benchmarks.models import write_flower
from benchmarks.processes import START_S, pss_mib, sharers, tree, workers
from benchmarks.proof import Proof
from benchmarks.sluice_server import SluiceServer, sluice_server
from benchmarks.workloads import SCRIPTS, Workload

WARM_CALLS = 20
COLD_MS, WARM_MS = 80.0, 2.0  # most that a median may be
IDLE_MIB, GIVEN_BACK_MIB = 170.0, 210.0
EACH_MIB = 15.0  # of a pipeline that was called


def main() -> None:
    """Measure what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.many_pipelines", description=__doc__.partition("\n")[0])
    parser.add_argument("--pipelines", type=int, default=100, help="how many (100)")
    parser.add_argument("--idle", type=float, default=30.0, help="SLUICE_IDLE_S of the server (30)")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    proof = Proof()
    with tempfile.TemporaryDirectory(prefix="sluice-bench-") as name:
        folder = Path(name)
        added = _workloads(folder, options.pipelines)
        with sluice_server(folder / "data") as server:
            begin = time.perf_counter()
            for workload in added:
                server.add_pipeline(workload)
            took_s = time.perf_counter() - begin
            print(f"{len(added)} pipelines added in {took_s:.1f} s, each loaded once on the way")
            _look(server, "after adding them")
        begin = time.perf_counter()
        with sluice_server(folder / "data", {"SLUICE_IDLE_S": f"{options.idle:g}"}) as server:
            print(f"started again in {time.perf_counter() - begin:.2f} s")
            before_mib = _look(server, "idle, before any call")
            proof.finds(before_mib <= IDLE_MIB, f"idle it takes {before_mib:.0f} MiB (at most {IDLE_MIB:g})")
            targets = [server.target(workload.name, workload) for workload in added]
            body = added[0].body.read_bytes()
            _call_all(proof, targets, body)
            each_mib = (_look(server, "after the calls") - before_mib) / len(targets)
            proof.finds(each_mib <= EACH_MIB, f"one that was called takes {each_mib:.1f} MiB (at most {EACH_MIB:g})")
            _await_idle(server, 3 * options.idle + START_S)
            left_mib = _look(server, "given back")
            proof.finds(left_mib <= GIVEN_BACK_MIB, f"then it takes {left_mib:.0f} MiB (at most {GIVEN_BACK_MIB:g})")
            _judge(proof, "first call after that", [_took_ms(Client(target), body) for target in targets], COLD_MS)
    sys.exit(not proof.good)


def _workloads(folder: Path, count: int) -> list[Workload]:
    made = []
    for number in range(count):
        name = f"flower-{number}"
        write_flower(folder, name, shift=number / 1000)
        pre, post = SCRIPTS / "flower_pre.py", SCRIPTS / "flower_post.py"
        made.append(Workload(name, folder / f"{name}.onnx", pre, post, folder / "flower.json", "application/json"))
    return made


def _call_all(proof: Proof, targets: list[Target], body: bytes) -> None:
    clients = [Client(target) for target in targets]
    cold, warm, again = [], [], []
    for client in clients:
        cold.append(_took_ms(client, body))
        warm += [_took_ms(client, body) for _ in range(WARM_CALLS)]
    for _ in range(WARM_CALLS):
        again += [_took_ms(client, body) for client in clients]
    _judge(proof, "first call, cold", cold, COLD_MS)
    _judge(proof, "next calls, warm", warm, WARM_MS)
    _judge(proof, "all in turn, warm", again, WARM_MS)


def _judge(proof: Proof, what: str, took_ms: list[float], most_ms: float) -> None:
    proof.finds(statistics.median(took_ms) <= most_ms, f"{what}: {spread(took_ms)} (median at most {most_ms:g})")


def _await_idle(server: SluiceServer, within_s: float) -> None:
    """Return when no pipeline has a process any more."""
    end = time.monotonic() + within_s
    while workers(server.process.pid):
        if time.monotonic() > end:
            raise TimeoutError(f"{len(workers(server.process.pid))} workers are still there after {within_s:g} s.")
        time.sleep(0.1)


def _took_ms(client: Client, body: bytes) -> float:
    answer = client.ask(body)
    if answer.status != 200:
        raise ValueError(f"The answer was {answer.status}: {answer.body.decode(errors='replace')}")
    return answer.took_ms


def _look(server: SluiceServer, when: str) -> float:
    """Say what the server consists of, and return its memory in MiB."""
    pids = tree(server.process.pid)
    shared = f", libraries shared with {others} processes of others" if (others := sharers(pids)) else ""
    memory_mib = pss_mib(pids)
    print(f"     {when}: {len(pids)} processes, {memory_mib:.0f} MiB{shared}")
    return memory_mib


if __name__ == "__main__":
    main()
