"""The drill: a server is filled, backed up under changes and destroyed; what is restored answers bit for bit."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx2
import onnx_models
import pytest
from postgres_cluster import PostgresCluster
from serving import SLUICE

from benchmarks.sluice_server import SluiceServer, sluice_server

PRE = (
    "import numpy as np\n\ndef process(content):\n    return {'x': np.frombuffer(content, np.float32).reshape(1, 4)}\n"
)
POST = "def process(content):\n    return {'sum': content[0].sum(), 'all': content[0]}\n"
QUESTION = bytes.fromhex("0000803f 00000040 cdcc4c3e ffff7f7f")


@pytest.fixture
def another_database(request: pytest.FixtureRequest, database_url: str | None) -> Iterator[str | None]:
    """A new database of the same kind."""
    if database_url is None:
        yield None
        return
    cluster: PostgresCluster = request.getfixturevalue("postgres_cluster")
    url = cluster.empty_database()
    yield url
    cluster.drop_database(url)


def surroundings(url: str | None) -> dict[str, str]:
    return {"SLUICE_DATABASE_URL": url} if url else {}


def sluice(*arguments: str | Path, url: str | None, status: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")}
    command = [SLUICE, *map(str, arguments)]
    done = subprocess.run(
        command, env=environment | surroundings(url), capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == status, done.stderr
    return done


def fill(server: SluiceServer) -> str:
    """Add what must be there afterwards, and return a token."""
    server.call("POST", "models?fileName=double.onnx", content=onnx_models.double_it())
    server.call("POST", "models?fileName=spare.onnx", content=onnx_models.identity())
    for name, text in (("pre.py", PRE), ("post.py", POST), ("labels.json", "{}")):
        server.call("POST", f"resources?fileName={name}", content=text.encode())
    parts = {"model": "double", "preProcessing": "pre.py", "postProcessing": "post.py", "dataFiles": ["labels.json"]}
    server.call("POST", "pipelines", json={"name": "Summe ∑", **parts})
    server.call("PUT", "resources/post.py/content", content=POST.replace("sum'", "total'").encode())
    return str(server.call("POST", "tokens", json={"name": "drill", "role": "ADMIN"})["secret"])


@contextmanager
def changing(server: SluiceServer) -> Iterator[None]:
    """Upload, replace and delete all the time, from three threads, most of it within milliseconds."""
    stopped, failed = Event(), []

    def change(number: int) -> None:
        try:
            headers = {"Authorization": f"Bearer {token}"}
            with httpx2.Client(base_url=f"{server.url}/api/v1/", headers=headers, trust_env=False) as client:
                for turn in itertools.count():
                    if stopped.is_set():
                        return
                    name = f"changing-{number}-{turn}.bin"
                    client.post(f"resources?fileName={name}", content=name.encode() * 5_000).raise_for_status()
                    content = f"{name}, replaced".encode() * 5_000
                    client.put(f"resources/{name}/content", content=content).raise_for_status()
                    client.delete(f"resources/{name}").raise_for_status()
        except Exception as error:
            failed.append(error)

    token = server.call("POST", "tokens", json={"name": "changing", "role": "ADMIN"})["secret"]
    threads = [Thread(target=change, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join(60)
    assert failed == []


def answers(url: str, token: str) -> dict[str, Any]:
    """Return everything that a server tells of what isn't being changed."""
    with httpx2.Client(base_url=f"{url}/api/v1/", headers={"Authorization": f"Bearer {token}"}, trust_env=False) as ask:

        def got(path: str) -> bytes:
            return ask.get(path).raise_for_status().content

        told: dict[str, Any] = {}
        for kind in ("models", "resources", "pipelines", "tokens"):
            items = json.loads(got(kind))["items"]
            told[kind] = [item for item in items if not item["name"].startswith("changing")]
        for kind in ("models", "resources"):
            for item in told[kind]:
                told[f"{kind}/{item['name']}"] = got(f"{kind}/{item['name']}/content")
                assert hashlib.sha256(told[f"{kind}/{item['name']}"]).hexdigest() == item["sha256"]
        told["answer"] = ask.post("pipelines/Summe ∑/predictions", content=QUESTION).raise_for_status().content
    for item in (*told["pipelines"], *told["models"], *told["tokens"]):
        for volatile in ("state", "reason", "workers", "calls", "statistics", "lastUsedAt", "notes", "environment"):
            item.pop(volatile, None)
    return told


def test_everything_answers_as_before(tmp_path: Path, database_url: str | None, another_database: str | None) -> None:
    data, restored, backups = tmp_path / "data", tmp_path / "restored", tmp_path / "backups"
    backups.mkdir()
    with sluice_server(data, surroundings(database_url)) as server:
        token = fill(server)
        before = answers(server.url, token)
        with changing(server):
            backup = Path(sluice("backup", backups, "--data-dir", data, url=database_url).stdout.strip())
    shutil.rmtree(data)
    sluice("restore", backup, "--data-dir", restored, url=another_database)
    with sluice_server(restored, surroundings(another_database)) as server:
        assert answers(server.url, token) == before
        # Whatever was being changed is there with its content, or not at all.
        items = server.call("GET", "resources?limit=500&q=changing")["items"]
        assert {item["sha256"] for item in items} <= set(os.listdir(restored / "blobs"))
        assert "missing" not in (restored / "log.txt").read_text()
    refused = sluice("restore", backup, "--data-dir", restored, url=another_database, status=1)
    assert refused.stderr.startswith(f"sluice: The data folder '{restored}' isn't empty")
