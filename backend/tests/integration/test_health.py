"""Health with reasons for those who may look, a bare word for everybody else."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, ready, running

from sluice.api.disk import Disk, Room
from sluice.entities import Role

V1 = "/api/v1"
ENDS = "def process(content):\n    import os\n    os._exit(3)\n"


@pytest.fixture
def database_url() -> None:
    """One database is enough, but where it is asked for."""


async def health(client: httpx2.AsyncClient) -> Any:
    answer = await client.get(f"{V1}/health")
    assert answer.status_code == 200, answer.text
    return answer.json()


def check(found: Any, name: str) -> Any:
    (one,) = (check for check in found["checks"] if check["name"] == name)
    assert one["detail"].endswith(".")
    return one


async def test_all_is_well(reader: httpx2.AsyncClient) -> None:
    await ready(reader)
    found = await health(reader)
    names = ["database", "disk", "files", "workers", "sandbox", "environments", "pipelines", "statistics"]
    assert [one["name"] for one in found["checks"]] == names
    statuses = {one["name"]: one["status"] for one in found["checks"]}
    assert statuses.pop("sandbox") in ("ok", "degraded")  # as this machine's kernel is
    assert set(statuses.values()) == {"ok"}
    assert found["notReady"] == []


async def test_what_isnt_ready_is_named_with_why(app: App, admin: httpx2.AsyncClient) -> None:
    await ready(admin)
    await admin.post(f"{V1}/models", params={"fileName": "m.onnx"}, content=onnx_models.double_it(4))
    await admin.post(f"{V1}/resources", params={"fileName": "pre.py"}, content=ENDS.encode())
    for name in ("ends", "p"):
        made = {"name": name, "model": "m", **({"preProcessing": "pre.py"} if name == "ends" else {})}
        assert (await admin.post(f"{V1}/pipelines", json=made)).status_code == 201
    async with await app.caller(Role.READ) as reader:
        for _ in range(5):
            assert (await reader.post(f"{V1}/pipelines/ends/predictions", content=b"x")).status_code == 500
        found = await health(reader)
    assert found["status"] == "degraded"
    assert check(found, "pipelines") == {
        "name": "pipelines",
        "status": "degraded",
        "detail": "Broken: pipeline 'ends'; `notReady` tells why.",
    }
    (one,) = found["notReady"]
    assert (one["kind"], one["name"], one["state"]) == ("pipeline", "ends", "broken")
    assert "ended 5 times in a row" in one["reason"]
    off = await admin.patch(f"{V1}/models/m", json={"active": False}, headers={"If-Match": "*"})
    assert off.status_code == 200
    found = await health(admin)
    assert {(one["kind"], one["name"], one["state"]) for one in found["notReady"]} == {
        ("pipeline", "ends", "inactive"),
        ("pipeline", "p", "inactive"),
        ("model", "m", "inactive"),
    }
    assert check(found, "pipelines")["status"] == "ok"  # somebody wanted it so


async def test_a_database_that_is_gone_is_a_failure(data_dir: Path) -> None:
    async with running(data_dir) as app, app.client() as nobody, await app.caller(Role.READ) as reader:
        await ready(nobody)
        with closing(sqlite3.connect(data_dir / "sluice.db")) as beside:
            beside.execute("ALTER TABLE meta RENAME TO away")
            try:
                found = await health(reader)
            finally:
                beside.execute("ALTER TABLE away RENAME TO meta")
        assert found["status"] == check(found, "database")["status"] == "failing"
        assert "doesn't answer" in check(found, "database")["detail"]
        assert (await health(reader))["status"] != "failing"


class Tight(Disk):
    """A disk on which little is free."""

    free_bytes = 0

    async def room(self) -> Room:
        return Room(self.free_bytes, 1 << 40, 1 << 20)


@pytest.mark.parametrize(("free_bytes", "status"), [(1 << 40, "ok"), (100 << 20, "degraded"), (1 << 20, "failing")])
async def test_a_full_disk_is_told_before_it_is_full(
    app: App, reader: httpx2.AsyncClient, free_bytes: int, status: str, data_dir: Path
) -> None:
    await ready(reader)
    disk = Tight(data_dir)
    disk.free_bytes = free_bytes
    object.__setattr__(app.services, "disk", disk)
    found = await health(reader)
    assert check(found, "disk")["status"] == status


async def test_an_unconfined_server_says_so(data_dir: Path) -> None:
    async with running(data_dir, sandbox="off") as app, await app.caller(Role.READ) as reader:
        await ready(reader)
        found = await health(reader)
    assert found["status"] == "degraded"
    assert check(found, "sandbox")["detail"] == "Scripts aren't confined: SLUICE_SANDBOX is off."


async def test_the_probes_say_a_word_under_each_name(nobody: httpx2.AsyncClient) -> None:
    await ready(nobody)
    for path in ("/health/live", "/livez", "/healthz", "/health/ready", "/readyz", "/health"):
        answer = await nobody.get(path)
        assert (answer.status_code, json.loads(answer.text)) == (200, {"status": "ok"})
        assert (await nobody.head(path)).status_code == 200
