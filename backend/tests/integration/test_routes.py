"""Every route that there is, called by nobody, METRICS, PREDICT, READ, ADMIN, and another site's page."""

from __future__ import annotations

import re
from itertools import product

import httpx2
import pytest
from apps import App, ready
from problems import assert_problem, assert_refused
from starlette.routing import Route

from sluice.api.routing import RoleRoute
from sluice.app import create_app
from sluice.entities import Role
from sluice.settings import Settings

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
# Found on the application itself: a new route is walked without anybody thinking of it.
ROUTES = create_app(Settings()).routes
PATHS = [route.path for route in ROUTES if isinstance(route, Route)]
PUBLIC = {
    *(("GET", path) for path in ("/health/live", "/livez", "/healthz", "/health/ready", "/readyz", "/health")),
    *product(["GET"], ["/v2/health/live", "/v2/health/live/", "/v2/health/ready", "/v2/health/ready/"]),
    ("POST", "/api/v1/session"),
    ("GET", "/api/v1/session/ways"),
    *product(["GET"], ["/api/v1/session/oidc", "/api/v1/session/oidc/callback"]),
    ("GET", "/{path:path}"),
}


def role_of(path: str, method: str) -> Role | None:
    (route,) = (route for route in ROUTES if isinstance(route, RoleRoute) and route.path == path)
    return route.actions.table[method].role


def methods_of(path: str) -> set[str]:
    (route,) = (route for route in ROUTES if isinstance(route, RoleRoute) and route.path == path)
    return set(route.actions.table)


# Never ends by itself; `test_events` calls it.
ENDLESS = ("GET", "/api/v1/events")
CALLS = [(method, path) for path in PATHS for method in sorted(methods_of(path)) if (method, path) != ENDLESS]


def address(path: str) -> str:
    path = path.replace("{path:path}", "models/some").replace("{version}", "1")
    return re.sub(r"{\w+}", "nothing", path)


async def call(client: httpx2.AsyncClient, method: str, path: str, **headers: str) -> httpx2.Response:
    return await client.request(method, address(path), headers=headers)


def test_every_route_says_who_may_call_it() -> None:
    assert all(isinstance(route, RoleRoute) for route in ROUTES)
    assert len(set(PATHS)) == len(PATHS)


def test_no_more_is_public_than_this() -> None:
    public = {(method, path) for method, path in CALLS if role_of(path, method) is None and method != "HEAD"}
    assert public == PUBLIC


def test_reading_needs_no_more_than_read_and_changing_needs_admin() -> None:
    for method, path in CALLS:
        role = role_of(path, method)
        predicts = path.rstrip("/").endswith(("/predictions", "/infer", "/apply/{name}", "/apply-pipeline/{name}"))
        looks = path.rstrip("/") == "/v2/repository/index"
        own_session = path in ("/api/v1/session", "/api/v1/session/password")
        for_clients = path.startswith("/v2") and path.rstrip("/").endswith(
            ("/v2", "{name}", "{version}", "y", "config")
        )
        if (method, path) in PUBLIC or role is None:
            continue
        # What others sent or did, and who they are.
        if re.search("/(tokens|users|sessions|audit)|/input$", path):
            assert role is Role.ADMIN
        elif path == "/metrics":
            assert role is Role.METRICS
        elif (
            predicts and "{name}" in path and "/models/{name}/p" not in path and "/apply/" not in path
        ) or own_session:
            assert role is Role.PREDICT
        elif for_clients and method in ("GET", "HEAD"):
            assert role is Role.PREDICT
        elif predicts or looks or method in ("GET", "HEAD"):
            assert role is Role.READ
        else:
            assert role is Role.ADMIN


def test_what_is_for_the_role_predict_says_which_pipeline_it_is_about() -> None:
    for route in ROUTES:
        assert isinstance(route, RoleRoute)
        for action in route.actions.table.values():
            if action.role is Role.PREDICT:
                assert (action.finder is not None) == ("{name}" in route.path), route.path


async def test_nobody_gets_nothing_but_what_is_public(nobody: httpx2.AsyncClient) -> None:
    await ready(nobody)
    for method, path in product(METHODS, PATHS):
        answer = await call(nobody, method, path)
        table = methods_of(path)
        if method in table and role_of(path, method) is None:
            # 400: signing in without a body; 404: by a single sign-on that isn't there
            assert answer.status_code in (200, 400, 404), (method, path)
        elif method == "HEAD":
            assert answer.status_code == 401, (method, path)
        else:
            assert_refused(path, answer, 401, "not-signed-in")


@pytest.mark.parametrize("role", [Role.METRICS, Role.PREDICT])
async def test_less_than_a_reader_gets_next_to_nothing(app: App, role: Role) -> None:
    pipelines = frozenset({"of-its-own"}) if role is Role.PREDICT else None
    _, secret = await app.access.tokens.create("a small program", role, pipelines=pipelines)
    mine = {("GET", "/api/v1/session"), ("DELETE", "/api/v1/session"), ("GET", "/v2"), ("GET", "/v2/")}
    mine |= {("PUT", "/api/v1/session/password")}
    if role is Role.METRICS:
        mine = {("GET", "/metrics")}
    async with app.client(secret) as client:
        await ready(client)
        for method, path in [*CALLS, ENDLESS]:
            if role_of(path, method) is not None:
                answer = await call(client, method, path)
                if ({"HEAD": "GET"}.get(method, method), path) in mine:
                    assert answer.status_code in (200, 204, 400), (method, path)  # 400: without a body
                elif method == "HEAD":
                    assert answer.status_code == 403, (method, path)
                else:
                    assert_refused(path, answer, 403, "not-allowed")


