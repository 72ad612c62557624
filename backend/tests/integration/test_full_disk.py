"""A full disk, seen by those who call: uploads are refused as 507, all else goes on, and room is used again."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import onnx_models
from apps import ready, running
from problems import assert_problem
from puppets import until
from test_catalog_full_disk import fill

from sluice.entities import Role

QUESTION = b'{"x": [[1, 2, 3, 4]]}'


async def test_only_what_needs_room_is_refused(small_disk: Path) -> None:
    data = small_disk / "data"
    async with running(data) as app, await app.caller(Role.ADMIN) as admin:
        model = onnx_models.double_it()
        for call in (
            admin.post("/api/v1/models?fileName=double.onnx", content=model),
            admin.post("/api/v1/resources?fileName=kept.txt", content=b"kept"),
            admin.post("/api/v1/pipelines", json={"name": "double", "model": "double"}),
        ):
            assert (await call).status_code == 201
        before = sorted(os.listdir(data / "blobs"))
        filler = fill(small_disk)
        for method, path in (("POST", "models?fileName=new.onnx"), ("PUT", "resources/kept.txt/content")):
            refused = await admin.request(method, f"/api/v1/{path}", content=b"x" * 100_000)
            assert "stays readable" in assert_problem(refused, 507, "disk-full")["detail"]
        for _ in range(3):  # by a worker that is started now
            answer = await admin.post("/api/v1/pipelines/double/predictions", content=QUESTION)
            assert (answer.status_code, answer.json()) == (200, {"y": [[2, 4, 6, 8]]})
        assert (await admin.get("/api/v1/models/double/content")).content == model
        assert (await admin.get("/api/v1/resources/kept.txt/content")).content == b"kept"
        (told,) = [one for one in (await admin.get("/api/v1/health")).json()["checks"] if one["name"] == "disk"]
        assert told["status"] == "failing"
        assert (sorted(os.listdir(data / "blobs")), os.listdir(data / "incoming")) == (before, [])
        filler.unlink()
        stored = await admin.put("/api/v1/resources/kept.txt/content", content=b"x" * 100_000)
        assert stored.status_code == 200
    async with running(data) as app, await app.caller(Role.ADMIN) as admin:
        assert (await admin.get("/api/v1/resources/kept.txt/content")).content == b"x" * 100_000


async def test_without_room_for_a_worker_it_isnt_ready_until_there_is(small_disk: Path) -> None:
    data, script = small_disk / "data", b"def process(outputs):\n    return len(outputs)\n"
    async with running(data, idle_s=0.1) as app, await app.caller(Role.ADMIN) as admin:

        async def check() -> Any:
            (one,) = [one for one in (await admin.get("/api/v1/health")).json()["checks"] if one["name"] == "workers"]
            return one

        await ready(admin)
        await admin.post("/api/v1/models?fileName=double.onnx", content=onnx_models.double_it())
        await admin.post("/api/v1/resources?fileName=post.py", content=script)
        made = {"name": "p", "model": "double", "postProcessing": "post.py"}
        assert (await admin.post("/api/v1/pipelines", json=made)).status_code == 201
        await until(lambda: not os.listdir(data / "run"))  # it is idle, and its folder is gone
        filler = fill(small_disk)
        refused = await admin.post("/api/v1/pipelines/p/predictions", content=QUESTION)
        short = "No worker process can be started: no room is left on the disk of the data folder (SLUICE_DATA_DIR)"
        assert short in assert_problem(refused, 503, "pipeline-broken")["detail"]
        await until(lambda: not app.services.supervisor.can_start)
        assert (await admin.get("/health/ready")).status_code == 503
        told = await check()
        assert (told["status"], told["detail"]) == ("failing", f"{short}; free some.")
        filler.unlink()
        await ready(admin)
        assert (await check())["status"] == "ok"
        answer = await admin.post("/api/v1/pipelines/p/predictions", content=QUESTION)
        assert (answer.status_code, answer.json()) == (200, 1)
