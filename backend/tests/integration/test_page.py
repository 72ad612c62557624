"""The page's files, their headers, and every answer's headers; under a path prefix too."""

from __future__ import annotations

import logging
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from apps import App, ready, running
from problems import assert_problem, assert_refused
from starlette.requests import Request
from starlette.responses import Response

from sluice.api import spa
from sluice.api.routing import route
from sluice.errors import NotAvailable

pytestmark = pytest.mark.any_database

INDEX = """<!doctype html>
<html><head><base href="/" /><script type="module" src="./assets/index-1a2b.js"></script></head></html>
"""
SCRIPT = "console.log(1);\n" * 100


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "page"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    (folder / "favicon.svg").write_text("<svg/>")
    (folder / "assets" / "index-1a2b.js").write_text(SCRIPT)
    (tmp_path / "secret.txt").write_text("secret")
    monkeypatch.setattr(spa, "PAGE_FOLDERS", (folder,))
    return folder


@pytest.mark.parametrize("prefix", ["", "/ml", "/a/b.c"])
async def test_the_page_under_a_prefix_that_the_proxy_strips_or_keeps(page: Path, data_dir: Path, prefix: str) -> None:
    async with running(data_dir, root_path=prefix) as app, app.client() as nobody:
        for passed_on in {"", prefix}:
            for path in ("/", "/models", "/models/a%20name.onnx/x", "/welcome", "/index.html"):
                document = await nobody.get(passed_on + path)
                assert (document.status_code, document.headers["cache-control"]) == (200, "no-cache")
                assert document.headers["content-type"] == "text/html; charset=utf-8"
                assert f'<base href="{prefix}/" />' in document.text
            script = await nobody.get(f"{passed_on}/assets/index-1a2b.js")
            assert script.text == SCRIPT
            assert script.headers["content-type"] == "text/javascript; charset=utf-8"
            assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
            assert script.headers["content-encoding"] == "gzip"
            assert (await nobody.get(f"{passed_on}/favicon.svg")).headers["content-type"] == "image/svg+xml"
            assert_problem(await nobody.get(f"{passed_on}/assets/none.js"), 404, "not-found")
            assert_problem(await nobody.get(f"{passed_on}/api/v1/models"), 401, "not-signed-in")
            assert (await ready(nobody, passed_on)).json() == {"status": "ok"}
        if prefix:
            # Not the prefix, only like it: an address of the page, never the API.
            assert "<base" in (await nobody.get(f"{prefix}x/api/v1/models")).text
    async with running(data_dir, root_path=prefix) as app:
        for base in {"http://sluice.test", f"http://sluice.test{prefix}"}:
            async with app.client(app.services.run_token, base=base) as client:
                assert (await client.get("/api/v1/models")).json()["items"] == []


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/v2/nothing", "/service/zementis/onnx/nothing"])
async def test_each_api_speaks_its_own_words_under_a_prefix(data_dir: Path, path: str) -> None:
    async with running(data_dir, root_path="/ml") as app, app.client() as nobody:
        for asked in (path, f"/ml{path}"):
            assert_refused(path, await nobody.get(asked), 401, "not-signed-in")


async def test_nothing_outside_the_page_is_served(page: Path, app: App, nobody: httpx2.AsyncClient) -> None:
    for path in (
        "/../secret.txt",
        "/..%2fsecret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/%2e%2e/secret.txt",
        "//secret.txt",
    ):
        answer = await nobody.get(path)
        assert "secret" not in answer.text.replace("secret.txt", "")


