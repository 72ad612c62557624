"""Signing in and out, tokens, the one-time link: on both databases, over restarts."""

from __future__ import annotations

import base64
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import pytest
from apps import App, running
from problems import assert_problem

from sluice.access import links
from sluice.entities import Role

SESSION = "/api/v1/session"
ATTRIBUTES = "={}; HttpOnly; Max-Age=2592000; Path=%s; SameSite=lax"
TOKENS = "/api/v1/tokens"
WHO = {"by": "token", "userId": None, "pipelines": None}
PAGE = {"Sec-Fetch-Site": "same-origin"}


async def test_the_link_makes_one_browser_an_administrator(data_dir: Path, database_url: str | None) -> None:
    async with running(data_dir, database_url) as app, app.browser() as page:
        assert (await page.get(SESSION)).json() == {**WHO, "name": "operator", "role": "ADMIN", "by": "link"}
        assert (await page.get(TOKENS)).json() == {"items": [], "nextCursor": None}
        async with app.client(**PAGE) as second:
            answer = await second.post(SESSION, json={"code": app.services.link_code})
            problem = assert_problem(answer, 401, "not-signed-in")
            assert "used already" in problem["detail"]
            assert "set-cookie" not in answer.headers
    async with running(data_dir, database_url) as app, app.client() as again:
        again.cookies = page.cookies
        assert (await again.get(SESSION)).json()["role"] == "ADMIN"  # over a restart


async def test_a_start_voids_the_link_of_the_last(data_dir: Path) -> None:
    async with running(data_dir) as app:
        old = app.services.link_code
    async with running(data_dir) as app, app.client() as client:
        assert_problem(await client.post(SESSION, json={"code": old}), 401, "not-signed-in")
        assert (await client.post(SESSION, json={"code": app.services.link_code})).status_code == 200


