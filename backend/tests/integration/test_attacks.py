"""What a hostile caller, upload or script tries: the server answers it like any other mistake, and goes on."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, running
from postgres_cluster import running_cluster
from problems import assert_problem

from sluice.api import bodies
from sluice.entities import Role

pytestmark = pytest.mark.any_database

V1 = "/api/v1"
MODEL = f"{V1}/models?fileName=m.onnx"


async def predict(admin: httpx2.AsyncClient, body: bytes | str, pre: str = "", post: str = "") -> httpx2.Response:
    """Make the pipeline `tried` where it isn't there yet, with scripts if any, and return its answer."""
    if (await admin.get(f"{V1}/pipelines/tried")).status_code == 404:
        await admin.post(MODEL, content=onnx_models.identity())
        parts: dict[str, Any] = {"name": "tried", "model": "m", "deadlineS": 2, "workers": 1}
        for step, source in (("pre", pre), ("post", post)):
            if source:
                uploaded = await admin.post(f"{V1}/resources?fileName={step}.py", content=source.encode())
                assert uploaded.status_code == 201, uploaded.text
                parts[f"{step}Processing"] = f"{step}.py"
        added = await admin.post(f"{V1}/pipelines", json=parts)
        assert added.status_code == 201, added.text
    return await admin.post(f"{V1}/pipelines/tried/predictions", content=body)


async def test_thousands_of_wrong_fields_are_answered_with_a_few(
    nobody: httpx2.AsyncClient, admin: httpx2.AsyncClient
) -> None:
    wrong = {f"field{number}": 1 for number in range(10_000)}
    problem = assert_problem(await admin.post(f"{V1}/pipelines", json=wrong), 422, "unprocessable")
    assert len(problem["errors"]) == bodies.MAX_TOLD
    # Whoever has no credentials yet gets less of the server's time.
    assert_problem(await nobody.post(f"{V1}/session", json=wrong), 413, "too-large", limitBytes=8 * 1024)


async def test_a_body_of_nobody_that_never_ends(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies, "JSON_WITHIN_S", 0.01)
    sent: list[Any] = []

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"{V1}/session",
        "headers": [],
        "query_string": b"",
        "scheme": "http",
    }
    await app.asgi(scope, receive, send)
    assert sent[0]["status"] == 400
    assert json.loads(sent[1]["body"])["code"] == "upload-cut-off"


@pytest.mark.parametrize("name", ["a\0b", "a\nb", "\x1b[31m", "\u202ea", "a\u200b"])
async def test_a_token_s_name_that_cant_be_seen_or_kept(admin: httpx2.AsyncClient, name: str) -> None:
    refused = await admin.post(f"{V1}/tokens", json={"name": name, "role": "READ"})
    assert_problem(refused, 422, "unprocessable", fields=["name"])


