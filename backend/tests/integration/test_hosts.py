"""Requests for other names are refused before anything else, in each API; and a server that asks nobody."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest
from apps import App, running, served
from commands import sluice
from problems import assert_problem, assert_refused
from test_routes import CALLS, ENDLESS, call

from sluice.entities import Role
from sluice.settings import Settings, SettingsError

pytestmark = pytest.mark.any_database

SESSION, TOKENS = "/api/v1/session", "/api/v1/tokens"
ELSEWHERE = {"Host": "elsewhere.test"}


async def test_no_route_but_the_probes_answers_to_another_name(app: App) -> None:
    async with await app.caller(Role.ADMIN) as admin:
        for method, path in [*CALLS, ENDLESS]:
            answer = await call(admin, method, path, **ELSEWHERE)
            if ("/health" in path and not path.startswith("/api")) or path in ("/livez", "/readyz", "/healthz"):
                assert answer.status_code in (200, 503), path
            elif method == "HEAD":
                assert answer.status_code == 421, path
            else:
                assert_refused(path, answer, 421, "wrong-host")
        for name in ("127.0.0.1:8000", "[::1]", "localhost", "sluice.test:80"):
            assert (await admin.get(SESSION, headers={"Host": name})).status_code == 200


async def test_two_names_are_as_bad_as_the_worse_one(app: App) -> None:
    async with await app.caller(Role.ADMIN) as admin:
        answer = await admin.get(SESSION, headers=[("Host", "localhost"), ("Host", "elsewhere.test")])
        assert_problem(answer, 421, "wrong-host")


async def test_behind_a_prefix_the_probes_answer(data_dir: Path) -> None:
    async with running(data_dir, root_path="/ml") as app, app.client(**ELSEWHERE) as probe:
        assert (await probe.get("/ml/health/live")).status_code == 200
        assert (await probe.get("/v2/health/live")).status_code == 200
        assert_problem(await probe.get(f"/ml{SESSION}"), 421, "wrong-host")


async def test_who_listens_beyond_this_machine_is_told_once(data_dir: Path) -> None:
    async with served(data_dir, "--host", "0.0.0.0") as server:
        async with httpx2.AsyncClient(base_url=server.url) as client:
            assert (await client.get(f"{SESSION}/ways", headers=ELSEWHERE)).status_code == 421
    (line,) = [line for line in server.log.read_text().splitlines() if "Other machines reach it" in line]
    assert "SLUICE_ALLOWED_HOSTS" in line and "SLUICE_TLS_CERT" in line


async def test_without_auth_anybody_may_do_all_but_no_other_site(data_dir: Path) -> None:
    async with served(data_dir, "--no-auth") as server, httpx2.AsyncClient(base_url=server.url) as anybody:
        told = {"name": "nobody", "role": "ADMIN", "by": "nobody", "userId": None, "pipelines": None}
        assert (await anybody.get(SESSION)).json() == told
        assert (await anybody.get(f"{SESSION}/ways")).json()["noAuth"] is True
        made = (await anybody.post(TOKENS, json={"name": "x", "role": "READ"})).json()
        for headers in (
            {"Origin": "http://elsewhere.test"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "http://elsewhere.test", "Authorization": "Bearer wrong"},
            {"Origin": "http://elsewhere.test", "Authorization": "Basic eDp5"},
        ):
            refused = await anybody.post(TOKENS, json={"name": "x", "role": "READ"}, headers=headers)
            assert_problem(refused, 403, "not-allowed")
            assert_problem(await anybody.delete(f"{TOKENS}/{made['id']}", headers=headers), 403, "not-allowed")
        # A page that had its own name lead here is its own origin, but not for us.
        rebound = {**ELSEWHERE, "Origin": "http://elsewhere.test", "Sec-Fetch-Site": "same-origin"}
        assert_problem(await anybody.get(SESSION, headers=rebound), 421, "wrong-host")
        assert_problem(await anybody.post(TOKENS, json={}, headers=rebound), 421, "wrong-host")
        # Who says who they are is taken at their word, as far as it is true.
        known = {"Authorization": f"Bearer {made['secret']}"}
        assert (await anybody.get(SESSION, headers=known)).json()["name"] == "x"
        assert_problem(await anybody.get(TOKENS, headers=known), 403, "not-allowed")
        for wrong in ("Bearer wrong", "Basic eDp5", "Digest x"):
            assert (await anybody.get(SESSION, headers={"Authorization": wrong})).json() == told
        async with anybody.stream("GET", "/api/v1/events") as events:
            texts = events.aiter_text()
            await anext(texts)
            script = {"params": {"fileName": "a.py"}, "content": b"def process(content):\n    return 1\n"}
            assert (await anybody.post("/api/v1/resources", **script)).status_code == 201
            assert "event: " in await anext(texts)
        assert server.link == server.url + "/"


@pytest.mark.parametrize(
    "settings",
    [{"host": "0.0.0.0"}, {"host": "10.1.2.3"}, {"trusted_proxies": "127.0.0.1"}, {"allowed_hosts": "*"}],
)
def test_without_auth_only_where_nobody_else_gets_to(settings: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refusal:
        Settings.load({"SLUICE_NO_AUTH": "true"}, **settings)
    assert refusal.value.key == "SLUICE_NO_AUTH"


def test_the_flag_beyond_loopback_is_one_line(tmp_path: Path) -> None:
    done = sluice("serve", "--no-auth", "--host", "0.0.0.0", "--data-dir", tmp_path)
    assert done.status == 2 and done.error.startswith("sluice: SLUICE_NO_AUTH: ") and done.error.count("\n") == 1