async def test_uncompressed_where_the_browser_wants_it_so(page: Path, nobody: httpx2.AsyncClient) -> None:
    script = await nobody.get("/assets/index-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in script.headers
    assert (script.text, script.headers["vary"]) == (SCRIPT, "Accept-Encoding")
    head = await nobody.head("/assets/index-1a2b.js", headers={"Accept-Encoding": "identity"})
    assert head.headers["content-length"] == str(len(SCRIPT))


async def test_without_a_built_page_it_says_how_to_get_one(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spa, "PAGE_FOLDERS", ())
    async with running(data_dir) as app, app.client() as nobody:
        assert "make run" in (await nobody.get("/")).text
        assert_problem(await nobody.get("/assets/index.js"), 404, "not-found")


async def test_every_answer_has_the_headers_that_keep_browsers_safe(page: Path, nobody: httpx2.AsyncClient) -> None:
    for path in ("/", "/assets/index-1a2b.js", "/api/v1/models", "/health/live", "/favicon.svg"):
        headers = (await nobody.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "same-origin"
        policy = headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert ("default-src 'self'" if path == "/" else "default-src 'none'") in policy
        assert "unsafe-eval" not in policy and "script-src" not in policy
        assert "access-control-allow-origin" not in headers
    assert (await nobody.get("/api/v1/models")).headers["cache-control"] == "no-store"


@pytest.mark.parametrize("given", ["abc", "a" * 64, "A.b-c_9"])
async def test_a_sane_request_id_is_taken_over(nobody: httpx2.AsyncClient, given: str) -> None:
    answer = await nobody.get("/api/v1/models", headers={"X-Request-Id": given})
    assert assert_problem(answer, 401, "not-signed-in")["requestId"] == given


@pytest.mark.parametrize("given", ["", "a" * 65, "a b", "a\u00e9", 'a"b', "<x>"])
async def test_any_other_request_id_is_replaced(nobody: httpx2.AsyncClient, given: str) -> None:
    answer = await nobody.get("/health/live", headers=[(b"X-Request-Id", given.encode("latin-1"))])
    assert len(answer.headers["x-request-id"]) == 32


async def test_what_nobody_foresaw_is_logged_but_not_told(
    app: App, nobody: httpx2.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    async def fails(request: Request) -> Response:
        raise RuntimeError(f"a secret from {__file__}")

    async def busy(request: Request) -> Response:
        raise NotAvailable("Later.", retry_after_s=7)

    app.asgi.router.routes[:0] = [route("/test/fails", GET=(None, fails)), route("/test/busy", GET=(None, busy))]
    guarded = [route for route in app.asgi.routes if route.path.startswith("/test")]  # type: ignore[attr-defined]
    assert len(guarded) == 2
    async with app.client(app.services.run_token) as client:
        problem = assert_problem(await client.get("/test/fails"), 500, "internal-error")
        assert (await client.get("/test/busy")).headers["retry-after"] == "7"
    assert "secret" not in str(problem)
    (record,) = (record for record in caplog.records if record.levelno >= logging.ERROR)
    assert record.exc_info and "a secret from" in str(record.exc_info[1])


async def test_probes_before_the_start_and_after_the_end(app: App, nobody: httpx2.AsyncClient) -> None:
    services = app.asgi.state.services
    assert (await ready(nobody)).json() == {"status": "ok"}
    del app.asgi.state.services
    probe = await nobody.get("/health/ready")
    assert (probe.status_code, probe.json()) == (503, {"status": "unavailable"})
    assert (await nobody.get("/health/live")).json() == {"status": "ok"}
    assert_problem(await nobody.get("/api/v1/models"), 503, "not-available")
    app.asgi.state.services = services


async def test_the_system_tells_since_when_it_runs_and_how_much_room_it_has(
    app: App, data_dir: Path, reader: httpx2.AsyncClient
) -> None:
    (data_dir / "large").write_bytes(b"x" * 5_000_000)
    system = (await reader.get("/api/v1/system")).json()
    disk, usage = system["disk"], shutil.disk_usage(data_dir)
    assert datetime.now(UTC) - timedelta(minutes=1) < datetime.fromisoformat(system["startedAt"]) <= datetime.now(UTC)
    assert disk["totalBytes"] == usage.total
    assert abs(disk["freeBytes"] - usage.free) < 1 << 30
    assert 5_000_000 <= disk["dataBytes"] < 50_000_000


async def test_the_system_tells_versions_and_limits(reader: httpx2.AsyncClient) -> None:
    system = (await reader.get("/api/v1/system")).json()
    limits = {"maxUploadBytes", "maxBodyBytes", "deadlineS", "workers", "intraOpThreads", "memoryMb", "maxAnswerBytes"}
    limits |= {"network", "scratchMb", "threads"}
    assert system.keys() == {"version", "startedAt", "onnxruntime", "sandbox", "disk", *limits}
    sandbox = {"level", "landlockAbi", "seccomp", "missing", "ports", "uid", "uidReason", "machine", "tried"}
    assert system["sandbox"].keys() == sandbox
    assert (system["deadlineS"], system["workers"], system["maxUploadBytes"]) == (30.0, 1, 500 * 1024 * 1024)
