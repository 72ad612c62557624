"""A real `sluice serve`: its start and its end, what it prints, proxies, and who else wants its port or folder."""

from __future__ import annotations

import asyncio
import functools
import json
import os
import re
import signal
import socket
import stat
import sys
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
from apps import Server, environment, ready, served
from image import is_healthy
from problems import assert_problem
from puppets import until

from sluice.server import GRACE_S

SESSION = "/api/v1/session"


def run_facts(data_dir: Path) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads((data_dir / "server.json").read_text())
    return facts


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def admin_of(server: Server, data_dir: Path) -> httpx2.AsyncClient:
    token = run_facts(data_dir)["token"]
    return httpx2.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=30)


async def exchange(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


async def failed_start(*arguments: str) -> tuple[int, str, str]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sluice", "serve", *arguments),
        env=environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, errors = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode is not None
    return process.returncode, out.decode(), errors.decode()


async def test_from_the_printed_link_to_a_session(server: Server, data_dir: Path) -> None:
    assert server.link.startswith(f"{server.url}/welcome#code=")
    async with httpx2.AsyncClient(base_url=server.url) as page:
        assert (await ready(page)).json() == {"status": "ok"}
        assert "text/html" in (await page.get("/welcome")).headers["content-type"]
        origin = {"Origin": server.url}
        assert (await page.post(SESSION, json={"code": server.code}, headers=origin)).status_code == 200
        assert (await page.get(SESSION)).json()["role"] == "ADMIN"
    assert server.code not in server.log.read_text()


async def test_what_a_running_server_leaves_for_other_commands(server: Server, data_dir: Path) -> None:
    # Where workers are another user, their group may pass through.
    assert (mode(data_dir / "server.json"), mode(data_dir) & ~0o010) == (0o600, 0o700)
    facts = run_facts(data_dir)
    assert (facts["url"], facts["pid"]) == (server.url, server.process.pid)
    async with admin_of(server, data_dir) as admin:
        told = {"name": "this machine", "role": "ADMIN", "by": "token", "userId": None, "pipelines": None}
        assert (await admin.get(SESSION)).json() == told
    assert await server.stop() == 0
    assert "server.json" not in os.listdir(data_dir)


async def test_an_upgrade_offer_keeps_its_body(server: Server) -> None:
    body = b'{"code": "none"}'
    head = f"POST {SESSION} HTTP/1.1\r\nContent-Length: {len(body)}\r\nHost: localhost\r\n"
    offer = "Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAEAAEAAAAIAAAAB\r\nUpgrade: h2c\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for _ in range(2):
        writer.write(head.encode() + offer.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 401 "), answer  # the code was read, and is wrong
        await reader.readexactly(int(re.findall(rb"content-length: (\d+)", answer)[0]))
    writer.close()


async def test_running_calls_end_before_the_server_does(server: Server, data_dir: Path) -> None:
    script = b"import time\n\ndef process(content):\n    time.sleep(1)\n    return 'done'\n"
    async with admin_of(server, data_dir) as admin:
        await admin.post("/api/v1/models?fileName=m.onnx", content=onnx_models.double_it())
        await admin.post("/api/v1/resources?fileName=slow.py", content=script)
        made = await admin.post("/api/v1/pipelines", json={"name": "p", "model": "m", "postProcessing": "slow.py"})
        assert made.status_code == 201, made.text
        call = asyncio.create_task(admin.post("/api/v1/pipelines/p/predictions", json={"x": [[1, 2, 3, 4]]}))
        # Sent after the call and answered: so the server has the call.
        assert (await admin.get("/api/v1/pipelines/p")).json()["state"] == "ready"
        assert await server.stop() == 0
        assert (await call).json() == "done"


async def test_waiting_calls_end_before_the_server_does_and_new_ones_are_refused(data_dir: Path) -> None:
    script = b"import time\n\ndef process(content):\n    time.sleep(0.5)\n    return 'done'\n"
    async with served(data_dir, SLUICE_WORKERS="1") as server, admin_of(server, data_dir) as admin:
        await admin.post("/api/v1/models?fileName=m.onnx", content=onnx_models.double_it())
        await admin.post("/api/v1/resources?fileName=slow.py", content=script)
        await admin.post("/api/v1/pipelines", json={"name": "p", "model": "m", "postProcessing": "slow.py"})
        call = functools.partial(admin.post, "/api/v1/pipelines/p/predictions", json={"x": [[1, 2, 3, 4]]})
        calls = [asyncio.create_task(call()) for _ in range(5)]
        await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)  # so the server has them all
        stopping = asyncio.create_task(server.stop())
        async with asyncio.timeout(5):
            while (ready := await admin.get("/health/ready")).status_code != 503:
                pass
        assert ready.json()["status"] != "ok"
        refused = await call()
        assert_problem(refused, 503, "not-available")
        assert refused.headers["sluice-retry"] == "safe"
        assert refused.headers["retry-after"] == "1"
        assert [(await answered).json() for answered in calls] == ["done"] * 5
        assert await stopping == 0
        assert "stopping; waiting at most 10 s for 4 predictions that aren't finished" in server.log.read_text()


async def test_calls_that_do_not_end_hold_up_the_end_for_a_while_only(data_dir: Path) -> None:
    script = b"def process(content):\n    while True:\n        pass\n"
    async with served(data_dir, SLUICE_DEADLINE_S="600") as server, admin_of(server, data_dir) as admin:
        await admin.post("/api/v1/models?fileName=m.onnx", content=onnx_models.double_it())
        await admin.post("/api/v1/resources?fileName=loop.py", content=script)
        await admin.post("/api/v1/pipelines", json={"name": "p", "model": "m", "preProcessing": "loop.py"})
        call = asyncio.create_task(admin.post("/api/v1/pipelines/p/predictions", content=b"x"))
        assert (await admin.get("/api/v1/pipelines/p")).json()["state"] == "ready"
        async with asyncio.timeout(GRACE_S + 5):
            assert await server.stop() == 0
        assert_problem(await call, 503, "not-available")
        assert (await call).headers["sluice-retry"] == "ran"


def open_files(server: Server, folder: Path) -> int:
    descriptors = Path(f"/proc/{server.process.pid}/fd")
    return sum(os.path.realpath(entry).startswith(str(folder)) for entry in descriptors.iterdir())


async def test_a_download_that_is_broken_off_leaves_no_file_open(server: Server, data_dir: Path) -> None:
    async with admin_of(server, data_dir) as admin:
        await admin.post("/api/v1/resources?fileName=large.bin", content=b"x" * 20_000_000)
        async with admin.stream("GET", "/api/v1/resources/large.bin/content") as download:
            await anext(aiter(download.aiter_raw()))
            assert open_files(server, data_dir / "blobs") == 1
        async with asyncio.timeout(10):
            while open_files(server, data_dir / "blobs"):
                await admin.get("/health/live")
        assert len((await admin.get("/api/v1/resources/large.bin/content")).content) == 20_000_000
    assert "Traceback" not in server.log.read_text()


async def test_a_second_server_is_told_why_it_cant_start(server: Server, data_dir: Path, tmp_path: Path) -> None:
    status, out, error = await failed_start("--port", "0", "--data-dir", str(data_dir))
    assert (status, out) == (1, "") and error.count("\n") == 1
    assert "A server runs on the data folder" in error and "SLUICE_DATA_DIR" in error
    status, out, error = await failed_start("--port", str(server.port), "--data-dir", str(tmp_path / "other"))
    assert (status, out) == (1, "") and error.count("\n") == 1
    assert f"SLUICE_PORT {server.port}: Address already in use" in error
    assert not (tmp_path / "other").exists()
    async with admin_of(server, data_dir) as admin:
        assert (await admin.get(SESSION)).status_code == 200


async def test_a_killed_server_leaves_nothing_in_the_way(data_dir: Path) -> None:
    process = None
    try:
        async with served(data_dir) as server:
            process = server.process
            process.kill()
            await process.wait()
            assert (data_dir / "server.json").exists()
    except AssertionError:
        pass  # it didn't end well, as was meant
    async with served(data_dir) as server, httpx2.AsyncClient(base_url=server.url) as client:
        assert (await ready(client)).status_code == 200


async def test_each_signal_ends_it(data_dir: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        async with served(data_dir) as server:
            assert await server.stop(number) == 0


async def test_each_signal_ends_a_start(tmp_path: Path) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        data_dir = tmp_path / number.name
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "sluice", "serve", "--port", "0", "--data-dir", str(data_dir)), env=environment()
        )
        await until((data_dir / "run").exists)
        process.send_signal(number)
        assert await asyncio.wait_for(process.wait(), 30) == 0


