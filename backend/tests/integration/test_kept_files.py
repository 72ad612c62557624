"""A kept file that is missing or damaged: told, costs only who needs it, and is mended by the same file."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import onnx_models
import pytest
from apps import running
from problems import assert_problem

from sluice.entities import Role

QUESTION = b'{"x": [[1, 2, 3, 4]]}'
RIGHT = {"missing": {"y": [[2, 4, 6, 8]]}, "damaged": {"y": [[3, 6, 9, 12]]}, "good": {"y": [[3, 6, 9, 12]]}}
POST = b"def process(content):\n    return {'y': content[0]}\n"


async def test_who_needs_it_is_broken_and_all_others_serve(data_dir: Path, caplog: pytest.LogCaptureFixture) -> None:
    model, other = onnx_models.double_it(), onnx_models.times(3)
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
        hashes = []
        for path, content in (
            ("models?fileName=missing.onnx", model),
            ("models?fileName=good.onnx", other),
            ("resources?fileName=damaged.py", POST),
        ):
            hashes.append((await admin.post(f"/api/v1/{path}", content=content)).json()["sha256"])
        for name, parts in (
            ("missing", {"model": "missing"}),
            ("damaged", {"model": "good", "postProcessing": "damaged.py"}),
            ("good", {"model": "good"}),
        ):
            made = await admin.post("/api/v1/pipelines", json={"name": name, **parts})
            assert made.status_code == 201, made.text
    blobs = data_dir / "blobs"
    (blobs / hashes[0]).unlink()
    (blobs / hashes[2]).write_bytes(POST.replace(b"y", b"z"))  # of the same size, so that reading it must tell
    with caplog.at_level(logging.ERROR):
        async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
            await app.services.kept_files.read_all()

            async def answer(name: str) -> Any:
                return await admin.post(f"/api/v1/pipelines/{name}/predictions", content=QUESTION)

            told = {
                "missing": "The file of the model 'missing' is missing. Upload the same file again",
                "damaged": "The file of the resource 'damaged.py' is damaged. Upload the same file again",
            }
            (files,) = [one for one in (await admin.get("/api/v1/health")).json()["checks"] if one["name"] == "files"]
            for name, sentence in told.items():
                assert sentence in assert_problem(await answer(name), 503, "pipeline-broken")["detail"]
                shown = (await admin.get(f"/api/v1/pipelines/{name}")).json()
                assert shown["state"] == "broken" and sentence in shown["reason"]
                assert sentence in files["detail"] and sentence in caplog.text
            assert files["status"] == "degraded"
            assert (await answer("good")).json() == RIGHT["good"]
            for path, content in (("models/missing", model), ("resources/damaged.py", POST)):
                assert (await admin.put(f"/api/v1/{path}/content", content=content)).status_code == 200
            for name, right in RIGHT.items():
                assert (await answer(name)).json() == right
            (files,) = [one for one in (await admin.get("/api/v1/health")).json()["checks"] if one["name"] == "files"]
            assert files["status"] == "ok"
