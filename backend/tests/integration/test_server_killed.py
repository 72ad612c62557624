"""kill -9 of the server at bad moments: nothing that it started outlives it, and the next start finds its way."""

from __future__ import annotations

import http.client
import secrets
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Thread

import httpx2
import onnx_models
import pytest

from benchmarks.client import Answer, Client
from benchmarks.load import Target
from benchmarks.processes import alive, running, tree
from benchmarks.sluice_server import COMMAND, SluiceServer, sluice_server
from reliability.remains import processes, working_in

WITHIN_S = 10.0
QUESTION = b'{"x": [[1, 2, 3, 4]]}'

CRASHES = "import os\ndef process(content):\n    os._exit(1)\n"
HANGS = """
import signal
def process(content):
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    while True:
        pass
"""
LOADS_FOR_EVER = "import time\ntime.sleep(1e6)\ndef process(content):\n    return 1\n"


def until(condition: Callable[[], object], what: str) -> None:
    end = time.monotonic() + WITHIN_S
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.005)


def add(server: SluiceServer, name: str, post: str | None = None, **policy: object) -> Target:
    """Add a pipeline with a model of its own, and return how to call it."""
    server.call("POST", f"models?fileName={name}.onnx", content=onnx_models.double_it())
    parts: dict[str, object] = {"name": name, "model": name, **policy}
    if post:
        server.call("POST", f"resources?fileName={name}.py", content=post.encode())
        parts["postProcessing"] = f"{name}.py"
    server.call("POST", "pipelines", json=parts)
    token = server.call("POST", "tokens", json={"name": name, "role": "READ"})["secret"]
    url = f"{server.url}/api/v1/pipelines/{name}/predictions"
    return Target(url, {"Authorization": f"Bearer {token}"}, Path())


def ask(target: Target) -> Answer:
    with closing(Client(target)) as client:
        return client.ask(QUESTION)


@contextmanager
def called(*targets: Target) -> Iterator[None]:
    """Call each again and again from a thread, whatever the answer, until the server is gone."""

    def call(target: Target) -> None:
        with closing(Client(target, 10.0)) as client, suppress(OSError, http.client.HTTPException):
            while True:
                client.ask(QUESTION)

    threads = [Thread(target=call, args=(target,)) for target in targets]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join(30)
            assert not thread.is_alive()


def kill(server: SluiceServer, data: Path) -> None:
    """Kill it, and find nothing left of it, neither running nor dead and unburied."""
    seen = alive(tree(server.process.pid))
    server.process.kill()
    server.process.wait()
    until(lambda: not processes(data) and not seen & alive([pid for pid, _ in seen]), "something outlived the server")


def test_while_workers_wait_and_run_and_hang(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with sluice_server(data) as server:
        good, hanging = add(server, "good"), add(server, "hanging", HANGS, workers=2)
        with called(good, good, hanging, hanging):
            until(lambda: ask(good).status == 200, "no answer")
            kill(server, data)
    assert (data / "run").exists()
    with sluice_server(data) as server:  # on what the other left
        token = server.call("POST", "tokens", json={"name": "next", "role": "READ"})["secret"]
        url = f"{server.url}/api/v1/pipelines/good/predictions"
        answer = ask(Target(url, {"Authorization": f"Bearer {token}"}, Path()))
        assert (answer.status, answer.body) == (200, b'{"y":[[2.0,4.0,6.0,8.0]]}')
        assert len(list((data / "run").iterdir())) == 1


def test_while_workers_are_forked(tmp_path: Path) -> None:
    for attempt in range(2):
        data = tmp_path / f"data-{attempt}"
        with sluice_server(data) as server:
            crashing = [add(server, f"crashing{number}", CRASHES, workers=2) for number in range(2)]
            with called(*crashing, *crashing):
                until(lambda: ask(crashing[0]).status in (500, 503), "no answer")  # noqa: B023
                time.sleep(attempt * 0.031)  # a moment of no meaning, so that it isn't always the same
                kill(server, data)


def test_while_a_worker_loads_and_an_upload_is_inspected(tmp_path: Path) -> None:
    data = tmp_path / "data"
    model = onnx_models.big(100)

    def broken_off(call: Callable[[], object]) -> None:
        with suppress(httpx2.TransportError):
            call()
            pytest.fail("the server answered")

    with sluice_server(data) as server:
        loading = Thread(target=broken_off, args=(lambda: add(server, "loading", LOADS_FOR_EVER),))
        upload = partial(server.call, "POST", "models?fileName=big.onnx", content=model)
        uploading = Thread(target=broken_off, args=(upload,))
        loading.start()
        until(lambda: working_in(data, "loading.py"), "nothing loads")
        uploading.start()
        until(lambda: any(_runs(pid, b"inspectors") for pid in processes(data)), "nothing is inspected")
        kill(server, data)
        for thread in (loading, uploading):
            thread.join(30)
            assert not thread.is_alive()


def _runs(pid: int, role: bytes) -> bool:
    try:
        return role in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return False


@pytest.mark.parametrize("starts", [6, pytest.param(60, marks=pytest.mark.slow)])
def test_during_its_start(tmp_path: Path, starts: int) -> None:
    data = tmp_path / "data"
    with sluice_server(data) as server:
        add(server, "good")
    command = [COMMAND, "serve", "--port", "0", "--data-dir", data]
    for number in range(starts):
        with running(command, {"SLUICE_ADMIN_TOKEN": secrets.token_urlsafe(24)}, tmp_path / "log.txt") as process:
            _wait_for_start(process, data, number)
            process.kill()
            process.wait()
            until(lambda: not processes(data), "something outlived the server")
    with sluice_server(data) as server:
        assert [item["name"] for item in server.call("GET", "pipelines")["items"]] == ["good"]


def _wait_for_start(process: subprocess.Popen[bytes], data: Path, number: int) -> None:
    """Wait for one of several moments of a start, then a little more."""
    moments: list[Callable[[], object]] = [
        lambda: processes(data),
        lambda: any(_runs(pid, b"sluice.workers.child.probe") for pid in processes(data)),
        lambda: any(_runs(pid, b"zygote") for pid in processes(data)),
    ]
    until(moments[number % len(moments)], "it doesn't start")
    time.sleep(number // len(moments) * 0.01)
    assert process.poll() is None
