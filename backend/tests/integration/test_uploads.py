"""Uploads over HTTP: raw and in a form, streamed, too large, cut off, empty, taken, malformed."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, Server, running
from problems import assert_problem

from sluice.api.bodies import FORM_OVERHEAD_BYTES
from sluice.entities import Role

MODELS = "/api/v1/models"
RESOURCES = "/api/v1/resources"
DOUBLE = onnx_models.double_it()
SCRIPT = b"def process(content):\n    return content\n"


def stored(data_dir: Path) -> list[str]:
    """Return the names of all files of uploads, finished or not."""
    return sorted(os.listdir(data_dir / "blobs") + os.listdir(data_dir / "incoming"))


def form(*parts: tuple[str, bytes], boundary: str = "b0und", end: str = "--") -> tuple[bytes, dict[str, str]]:
    """Return the body and header of a form; each part is what follows `form-data; `, and its content."""
    body = b""
    for head, content in parts:
        body += f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
    body += f"--{boundary}{end}\r\n".encode()
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


async def pieces(content: bytes, size: int) -> AsyncIterator[bytes]:
    for start in range(0, len(content), size):
        yield content[start : start + size]


@pytest.fixture
async def small(data_dir: Path) -> AsyncIterator[App]:
    async with running(data_dir, max_upload_bytes=100_000, max_script_bytes=1_000) as app:
        yield app


@pytest.fixture
async def admin_of_small(small: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with await small.caller(Role.ADMIN) as client:
        yield client


@pytest.mark.parametrize("size", [1, 7, 64, 4096, 1_000_000])
async def test_a_form_in_pieces_of_any_size(admin: httpx2.AsyncClient, data_dir: Path, size: int) -> None:
    # Content that looks like a boundary but isn't one.
    content = b"\r\n--b0un\r\n--b0unD\r \n\r\n-" * 3 + bytes(range(256))
    body, headers = form(('name="kind"', b"data"), ('name="file"; filename="w\u00f6rter.bin"', content))
    answer = await admin.post(RESOURCES, content=pieces(body, size), headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == "w\u00f6rter.bin"
    assert answer.json()["sha256"] == hashlib.sha256(content).hexdigest()
    assert stored(data_dir) == [answer.json()["sha256"]]


async def test_a_models_name_may_come_before_or_after_the_file(admin: httpx2.AsyncClient) -> None:
    file = ('name="file"; filename="m.onnx"', DOUBLE)
    for parts, name in [
        ([file], "m"),
        ([file, ('name="name"', b"after")], "after"),
        ([('name="name"', b"b"), file], "b"),
    ]:
        body, headers = form(*parts)
        answer = await admin.post(MODELS, content=body, headers=headers)
        assert answer.json()["name"] == name


async def test_a_model_with_its_data_in_other_files(admin: httpx2.AsyncClient, data_dir: Path) -> None:
    model, data = onnx_models.external_data("weights.data")
    parts = [("file", ("weights.data", data)), ("file", ("m.onnx", model))]
    answer = await admin.post(MODELS, files=parts)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["name"], answer.json()["fileName"]) == ("m", "m.onnx")
    assert stored(data_dir) == [answer.json()["sha256"]]
    prediction = await admin.post(f"{MODELS}/m/predictions", json={"x": [[0, 0, 0, 0]]})
    assert prediction.json() == {"y": [[0, 1, 2, 3]]}
    alone = await admin.post(MODELS, files={"file": ("n.onnx", model)})
    assert "weights.data" in assert_problem(alone, 422, "invalid-model")["detail"]
    assert stored(data_dir) == [answer.json()["sha256"]]


async def test_a_file_at_the_limit_and_one_byte_more(admin_of_small: httpx2.AsyncClient, data_dir: Path) -> None:
    for name, limit in (("a.bin", 100_000), ("a.py", 1_000)):
        good = SCRIPT.ljust(limit, b"#")
        where = {"fileName": name}
        assert (await admin_of_small.post(RESOURCES, params=where, content=good)).status_code == 201
        await admin_of_small.delete(f"{RESOURCES}/{name}")
        assert (await admin_of_small.post(RESOURCES, files={"file": (name, good)})).status_code == 201
        await admin_of_small.delete(f"{RESOURCES}/{name}")
        for answer in (
            await admin_of_small.post(RESOURCES, params=where, content=good + b"#"),
            await admin_of_small.post(RESOURCES, params=where, content=pieces(good + b"#", 999)),
            await admin_of_small.post(RESOURCES, files={"file": (name, good + b"#")}),
        ):
            assert_problem(answer, 413, "too-large", limitBytes=limit)
            assert stored(data_dir) == []


async def test_several_files_share_one_limit(admin_of_small: httpx2.AsyncClient, data_dir: Path) -> None:
    parts = [("file", ("m.onnx", b"x" * 60_000)), ("file", ("m.data", b"x" * 60_000))]
    assert_problem(await admin_of_small.post(MODELS, files=parts), 413, "too-large", limitBytes=100_000)
    assert stored(data_dir) == []


async def answered_unread(app: App, query: str, **headers: str) -> httpx2.Response:
    """Return the answer to an upload; check that it goes out before a byte of the body is asked for."""
    token = app.services.run_token
    raw = {"authorization": f"Bearer {token}", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http",
        "method": "POST",
        "path": MODELS,
        "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in raw.items()],
        "scheme": "http",
    }
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        assert len(sent) == 2, "the body is read before the answer is out"
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    await app.asgi(scope, receive, send)
    return httpx2.Response(sent[0]["status"], headers=sent[0]["headers"], content=sent[1]["body"])


async def test_the_declared_length_is_refused_before_a_byte_is_read(small: App) -> None:
    length = str(100_001 + FORM_OVERHEAD_BYTES)
    for kind in ("application/octet-stream", "multipart/form-data; boundary=b"):
        answer = await answered_unread(small, "fileName=m.onnx", content_length=length, content_type=kind)
        assert_problem(answer, 413, "too-large", limitBytes=100_000)
        assert answer.headers["connection"] == "close"


async def test_a_taken_name_is_refused_before_a_byte_is_read(app: App, admin: httpx2.AsyncClient) -> None:
    await admin.post(MODELS, params={"fileName": "m.onnx"}, content=DOUBLE)
    for query in ("fileName=M.onnx", "fileName=other.onnx&name=m"):
        answer = await answered_unread(app, query, content_length="400000")
        assert_problem(answer, 409, "name-taken")
    body, headers = form(('name="name"', b"m"), ('name="file"; filename="x.onnx"', b"garbage"))
    assert_problem(await admin.post(MODELS, content=body, headers=headers), 409, "name-taken")
    late, headers = form(('name="file"; filename="x.onnx"', DOUBLE), ('name="name"', b"m"))
    assert_problem(await admin.post(MODELS, content=late, headers=headers), 409, "name-taken")


@pytest.mark.parametrize("path", [MODELS, RESOURCES])
async def test_an_empty_file(admin: httpx2.AsyncClient, data_dir: Path, path: str) -> None:
    assert_problem(await admin.post(path, params={"fileName": "a.onnx"}, content=b""), 400, "empty-upload")
    assert_problem(await admin.post(path, files={"file": ("a.onnx", b"")}), 400, "empty-upload")
    assert stored(data_dir) == []


FILE = ('name="file"; filename="a.bin"', b"x")


@pytest.mark.parametrize(
    ("parts", "fields"),
    [
        ([], ["file"]),
        ([('name="kind"', b"data")], ["file"]),
        ([('name="file"', b"x")], ["file"]),
        ([('name="file"; filename=""', b"x")], ["file"]),
        ([FILE, FILE], ["file"]),
        ([FILE, ('name="file"; filename="b.bin"', b"x")], ["file"]),
        ([('name="colour"', b"red"), FILE], ["colour"]),
        ([('name="kind"', b"data"), ('name="kind"', b"data"), FILE], ["kind"]),
        ([('name="kind"', b"sound"), FILE], ["kind"]),
        ([FILE, ('name="kind"', b"sound")], ["kind"]),
    ],
)
async def test_forms_with_wrong_fields(
    admin: httpx2.AsyncClient, data_dir: Path, parts: list[tuple[str, bytes]], fields: list[str]
) -> None:
    body, headers = form(*parts)
    assert_problem(await admin.post(RESOURCES, content=body, headers=headers), 422, "unprocessable", fields=fields)
    assert stored(data_dir) == []


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (form(FILE)[0], "multipart/form-data"),
        (form(FILE)[0], "multipart/form-data; boundary=other"),
        (form(FILE)[0], f"multipart/form-data; boundary={'x' * 1000}"),
        (form(FILE, end="")[0], None),
        (form(FILE)[0][:-20], None),
        (form(('name="kind"', b"\xff"), FILE)[0], None),
        (form(('name="kind"', b"x" * 5_000), FILE)[0], None),
        (b"--b0und\r\nContent-Disposition: form-data; name=file; filename=\xff\r\n\r\nx\r\n--b0und--", None),
        (b"--b0und\r\nContent-Type: text/plain\r\n\r\nx\r\n--b0und--", None),
        (b"--b0und\r\nContent-Disposition: attachment; name=file; filename=x\r\n\r\nx\r\n--b0und--", None),
        (b"--b0und\r\n" + b"A" * 10_000 + b": x\r\n\r\nx\r\n--b0und--", None),
        (b"--b0und\r\n" + b"A: x\r\n" * 100 + b"\r\nx\r\n--b0und--", None),
        (b"no form at all", None),
        (b"", None),
    ],
)
async def test_forms_that_cant_be_read(
    admin: httpx2.AsyncClient, data_dir: Path, body: bytes, content_type: str | None
) -> None:
    headers = {"Content-Type": content_type or "multipart/form-data; boundary=b0und"}
    assert_problem(await admin.post(RESOURCES, content=body, headers=headers), 400, "bad-request")
    assert stored(data_dir) == []


@pytest.mark.parametrize(
    ("query", "fields"), [("", ["fileName"]), ("fileName=", ["fileName"]), ("fileName=a&filename=b", ["filename"])]
)
async def test_queries_that_cant_be_used(admin: httpx2.AsyncClient, query: str, fields: list[str]) -> None:
    answer = await admin.post(f"{RESOURCES}?{query}", content=b"x")
    assert_problem(answer, 422, "unprocessable", fields=fields)


@pytest.mark.parametrize("name", ["..", "a/b.bin", "a\\b.bin", "a\0b", "a\nb", " a", "a\u202eb", "x" * 300])
async def test_file_names_that_cant_be_kept(admin: httpx2.AsyncClient, data_dir: Path, name: str) -> None:
    answer = await admin.post(RESOURCES, params={"fileName": name}, content=b"x")
    assert_problem(answer, 422, "invalid-name", fields=["name"])
    assert stored(data_dir) == []


async def test_what_isnt_what_it_says(admin: httpx2.AsyncClient, data_dir: Path) -> None:
    async def refused(path: str, file_name: str, content: bytes, code: str, **expected: Any) -> dict[str, Any]:
        answer = await admin.post(path, params={"fileName": file_name}, content=content)
        assert stored(data_dir) == []
        return assert_problem(answer, 422, code, **expected)

    await refused(MODELS, "m.onnx", b"not a model", "invalid-model")
    assert "opset" in (await refused(MODELS, "m.onnx", onnx_models.newer_opset(), "invalid-model"))["detail"]
    await refused(MODELS, "m.onnx", onnx_models.unknown_operator(), "invalid-model")
    await refused(RESOURCES, "s.py", b"def process(content)\n    pass\n", "invalid-script", line=1)
    await refused(RESOURCES, "s.py", b"def process(a, b):\n    pass\n", "invalid-script")
    await refused(RESOURCES, "s.py", b"# \xff\n", "invalid-script")


async def test_two_uploads_of_one_name_at_once(admin: httpx2.AsyncClient, data_dir: Path) -> None:
    answers = await asyncio.gather(
        *(admin.post(RESOURCES, params={"fileName": "a.bin"}, content=bytes([number])) for number in range(8))
    )
    (kept,) = (answer for answer in answers if answer.status_code == 201)
    for answer in answers:
        if answer is not kept:
            assert_problem(answer, 409, "name-taken")
    assert stored(data_dir) == [kept.json()["sha256"]]


async def until_stored_is(count: int, data_dir: Path, client: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(10):
        while len(stored(data_dir)) != count:
            assert (await client.get("/health/live")).status_code == 200


@pytest.mark.parametrize("in_a_form", [False, True])
async def test_an_upload_that_is_cut_off_leaves_nothing(server: Server, data_dir: Path, in_a_form: bool) -> None:
    async with httpx2.AsyncClient(base_url=server.url) as client:
        await client.post("/api/v1/session", json={"code": server.code})
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        for kind in ("Content-Length: 9000000", "Transfer-Encoding: chunked"):
            head = (
                f"POST {MODELS}?fileName=m.onnx HTTP/1.1\r\nHost: [::1]\r\nOrigin: http://[::1]\r\nCookie: {cookie}\r\n"
            )
            body = b"x" * 3_000_000
            if in_a_form:
                head += "Content-Type: multipart/form-data; boundary=b0und\r\n"
                body = form(('name="file"; filename="m.onnx"', body))[0][:-20]
            if "chunked" in kind:
                body = f"{len(body):x}\r\n".encode() + body
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(f"{head}{kind}\r\n\r\n".encode() + body)
            await writer.drain()
            await until_stored_is(1, data_dir, client)
            writer.transport.abort()
            await until_stored_is(0, data_dir, client)
    assert "Traceback" not in server.log.read_text()


async def test_a_refused_upload_is_answered_and_its_connection_closed(server: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    size = 50_000_000
    writer.write(f"POST {MODELS}?fileName=m.onnx HTTP/1.1\r\nHost: [::1]\r\nContent-Length: {size}\r\n\r\n".encode())

    async def send() -> None:
        with contextlib.suppress(ConnectionError):
            for _ in range(size // 1_000_000):
                writer.write(b"x" * 1_000_000)
                await writer.drain()

    sending = asyncio.create_task(send())
    answer = await reader.read()
    await sending
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert b"connection: close" in answer and b'"not-signed-in"' in answer
    writer.close()


async def test_a_small_refused_body_keeps_the_connection(server: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for _ in range(3):
        writer.write(f"POST {MODELS} HTTP/1.1\r\nHost: [::1]\r\nContent-Length: 20000\r\n\r\n".encode() + b"x" * 20_000)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 401 ") and b"connection: close" not in head
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
    writer.close()
