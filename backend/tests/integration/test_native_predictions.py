"""Predictions over HTTP: what goes in, what comes out, and how each failure is told."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, running
from problems import assert_problem

from sluice.api import unread
from sluice.entities import Role

pytestmark = pytest.mark.any_database

V1 = "/api/v1"
ECHO = """
import hashlib
import numpy as np

def process(content):
    global seen
    seen = {"type": type(content).__name__, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    return {"x": np.zeros((1, 4), np.float32)}
"""
TELL = """
import sys

def process(content):
    return next(module.seen for module in list(sys.modules.values()) if hasattr(module, "seen"))
"""


async def make(client: httpx2.AsyncClient, name: str, pre: str = "", post: str = "", **pipeline: Any) -> None:
    """Make a pipeline over the model that doubles."""
    model = onnx_models.double_it()
    await client.post(f"{V1}/models", params={"fileName": "double.onnx"}, content=model)
    for file_name, text in ((f"{name}_pre.py", pre), (f"{name}_post.py", post)):
        if text:
            key = "preProcessing" if file_name.endswith("pre.py") else "postProcessing"
            pipeline[key] = file_name
            await client.post(f"{V1}/resources", params={"fileName": file_name}, content=text.encode())
    created = await client.post(f"{V1}/pipelines", json={"name": name, "model": "double", **pipeline})
    assert created.status_code == 201, created.text


async def test_a_body_without_room_is_not_read(data_dir: Path) -> None:
    async with running(data_dir, queue_bytes=3_000_000) as app, await app.caller(Role.ADMIN) as admin:
        await make(admin, "echo", ECHO)
        arrived, go_on = asyncio.Event(), asyncio.Event()

        async def slow() -> AsyncIterator[bytes]:
            yield bytes(1_000_000)
            arrived.set()
            await go_on.wait()
            yield bytes(1_000_000)

        url, length = f"{V1}/pipelines/echo/predictions", {"Content-Length": "2000000"}
        first = asyncio.create_task(admin.post(url, content=slow(), headers=length))
        await arrived.wait()
        refused = await admin.post(url, content=bytes(2_000_000))
        assert_problem(refused, 503, "queue-full")
        assert (await admin.post(url, content=b"small")).status_code == 200
        go_on.set()
        assert (await first).status_code == 200
        assert (await admin.post(url, content=bytes(2_000_000))).status_code == 200


async def test_json_in_json_out_with_each_steps_time(admin: httpx2.AsyncClient, reader: httpx2.AsyncClient) -> None:
    await make(admin, "plain")
    for path in ("pipelines/plain", "models/double"):
        answer = await reader.post(f"{V1}/{path}/predictions", json={"x": [[1, 2.5, -3, 0.1]]})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/json"
        assert answer.text == '{"y":[[2.0,5.0,-6.0,0.20000000298023224]]}'
        steps = re.fullmatch(r"(\S+;dur=\d+\.\d+)(, \S+;dur=\d+\.\d+)*", answer.headers["server-timing"])
        assert steps and {"queue", "model"} <= {part.split(";")[0] for part in steps[0].split(", ")}


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 1024 * 1024 + 1, 5_000_000])
async def test_a_body_reaches_the_script_byte_for_byte(admin: httpx2.AsyncClient, size: int) -> None:
    import hashlib

    await make(admin, "echo", ECHO, TELL)
    content = bytes(range(256)) * (size // 256) + b"\0" * (size % 256)
    expected = {"type": "bytes", "bytes": size, "sha256": hashlib.sha256(content).hexdigest()}

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, size, 65_536):
            yield content[start : start + 65_536]

    path = f"{V1}/pipelines/echo/predictions"
    typed = {"Content-Type": "application/x-www-form-urlencoded"}
    assert (await admin.post(path, content=content, headers=typed)).json() == expected
    assert (await admin.post(path, content=chunks())).json() == expected
    assert (await admin.post(path, files={"file": ("a.bin", content)}, data={"other": "x"})).json() == expected


@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        (
            "multipart/form-data; boundary=b",
            b'--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n1\r\n--b--',
            422,
            "unprocessable",
        ),
        ("multipart/form-data", b"", 400, "bad-request"),
        ("multipart/form-data; boundary=b", b"--c", 400, "bad-request"),
        ("multipart/form-data; boundary=b", b"--b\r\nno header", 400, "bad-request"),
    ],
)
async def test_a_form_that_cant_be_used(
    admin: httpx2.AsyncClient, content_type: str, body: bytes, status: int, code: str
) -> None:
    await make(admin, "echo", ECHO)
    headers = {"Content-Type": content_type}
    answer = await admin.post(f"{V1}/pipelines/echo/predictions", content=body, headers=headers)
    assert_problem(answer, status, code)


async def test_a_failed_script_is_told_where_and_why(admin: httpx2.AsyncClient) -> None:
    await make(admin, "fails", "def process(content):\n    print('almost')\n    return 1 / 0  # no\n")
    answer = await admin.post(f"{V1}/pipelines/fails/predictions", content=b"x")
    problem = assert_problem(answer, 422, "prediction-failed", step="pre-processing", script="fails_pre.py", line=3)
    assert problem["lineText"].strip() == "return 1 / 0  # no"
    assert "ZeroDivisionError" in problem["exception"] + problem["detail"]
    assert "almost" in problem["printed"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"z": 1}', b'{"x": [[1, 2]]}', b'{"x": "a"}'])
async def test_input_that_doesnt_fit_the_model(admin: httpx2.AsyncClient, body: bytes) -> None:
    await make(admin, "plain")
    answer = await admin.post(f"{V1}/pipelines/plain/predictions", content=body)
    assert_problem(answer, 422, "prediction-failed", step="input")


async def test_a_large_answer(admin: httpx2.AsyncClient) -> None:
    await make(admin, "large", post="def process(content):\n    return 'x' * 5_000_000\n")
    answer = await admin.post(f"{V1}/pipelines/large/predictions", json={"x": [[1, 2, 3, 4]]})
    assert answer.json() == "x" * 5_000_000
    assert answer.headers["content-length"] == "5000002"


async def test_names_that_arent_there(reader: httpx2.AsyncClient) -> None:
    assert_problem(await reader.post(f"{V1}/pipelines/none/predictions", content=b""), 404, "not-found")
    assert_problem(await reader.post(f"{V1}/models/none/predictions", content=b""), 404, "not-found")


async def test_a_deadline_and_a_death_are_told_apart_and_harm_nobody(admin: httpx2.AsyncClient) -> None:
    await make(admin, "slow", "def process(content):\n    while True: pass\n", deadlineS=0.5)
    await make(admin, "dies", "import os\n\ndef process(content):\n    os._exit(3)\n")
    await make(admin, "plain")
    assert_problem(await admin.post(f"{V1}/pipelines/slow/predictions", content=b""), 504, "deadline-exceeded")
    assert_problem(await admin.post(f"{V1}/pipelines/dies/predictions", content=b""), 500, "worker-died")
    good = await admin.post(f"{V1}/pipelines/plain/predictions", json={"x": [[0, 0, 0, 1]]})
    assert good.json() == {"y": [[0, 0, 0, 2]]}


async def test_a_deadline_that_is_no_number_of_seconds(admin: httpx2.AsyncClient) -> None:
    for headers in ([("Sluice-Deadline", "soon")], [("Sluice-Deadline", "1"), ("Sluice-Deadline", "2")]):
        answer = await admin.post(f"{V1}/models/any/predictions", headers=headers, content=b"")
        assert "Sluice-Deadline" in assert_problem(answer, 400, "bad-request")["detail"]


async def test_a_header_shortens_the_deadline_and_never_lengthens_it(admin: httpx2.AsyncClient) -> None:
    await make(admin, "slow", "def process(content):\n    while True: pass\n", deadlineS=0.5)
    path = f"{V1}/pipelines/slow/predictions"
    for given, told in (("0.2", "0.2 s"), ("999999999", "0.5 s")):
        answer = await admin.post(path, content=b"", headers={"Sluice-Deadline": given})
        assert told in assert_problem(answer, 504, "deadline-exceeded")["detail"]


async def test_a_body_above_the_limit(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread, "LINGER_S", 0.1)  # the endless body below is read on for that long
    async with running(data_dir, max_body_bytes=2_000_000) as app, await app.caller(Role.ADMIN) as admin:
        await make(admin, "echo", ECHO, TELL)
        path = f"{V1}/pipelines/echo/predictions"
        assert (await admin.post(path, content=b"x" * 2_000_000)).status_code == 200
        large = await admin.post(path, content=b"x" * 2_000_001)
        assert_problem(large, 413, "too-large", limitBytes=2_000_000)
        assert "SLUICE_MAX_BODY_BYTES" in large.json()["detail"]
        form = {"file": b"x" * 2_000_001}
        assert_problem(await admin.post(path, files=form), 413, "too-large", limitBytes=2_000_000)

        async def endless() -> AsyncIterator[bytes]:
            while True:
                yield b"x" * 65_536

        assert_problem(await admin.post(path, content=endless()), 413, "too-large", limitBytes=2_000_000)


async def test_one_line_in_the_log_and_nothing_of_the_payload(
    app: App, admin: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    await make(admin, "plain")
    caplog.set_level(logging.INFO)
    caplog.clear()
    await admin.post(f"{V1}/pipelines/plain/predictions", json={"x": [[77123, 2, 3, 4]]})
    (line,) = (record for record in caplog.records if record.name.startswith("sluice"))
    facts = line.__dict__["facts"]
    assert facts["pipeline"] == "plain" and facts["outcome"] == "ok"
    assert facts.keys() >= {"queueMs", "modelMs", "totalMs", "bytes"}
    assert "77123" not in json.dumps(facts) + line.getMessage()