async def test_slow_clients_dont_hold_up_the_end(data_dir: Path) -> None:
    async with served(data_dir) as server:
        _, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"POST /api/v1/session HTTP/1.1\r\nHost")
        await writer.drain()
        assert await server.stop() == 0
        writer.close()


async def test_behind_a_prefix(data_dir: Path) -> None:
    async with served(data_dir, SLUICE_ROOT_PATH="/ml") as server:
        assert is_healthy(server.port)
        assert server.url.endswith("/ml") and server.link.startswith(server.url + "/welcome#code=")
        root = server.url.removesuffix("/ml")
        async with httpx2.AsyncClient(headers={"Sec-Fetch-Site": "same-origin"}) as page:
            signed_in = await page.post(f"{server.url}{SESSION}", json={"code": server.code})
            assert "Path=/ml;" in signed_in.headers["set-cookie"]
            assert (await page.get(f"{server.url}{SESSION}")).json()["role"] == "ADMIN"
            cookie = {"Cookie": signed_in.headers["set-cookie"].split(";")[0]}
            assert (await page.get(f"{root}{SESSION}", headers=cookie)).status_code == 200  # a proxy that strips


async def test_forwarded_headers_count_from_trusted_proxies_only(data_dir: Path) -> None:
    request = (
        f"POST {SESSION} HTTP/1.1\r\nHost: ml.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 10.1.1.1\r\n"
        "Sec-Fetch-Site: same-origin\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    for proxies, name in (("127.0.0.1", b"__Host-sluice_session="), ("10.0.0.0/8", b"sluice_session=")):
        async with served(data_dir, SLUICE_TRUSTED_PROXIES=proxies, SLUICE_ALLOWED_HOSTS="ml.example") as server:
            body = json.dumps({"token": run_facts(data_dir)["token"]})
            answer = await exchange(server.port, request.format(length=len(body), body=body).encode())
            assert answer.startswith(b"HTTP/1.1 200 ")
            assert b"set-cookie: " + name in answer


async def test_json_logs_are_json_and_hold_no_secret(data_dir: Path) -> None:
    async with served(data_dir, "--log-format", "json", "--log-level", "debug") as server:
        token = run_facts(data_dir)["token"]
        async with admin_of(server, data_dir) as admin:
            await admin.post("/api/v1/tokens", json={"name": "x", "role": "READ"}, headers={"X-Request-Id": "mine"})
            await admin.get("/api/v1/models/a%0Ab")
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    (made,) = (line for line in lines if line["message"] == "POST /api/v1/tokens")
    assert (made["requestId"], made["status"], made["level"]) == ("mine", 201, "INFO")
    assert made["durationMs"] > 0
    assert token not in server.log.read_text() and server.code not in server.log.read_text()


async def test_no_log_line_can_be_forged(data_dir: Path) -> None:
    async with served(data_dir, "--log-level", "debug") as server, admin_of(server, data_dir) as admin:
        await admin.get("/api/v1/models/a%0A2026-01-01T00:00:00.000Z%20ERROR%20forged")
    assert not any(line.startswith("2026-01-01") for line in server.log.read_text().splitlines())


async def test_an_address_beyond_this_machine(data_dir: Path) -> None:
    async with served(data_dir, "--host", "0.0.0.0") as server:
        assert server.url.startswith("http://127.0.0.1:")
        with socket.create_connection(("127.0.0.1", server.port), timeout=5):
            pass
