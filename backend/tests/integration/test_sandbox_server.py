"""Attacks by a pipeline of a real server fail; the server lives, and the next call is right: its own and another's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from hostile_scripts import ATTACKS, DEEP, NEIGHBOURS
from prizes import Prizes, prizes

from benchmarks.processes import tree
from benchmarks.sluice_server import SluiceServer, sluice_server
from sluice.workers.child import landlock

pytestmark = pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")

EVERY = ATTACKS | {f"neighbours: {n}": a for n, a in NEIGHBOURS.items()} | {f"deep: {n}": a for n, a in DEEP.items()}
SECRET = "of-the-neighbour-alone"
RUNNER = """
import json, os

def process(content):
    asked = json.loads(content)
    if asked is None:
        return {"x": [1]}
    script = {"__file__": __file__, "__name__": "attack"}
    exec(compile(asked["script"], "attack", "exec"), script)
    script["process"](asked["content"])
    return {"x": [2]}
"""
NEIGHBOUR = """
import os, tempfile

def process(content):
    print(os.getpid(), os.getppid(), os.getcwd(), tempfile.gettempdir())
    return {"x": [len(os.environ["NEIGHBOURS_KEY"])]}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SluiceServer]:
    with sluice_server(tmp_path_factory.mktemp("attacked") / "data", {}) as server:
        server.call("POST", "models?fileName=m.onnx", content=onnx_models.identity())
        server.call("POST", "resources?fileName=runner.py", content=RUNNER)
        server.call("POST", "resources?fileName=neighbour.py", content=NEIGHBOUR)
        server.call("POST", "resources?fileName=own", content=b"own")
        limits = {"workers": 1, "memoryMb": 256, "scratchMb": 2}
        hostile = {"name": "hostile", "model": "m", "preProcessing": "runner.py", "dataFiles": ["own"], **limits}
        server.call("POST", "pipelines", json=hostile)
        other = {"name": "other", "model": "m", "preProcessing": "neighbour.py", "workers": 1}
        server.call("POST", "pipelines", json={**other, "secrets": {"NEIGHBOURS_KEY": SECRET}})
        yield server


@pytest.fixture(scope="module")
def treasure(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Prizes]:
    with prizes(tmp_path_factory.mktemp("prizes") / "data") as laid_out:
        yield laid_out


@pytest.fixture(scope="module")
def told(server: SluiceServer, treasure: Prizes) -> dict[str, Any]:
    """Return what the scripts are told, which is more than they could find out."""
    traced = server.call("POST", "pipelines/other/predictions?trace=true", content=b"")
    worker, zygote, files, scratch = traced["trace"]["printed"].split()
    data = Path(files).parents[2]
    assert (data / "sluice.db").exists() and (data / "secret.key").exists()
    return {
        **treasure.told(),
        "server": server.process.pid,
        "base": tree(server.process.pid)[1],
        "worker": int(worker),
        "zygote": int(zygote),
        "files": files,
        "folder": f"{Path(files).parent.name}/files",
        "scratch": scratch,
        "key": str(data / "secret.key"),
        "rows": str(data / "sluice.db"),
        "secret": "NEIGHBOURS_KEY",
        "port": int(server.url.rpartition(":")[2]),
    }


def test_there_are_enough_of_them() -> None:
    assert len(EVERY) > 200


@pytest.mark.parametrize("name", EVERY)
def test_an_attack_fails_and_harms_nobody(
    server: SluiceServer, treasure: Prizes, told: dict[str, Any], name: str
) -> None:
    source = EVERY[name].script.replace("content['own']", "os.path.dirname(__file__) + '/own'")
    refused = attacked(server, {"script": source, "content": told})
    assert refused.status_code in (422, 500), f"it went through: {refused.text}"
    problem = refused.json()
    raised = problem.get("exception", "").partition(":")[0]
    assert raised not in ("NameError", "TypeError", "AttributeError", "SyntaxError"), problem
    assert SECRET not in refused.text
    assert server.process.poll() is None
    assert server.call("POST", "pipelines/hostile/predictions", content=b"null") == {"y": [1]}
    traced = server.call("POST", "pipelines/other/predictions?trace=true", content=b"")
    assert traced["output"] == {"y": [len(SECRET)]}
    assert int(traced["trace"]["printed"].split()[0]) == told["worker"], "it isn't the same process any more"
    assert treasure.touched() == []


def attacked(server: SluiceServer, asked: dict[str, Any]) -> httpx2.Response:
    return server.raw("POST", "pipelines/hostile/predictions", content=json.dumps(asked).encode())