async def test_a_reader_looks_but_doesnt_change(reader: httpx2.AsyncClient) -> None:
    for method, path in CALLS:
        answer = await call(reader, method, path)
        if role_of(path, method) in (Role.READ, Role.PREDICT, Role.METRICS):
            assert answer.status_code in (200, 204, 400, 404, 422), (method, path)
        elif role_of(path, method) is Role.ADMIN:
            assert answer.status_code == 403, (method, path)
            if method != "HEAD":
                assert_refused(path, answer, 403, "not-allowed")


async def test_an_administrator_may_do_all(admin: httpx2.AsyncClient) -> None:
    await ready(admin)
    for method, path in CALLS:
        assert (await call(admin, method, path)).status_code in (200, 204, 400, 404, 422, 428), (method, path)


CROSS_SITE = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://elsewhere.test"},
    {"Origin": "null"},
    {"Origin": "null", "Host": ""},
    {"Origin": ""},
    {"Origin": "http://[sluice.test"},
    {"Origin": "http://sluice.test.elsewhere.test"},
    {"Origin": "http://sluice.test:8080"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://sluice.test"},
    {},
]


async def test_another_site_changes_nothing_with_the_pages_cookie(app: App) -> None:
    async with app.browser() as page:
        del page.headers["Sec-Fetch-Site"]
        for (method, path), headers in product(CALLS, CROSS_SITE):
            if method not in ("GET", "HEAD"):
                assert_refused(path, await call(page, method, path, **headers), 403, "not-allowed")
        assert (await page.get("/api/v1/session")).status_code == 200  # it's signed in still


async def test_another_site_cant_sign_a_browser_in(app: App) -> None:
    for headers in CROSS_SITE[:-1]:
        async with app.client(**headers) as page:
            answer = await page.post("/api/v1/session", json={"code": app.services.link_code})
            assert_problem(answer, 403, "not-allowed")
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://sluice.test"}])
async def test_the_page_itself_may_change(app: App, headers: dict[str, str]) -> None:
    async with app.browser() as page:
        del page.headers["Sec-Fetch-Site"]
        assert_problem(await page.delete("/api/v1/models/nothing", headers=headers), 404, "not-found")
        assert (await page.delete("/api/v1/session", headers=headers)).status_code == 204


async def test_what_isnt_possible_is_told_with_all_that_is(admin: httpx2.AsyncClient) -> None:
    for path in PATHS:
        allowed = ", ".join(sorted({*methods_of(path), "OPTIONS"}))
        refused = await call(admin, "TRACE", path)
        assert_refused(path, refused, 405, "method-not-allowed")
        assert refused.headers["allow"] == allowed
        options = await call(admin, "OPTIONS", path)
        assert (options.status_code, options.headers["allow"]) == (204, allowed)
        assert "access-control-allow-origin" not in options.headers


async def test_what_isnt_there_is_hidden_from_nobody_and_told_to_others(
    nobody: httpx2.AsyncClient, reader: httpx2.AsyncClient
) -> None:
    for path in ("/api/v1/nothing", "/api", "/api/v2/models", "/health/deep", "/api/v1/models/"):
        assert_problem(await reader.get(path), 404, "not-found")
        assert_problem(await nobody.get(path), 401, "not-signed-in")
    for path in ("/v2/nothing", "/v2/models", "/v2/models/nothing/generate", "/v2//"):
        assert_refused(path, await reader.get(path), 404, "not-found")
        assert_refused(path, await nobody.get(path), 401, "not-signed-in")
    assert_problem(await nobody.get("/assets/none.js"), 404, "not-found")


@pytest.mark.parametrize("path", ["//api/v1/models", "/api/v1/../v1/models", "/API/v1/models", "/x/../api/v1/models"])
async def test_no_spelling_of_a_path_gets_around_the_guard(app: App, path: str) -> None:
    received: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, object]) -> None:
        received.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [],
        "scheme": "http",
        "server": ("sluice.test", 80),
        "client": ("127.0.0.1", 1),
    }
    await app.asgi(scope, receive, send)  # type: ignore[arg-type]
    # Refused, or the page's own document; never the API.
    assert received[0]["status"] in (200, 401)
    assert b"items" not in received[1]["body"]  # type: ignore[operator]


async def test_websockets_are_refused(app: App) -> None:
    sent: list[str] = []

    async def receive() -> dict[str, object]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, object]) -> None:
        sent.append(str(message["type"]))

    await app.asgi({"type": "websocket", "path": "/api/v1/models", "headers": []}, receive, send)  # type: ignore[arg-type]
    assert sent == ["websocket.close"]