@pytest.mark.parametrize("time", ["9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
async def test_a_time_at_the_calendar_s_end(admin: httpx2.AsyncClient, time: str) -> None:
    refused = await admin.post(f"{V1}/tokens", json={"name": "late", "role": "READ", "expiresAt": time})
    assert_problem(refused, 422, "unprocessable", fields=["expiresAt"])


async def test_what_couldnt_be_revoked_isnt_forgotten(data_dir: Path) -> None:
    with running_cluster() as cluster:
        url = cluster.new_database()
        async with running(data_dir, url) as app, app.browser() as page:
            token, secret = await app.access.tokens.create("robot", Role.ADMIN)
            async with app.client(secret) as robot:
                cluster.stop()
                for call in (
                    robot.delete(f"{V1}/tokens/{token.id}"),
                    page.delete(f"{V1}/session"),
                    page.post(f"{V1}/session", json={"token": secret}),
                ):
                    # A task of its own, as each request has: Tortoise leaves a broken transaction in the context.
                    assert_problem(await asyncio.create_task(call), 503, "not-available")
                cluster.start()
                assert (await page.delete(f"{V1}/session")).status_code == 204
                assert (await robot.delete(f"{V1}/tokens/{token.id}")).status_code == 204
        async with running(data_dir, url) as app, app.client(secret) as robot:
            assert_problem(await robot.get(f"{V1}/session"), 401, "not-signed-in")
            robot.headers.pop("authorization")
            robot.cookies = page.cookies
            assert_problem(await robot.get(f"{V1}/session"), 401, "not-signed-in")


RAGGED = json.dumps({"x": [[[1] * 10_000] + [0] * 9_999] + [0] * 9_999})
WIDE = json.dumps({"x": ["a" * 1_000_000] + [""] * 100_000})


@pytest.mark.parametrize("body", [RAGGED, WIDE, '{"x": [' + "9" * 4300 + "]}"])
async def test_a_small_body_that_asks_for_much_memory(
    reader: httpx2.AsyncClient, admin: httpx2.AsyncClient, body: str
) -> None:
    element = "int64" if "9" in body else "float"
    await admin.post(MODEL, content=onnx_models.identity(element))
    answer = await reader.post(f"{V1}/models/m/predictions", content=body)
    assert_problem(answer, 422, "prediction-failed", step="input", input="x")


async def test_many_texts_of_unequal_length(admin: httpx2.AsyncClient) -> None:
    await admin.post(MODEL, content=onnx_models.identity("string"))
    answer = await admin.post(f"{V1}/models/m/predictions", content=WIDE)
    assert answer.status_code == 200
    assert len(answer.json()["y"]) == 100_001


BAD_OBJECTS = {
    "array": "class Bad:\n    def __array__(self, *_, **__):\n        raise OSError('no')\n",
    "dict": "class Bad(dict):\n    def items(self):\n        raise OSError('no')\n",
    "key": "class Bad(float):\n    def __repr__(self):\n        raise OSError('no')\n",
    "exit": "class Bad(dict):\n    def items(self):\n        raise SystemExit(3)\n",
}


@pytest.mark.parametrize("bad", BAD_OBJECTS)
async def test_objects_that_fail_when_they_are_looked_at(admin: httpx2.AsyncClient, bad: str) -> None:
    make = "{Bad(): 1, 'n': None}" if bad == "key" else "Bad()"
    returned = f"{{'x': {make}}}" if bad == "array" else make
    script = f"{BAD_OBJECTS[bad]}def process(content):\n    return {returned}\n"
    if bad != "key":
        answer = await predict(admin, b"", pre=script)
        assert_problem(answer, 422, "prediction-failed", step="pre-processing", script="pre.py")
        await admin.delete(f"{V1}/pipelines/tried")
    answer = await predict(admin, '{"x": [1]}', post=script)
    assert_problem(answer, 422, "prediction-failed", step="post-processing", script="post.py")


@pytest.mark.parametrize("value", ["np.timedelta64(1, 's')", "np.datetime64('NaT')"])
async def test_numpy_scalars_that_json_has_no_form_for(admin: httpx2.AsyncClient, value: str) -> None:
    script = f"import numpy as np\ndef process(outputs):\n    return [{value}, None]\n"
    answer = await predict(admin, '{"x": [1]}', post=script)
    assert_problem(answer, 422, "prediction-failed", step="post-processing", kind="not-json")


FORGE = """
import json, os, stat, struct, time
import numpy as np

def is_socket(descriptor):
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False

calls = 0

def process(content):
    global calls
    calls += 1
    frames = next(filter(is_socket, range(64)))
    if content.startswith(b"{"):
        time.sleep(0.1)  # other calls may come meanwhile
        header = json.dumps({"kind": "answer", "timings_ms": eval(content), "number": calls}).encode()
        os.write(frames, struct.pack("!IQ", len(header), 2) + header + b"{}")
    return {"x": np.frombuffer(content, np.uint8).astype(np.float32)}
"""
FORGED = [
    r'{"x\r\nSet-Cookie: sluice_session=forged\r\nX": 1}',
    r'{"\u20ac": 1}',
    '{"model": 10**400}',
    '{"model": float("nan")}',
    '{"model": float("inf")}',
    '{"model": -1}',
    '{"model": "1"}',
]


async def test_forged_times_never_reach_a_header(admin: httpx2.AsyncClient) -> None:
    for timings in FORGED:
        answer = await predict(admin, timings, pre=FORGE)
        assert_problem(answer, 500, "worker-died")
        assert not answer.cookies
        assert (await predict(admin, b"a")).json() == {"y": [97]}  # or it would be broken at last


async def test_a_forged_answer_isnt_followed_by_wrong_ones(admin: httpx2.AsyncClient) -> None:
    assert (await predict(admin, b"a", pre=FORGE)).json() == {"y": [97]}
    calls = (predict(admin, body) for body in (b'{"model": 1}', b"c", b"d", b"e"))
    forged, *others = await asyncio.gather(*calls)
    assert forged.json() == {}
    assert [answer.json() for answer in others] == [{"y": [99]}, {"y": [100]}, {"y": [101]}]
    # That worker is gone: a new one counts from one.
    assert (await predict(admin, b"c", pre=FORGE)).json() == {"y": [99]}


OUTLIVE = """
import sys

def process(content):
    frame = sys._getframe()
    while "page" not in frame.f_locals:
        frame = frame.f_back
    frame.f_locals["page"][:16] = bytes(16)
    while content == b"loop":
        pass
    return {"x": []}
"""


async def test_a_script_that_hides_its_call_doesnt_outlive_the_deadline(admin: httpx2.AsyncClient) -> None:
    assert_problem(await predict(admin, b"loop", pre=OUTLIVE), 504, "deadline-exceeded")
    # The only worker is a new one; the old one would never take this call.
    assert (await predict(admin, b"")).json() == {"y": []}


async def test_a_worker_that_breaks_tells_no_paths(admin: httpx2.AsyncClient) -> None:
    script = "import os\ndef process(outputs):\n    if outputs[0][0]:\n        os.closerange(0, 256)\n    return 1\n"
    for _ in range(2):
        assert_problem(await predict(admin, '{"x": [1]}', post=script), 500, "worker-died")
        assert (await predict(admin, '{"x": [0]}')).json() == 1


async def test_a_model_whose_file_is_gone(admin: httpx2.AsyncClient, data_dir: Path) -> None:
    added = await admin.post(MODEL, content=onnx_models.identity())
    (data_dir / "blobs" / added.json()["sha256"]).unlink()
    answer = await admin.post(f"{V1}/models/m/predictions", content=b"{}")
    problem = assert_problem(answer, 503, "pipeline-broken", step="model")
    assert str(data_dir) not in problem["detail"]