async def test_the_link_lives_until_it_is_used_unless_somebody_can_sign_in_without_it(
    data_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(links, "LIFETIME", timedelta(0))  # later ones expire at once
    async with running(data_dir) as app, app.browser():
        pass
    async with running(data_dir) as app, app.client() as client:
        assert_problem(await client.post(SESSION, json={"code": app.services.link_code}), 401, "not-signed-in")
    async with running(tmp_path / "other", admin_token="x" * 20) as app, app.client() as client:
        assert_problem(await client.post(SESSION, json={"code": app.services.link_code}), 401, "not-signed-in")


async def test_signing_out_ends_the_session_for_good(app: App) -> None:
    async with app.browser() as page, app.client() as thief:
        thief.cookies.update(page.cookies)
        ended = await page.delete(SESSION)
        assert ended.status_code == 204
        assert "Max-Age=0" in ended.headers["set-cookie"]
        assert not page.cookies
        assert "session has ended" in assert_problem(await thief.get(SESSION), 401, "not-signed-in")["detail"]


async def test_tokens_are_shown_once_and_end_at_once(data_dir: Path, database_url: str | None) -> None:
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        created = await admin.post(TOKENS, json={"name": "robot", "role": "READ"})
        assert created.status_code == 201
        robot = created.json()
        assert robot["secret"].startswith("slc_") and len(robot["secret"]) >= 47
        listed = (await admin.get(TOKENS)).json()["items"]
        assert listed[1] == {key: value for key, value in robot.items() if key != "secret"}
        assert robot["createdAt"].endswith("Z") and robot["expiresAt"] is None
    async with running(data_dir, database_url) as app, app.client(robot["secret"]) as client:
        assert (await client.get(SESSION)).json() == {**WHO, "name": "robot", "role": "READ"}
        async with await app.caller(Role.ADMIN) as admin:
            assert (await admin.delete(f"{TOKENS}/{robot['id']}")).status_code == 204
            assert_problem(await admin.delete(f"{TOKENS}/{robot['id']}"), 404, "not-found")
        assert_problem(await client.get(SESSION), 401, "not-signed-in")


async def test_a_session_by_token_has_its_role_and_ends_with_it(app: App, admin: httpx2.AsyncClient) -> None:
    robot = (await admin.post(TOKENS, json={"name": "robot", "role": "READ"})).json()
    async with app.client(**PAGE) as page:
        assert (await page.post(SESSION, json={"token": robot["secret"]})).json() == {
            **WHO,
            "name": "robot",
            "role": "READ",
        }
        assert_problem(await page.get(TOKENS), 403, "not-allowed")
        await admin.delete(f"{TOKENS}/{robot['id']}")
        assert_problem(await page.get(SESSION), 401, "not-signed-in")


async def test_an_expired_token_is_no_token(app: App, admin: httpx2.AsyncClient) -> None:
    soon = datetime.now(UTC) + timedelta(milliseconds=200)
    _, secret = await app.access.tokens.create("brief", Role.READ, soon)
    async with app.client(secret) as client:
        while datetime.now(UTC) < soon:
            await client.get(SESSION)
        assert_problem(await client.get(SESSION), 401, "not-signed-in")
    past = {"name": "late", "role": "READ", "expiresAt": "2020-01-01T00:00:00Z"}
    assert_problem(await admin.post(TOKENS, json=past), 422, "unprocessable", fields=["expiresAt"])


async def test_the_token_of_the_setting_is_neither_stored_nor_listed(data_dir: Path) -> None:
    secret = "a-secret-of-my-own-choice"
    async with running(data_dir, admin_token=secret) as app, app.client(secret) as client:
        assert (await client.get(SESSION)).json() == {**WHO, "name": "SLUICE_ADMIN_TOKEN", "role": "ADMIN"}
        assert (await client.get(TOKENS)).json()["items"] == []
        async with app.client(**PAGE) as page:
            await page.post(SESSION, json={"token": secret})
    async with running(data_dir, admin_token=secret) as app, app.client() as client:
        client.cookies = page.cookies
        assert (await client.get(SESSION)).status_code == 200
    async with running(data_dir, admin_token="another-secret-instead") as app, app.client() as client:
        client.cookies = page.cookies
        assert_problem(await client.get(SESSION), 401, "not-signed-in")


async def test_nothing_that_is_stored_lets_anybody_in(data_dir: Path) -> None:
    async with running(data_dir) as app, app.browser() as page, await app.caller(Role.ADMIN) as admin:
        secrets = [*page.cookies.values(), admin.headers["authorization"].split()[1], app.services.link_code]
    database = sqlite3.connect(data_dir / "sluice.db")
    stored = "\n".join(database.iterdump())
    database.close()
    assert not any(secret in stored for secret in secrets)


@pytest.mark.parametrize(
    ("base", "root_path", "cookie"),
    [
        ("http://sluice.test", "", "sluice_session" + ATTRIBUTES % "/"),
        ("http://sluice.test", "/ml", "sluice_session" + ATTRIBUTES % "/ml"),
        ("https://sluice.test", "", "__Host-sluice_session" + ATTRIBUTES % "/" + "; Secure"),
        ("https://sluice.test", "/ml", "__Secure-sluice_session" + ATTRIBUTES % "/ml" + "; Secure"),
    ],
)
async def test_the_cookie_fits_how_the_browser_came(data_dir: Path, base: str, root_path: str, cookie: str) -> None:
    async with running(data_dir, root_path=root_path) as app, app.browser(base + root_path) as page:
        (secret,) = page.cookies.values()
        assert (await page.get("/api/v1/session")).status_code == 200
        async with app.client(base=base + root_path, **PAGE) as other:
            answer = await other.post("/api/v1/session", json={"token": app.services.run_token})
            assert answer.headers["set-cookie"] == cookie.format(other.cookies.get(cookie.split("=")[0]))
        assert len(secret or "") >= 43


async def test_a_cookie_that_plain_http_set_isnt_taken_under_https(app: App) -> None:
    async with app.browser() as page:
        (secret,) = page.cookies.values()
        async with app.client(base="https://sluice.test", Cookie=f"sluice_session={secret}") as client:
            assert_problem(await client.get(SESSION), 401, "not-signed-in")


@pytest.mark.parametrize("user", ["", "anybody", "Größe"])
async def test_an_api_token_as_the_password_of_http_basic(app: App, user: str) -> None:
    _, secret = await app.access.tokens.create("machine", Role.ADMIN)
    basic = "Basic " + base64.b64encode(f"{user}:{secret}".encode()).decode()
    async with app.client(Authorization=basic) as client:
        assert (await client.get(SESSION)).json()["name"] == "machine"
        assert (await client.post(TOKENS, json={"name": "other", "role": "READ"})).status_code == 201
        # A browser that knows the password would send it along with what another site makes it ask for.
        for header in ({"Origin": "http://other.test"}, {"Sec-Fetch-Site": "cross-site"}):
            refused = await client.post(TOKENS, json={"name": "third", "role": "READ"}, headers=header)
            assert_problem(refused, 403, "not-allowed")
        await app.access.tokens.revoke(next(t.id for t in app.access.tokens.all() if t.name == "machine"))
        assert_problem(await client.get(SESSION), 401, "not-signed-in")


@pytest.mark.parametrize(
    "authorization",
    [
        "Bearer", "Bearer ", "Bearer slc_wrong", "slc_x", "Bearer \udcff\udcfe", "",
        "Basic", "Basic YTpi", "Basic YQ==", "Basic ////", "Basic !", "Basic Yg", "Basic \udcff",
    ],
)  # fmt: skip
async def test_wrong_credentials_arent_made_good_by_a_cookie(app: App, authorization: str) -> None:
    async with app.browser() as page:
        raw = authorization.encode("utf-8", "surrogateescape")
        answer = await page.get(SESSION, headers=[(b"Authorization", raw)])
        assert_problem(answer, 401, "not-signed-in")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "bad-request"),
        (b"{", 400, "bad-request"),
        (b'{"code": "\\ud800"}', 400, "bad-request"),
        (b"[]", 422, "unprocessable"),
        (b"{}", 422, "unprocessable"),
        (b'{"code": "a", "token": "b"}', 422, "unprocessable"),
        (b'{"code": 5}', 422, "unprocessable"),
        (b'{"password": "x"}', 422, "unprocessable"),
        (b'{"code": "wrong"}', 401, "not-signed-in"),
        (b'{"token": "slc_wrong"}', 401, "not-signed-in"),
    ],
)
async def test_what_signs_nobody_in(nobody: httpx2.AsyncClient, body: bytes, status: int, code: str) -> None:
    answer = await nobody.post(SESSION, content=body)
    assert_problem(answer, status, code)
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["name", "role"]),
        ({"name": "", "role": "READ"}, ["name"]),
        ({"name": " x", "role": "READ"}, ["name"]),
        ({"name": "x", "role": "ROOT"}, ["role"]),
        ({"name": "x", "role": "READ", "expiresAt": "soon"}, ["expiresAt"]),
        ({"name": "x", "role": "READ", "expiresAt": "2030-01-01T00:00:00"}, ["expiresAt"]),
        ({"name": "x", "role": "READ", "expires_at": None}, ["expires_at"]),
    ],
)
async def test_a_token_that_cant_be_made(admin: httpx2.AsyncClient, body: dict[str, object], fields: list[str]) -> None:
    assert_problem(await admin.post(TOKENS, json=body), 422, "unprocessable", fields=fields)


@pytest.mark.parametrize(
    ("headers", "offered"),
    [
        ({}, ["Bearer", 'Basic realm="Sluice", charset="UTF-8"']),
        ({"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)"}, ["Bearer"]),
        (PAGE, ["Bearer"]),
    ],
)
async def test_a_password_is_asked_for_but_not_in_a_browser(
    data_dir: Path, headers: dict[str, str], offered: list[str]
) -> None:
    async with running(data_dir) as app, app.client(**headers) as client:
        answer = await client.get(SESSION)
        assert_problem(answer, 401, "not-signed-in")
        assert answer.headers.get_list("www-authenticate") == offered


async def test_the_last_use_is_stored_also_where_a_token_of_the_settings_called(
    data_dir: Path, database_url: str | None
) -> None:
    async with running(data_dir, database_url, admin_token="a" * 40) as app:
        admin = app.client("a" * 40)
        made = (await admin.post("/api/v1/tokens", json={"name": "program", "role": "READ"})).json()
        await app.client(made["secret"]).get("/api/v1/models")
    async with running(data_dir, database_url, admin_token="a" * 40) as app:
        (found,) = (await app.client("a" * 40).get("/api/v1/tokens")).json()["items"]
        assert found["lastUsedAt"] is not None
