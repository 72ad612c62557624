"""Signing in by OpenID Connect, at a real provider on loopback; and everything by which one could try to cheat."""

from __future__ import annotations

import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from apps import App, running
from joserfc.jwk import RSAKey
from oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, provided
from problems import assert_problem

from sluice.entities import Role
from sluice.settings import Settings, SettingsError
from sluice.storage.folder import CannotOpen
from sluice.storage.tables import SessionRow

V1 = "/api/v1"
SESSION, BEGIN, CALLBACK = f"{V1}/session", f"{V1}/session/oidc", f"{V1}/session/oidc/callback"
pytestmark = pytest.mark.any_database


@pytest.fixture
def provider() -> Iterator[Provider]:
    with provided() as provider:
        provider.claims["realm_access"] = {"roles": ["sluice-admin", "other"]}
        yield provider


def settings_of(provider: Provider, **more: Any) -> dict[str, Any]:
    return {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT_ID,
        "oidc_client_secret": CLIENT_SECRET,
        "oidc_title": "Our company",
        "oidc_role_claim": "realm_access.roles",
        "oidc_admin": "sluice-admin",
        "oidc_read": "sluice-read",
        **more,
    }


@pytest.fixture
async def app(data_dir: Path, provider: Provider) -> AsyncIterator[App]:
    async with running(data_dir, **settings_of(provider)) as app:
        yield app


@pytest.fixture
async def page(app: App) -> AsyncIterator[httpx2.AsyncClient]:
    async with app.client() as page:
        yield page


async def go(page: httpx2.AsyncClient) -> str:
    """Go to the provider, sign in there, and return the address to which it sends the browser back."""
    begun = await page.get(BEGIN)
    assert begun.status_code == 303, begun.text
    async with httpx2.AsyncClient() as browser:
        sent_back = await browser.get(begun.headers["location"])
    assert sent_back.status_code == 302, sent_back.text
    return str(sent_back.headers["location"])


async def assert_refused(page: httpx2.AsyncClient, address: str, reason: str) -> None:
    answer = await page.get(address)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/?oidc={reason}")
    assert "sluice_session" not in page.cookies
    assert_problem(await page.get(SESSION), 401, "not-signed-in")
    assert not await SessionRow.exists()


async def test_who_signed_in_there_is_signed_in_here(app: App, page: httpx2.AsyncClient, provider: Provider) -> None:
    assert (await page.get(f"{SESSION}/ways")).json()["oidc"] == {"title": "Our company"}
    back = await go(page)
    assert back.startswith(f"http://sluice.test{CALLBACK}?")
    answer = await page.get(back)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "sluice_oidc" not in page.cookies
    session = (await page.get(SESSION)).json()
    assert session == {"name": "ada", "role": "ADMIN", "by": "oidc", "userId": None, "pipelines": None}
    (row,) = await SessionRow.all()
    assert timedelta(hours=11) < row.expires_at - datetime.now(UTC) <= timedelta(hours=12)
    newest = (await page.get(f"{V1}/audit")).json()["items"][0]
    assert newest["action"] == "session.start" and newest["actor"] == {"name": "ada", "by": "oidc"}


@pytest.mark.parametrize(
    ("roles", "role"), [(["sluice-read"], Role.READ), (["sluice-admin", "sluice-read"], Role.ADMIN)]
)
async def test_the_role_follows_from_the_claim(
    page: httpx2.AsyncClient, provider: Provider, roles: list[str], role: Role
) -> None:
    provider.claims["realm_access"] = {"roles": roles}
    await page.get(await go(page))
    assert (await page.get(SESSION)).json()["role"] == role


@pytest.mark.parametrize(
    "access", [None, {}, {"roles": []}, {"roles": "sluice-admin,x"}, {"roles": [["sluice-admin"], None]}, ["roles"]]
)
async def test_nobody_gets_in_without_a_role(page: httpx2.AsyncClient, provider: Provider, access: object) -> None:
    provider.claims["realm_access"] = access
    await assert_refused(page, await go(page), "no-role")


LIES: dict[str, Callable[[Provider], object]] = {
    "nonce of another attempt": lambda it: it.lies.update(nonce="another"),
    "no nonce": lambda it: it.lies.update(nonce=None),
    "audience of another server": lambda it: it.lies.update(aud="another"),
    "audience of several, made for another": lambda it: it.lies.update(aud=[CLIENT_ID, "another"], azp="another"),
    "audience of several, made for nobody": lambda it: it.lies.update(aud=[CLIENT_ID, "another"]),
    "audience of another, authorized party is ours": lambda it: it.lies.update(aud="another", azp=CLIENT_ID),
    "no audience": lambda it: it.lies.update(aud=None),
    "issuer of another": lambda it: it.lies.update(iss="http://127.0.0.1:1"),
    "expired": lambda it: it.lies.update(exp=int(time.time()) - 3600),
    "no end": lambda it: it.lies.update(exp=None),
    "end that is no number": lambda it: it.lies.update(exp="never"),
    "from the future": lambda it: it.lies.update(iat=int(time.time()) + 3600, exp=int(time.time()) + 7200),
    "no subject": lambda it: it.lies.update(sub=None),
    "of another access token": lambda it: it.lies.update(at_hash="another"),
    "unsigned": lambda it: it.header.update(alg="none"),
    "signed by the public key as a secret": lambda it: it.header.update(alg="HS256"),
    "signed by another key": lambda it: setattr(it, "signing", RSAKey.generate_key(2048, {"kid": "one"})),
    "signed by an unknown key": lambda it: it.header.update(kid="two"),
    "no issuer where it says it tells one": lambda it: it.metadata.update(
        authorization_response_iss_parameter_supported=True
    ),
    "answer of another provider": lambda it: it.answer.update(iss="https://elsewhere.test"),
    "metadata of another provider": lambda it: it.metadata.update(issuer="https://elsewhere.test"),
    "keys over a network that anybody reads": lambda it: it.metadata.update(jwks_uri="http://elsewhere.test/keys"),
    "keys from a file": lambda it: it.metadata.update(jwks_uri="file:///etc/passwd"),
    "keys that are none": lambda it: it.metadata.update(jwks_uri=f"{it.issuer}/.well-known/openid-configuration"),
}


@pytest.mark.parametrize("lie", LIES)
async def test_an_identity_that_isnt_good_lets_nobody_in(
    app: App, page: httpx2.AsyncClient, provider: Provider, lie: str
) -> None:
    LIES[lie](provider)
    begun = await page.get(BEGIN)
    if begun.headers["location"].startswith(provider.issuer):
        async with httpx2.AsyncClient() as browser:
            back = (await browser.get(begun.headers["location"])).headers["location"]
        await assert_refused(page, back, "failed")
    else:
        assert begun.headers["location"] == "/?oidc=failed"
    async with app.client(app.services.run_token) as admin:
        newest = (await admin.get(f"{V1}/audit")).json()["items"][0]
    assert (newest["action"], newest["detail"]) == ("session.refuse", {"why": "failed"})
    assert newest["actor"] == {"name": "", "by": "oidc"}


async def test_an_answer_counts_in_the_browser_that_asked_and_once(
    app: App, page: httpx2.AsyncClient, provider: Provider
) -> None:
    back = await go(page)
    async with app.client() as victim:
        await assert_refused(victim, back, "expired")  # it never asked
        await victim.get(BEGIN)
        await assert_refused(victim, back, "expired")  # it asked for something else
    kept = page.cookies["sluice_oidc"]
    assert (await page.get(back)).headers["location"] == "/"
    await page.delete(SESSION, headers={"Sec-Fetch-Site": "same-origin"})
    await assert_refused(page, back, "expired")
    page.cookies.set("sluice_oidc", kept)
    await assert_refused(page, back, "failed")  # the provider takes a code once
    assert provider.redeemed == ["code-0"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"state": "another"}, "expired"),
        ({"state": ""}, "expired"),
        ({"state": "\u00e4"}, "expired"),
        ({"code": "another"}, "failed"),
        ({"code": ""}, "failed"),
        ({"error": "access_denied"}, "denied"),
        ({"iss": "https://elsewhere.test"}, "failed"),
    ],
)
async def test_an_answer_that_was_changed_on_the_way_is_none(
    page: httpx2.AsyncClient, changed: dict[str, str], reason: str
) -> None:
    given = {name: values[0] for name, values in parse_qs(urlsplit(await go(page)).query).items()}
    await assert_refused(page, str(httpx2.URL(CALLBACK, params={**given, **changed})), reason)


async def test_what_comes_twice_is_no_answer(page: httpx2.AsyncClient) -> None:
    await assert_refused(page, f"{await go(page)}&code=another", "failed")


async def test_nothing_that_is_sent_leads_a_browser_elsewhere(page: httpx2.AsyncClient) -> None:
    elsewhere = "next=//elsewhere.test&redirect=https://elsewhere.test&redirect_uri=https://elsewhere.test"
    answer = await page.get(f"{await go(page)}&{elsewhere}")
    assert answer.headers["location"] == "/"
    assert_problem(await page.get(f"{BEGIN}?next=//elsewhere.test"), 422, "unprocessable")


async def test_names_that_cant_be_shown_are_made_so(page: httpx2.AsyncClient, provider: Provider) -> None:
    provider.claims["preferred_username"] = " \u202eada\x00\n" + "x" * 300
    await page.get(await go(page))
    name = (await page.get(SESSION)).json()["name"]
    assert name.startswith("adaxxx") and len(name) <= 200 and name.isprintable()


async def test_behind_https_the_cookies_are_bound_to_it(app: App) -> None:
    async with app.client(base="https://sluice.test") as page:
        back = await go(page)
        assert back.startswith(f"https://sluice.test{CALLBACK}?") and "__Host-sluice_oidc" in page.cookies
        answer = await page.get(back)
        for cookie in answer.headers.get_list("set-cookie"):
            assert cookie.startswith("__Host-") and "Secure" in cookie and "HttpOnly" in cookie
        assert (await page.get(SESSION)).json()["by"] == "oidc"


async def test_a_provider_that_is_away_is_told_so(data_dir: Path, provider: Provider) -> None:
    away = settings_of(provider, oidc_issuer="http://127.0.0.1:9")
    async with running(data_dir, **away) as app, app.client() as page:
        assert (await page.get(BEGIN)).headers["location"] == "/?oidc=away"


async def test_without_a_provider_there_is_none(data_dir: Path) -> None:
    async with running(data_dir) as app, app.client() as page:
        assert (await page.get(f"{SESSION}/ways")).json()["oidc"] is None
        for path in (BEGIN, CALLBACK):
            assert_problem(await page.get(path), 404, "not-found")


@pytest.mark.parametrize(
    ("key", "more"),
    [
        ("SLUICE_OIDC_ISSUER", {"SLUICE_OIDC_ISSUER": "http://login.example.com"}),
        ("SLUICE_OIDC_ISSUER", {"SLUICE_OIDC_ISSUER": "https://me:secret@login.example.com"}),
        ("SLUICE_OIDC_ISSUER", {"SLUICE_OIDC_ISSUER": "login.example.com"}),
        ("SLUICE_OIDC_CLIENT_ID", {"SLUICE_OIDC_CLIENT_ID": ""}),
        ("SLUICE_OIDC_CLIENT_ID", {"SLUICE_OIDC_ISSUER": ""}),
        ("SLUICE_OIDC_READ", {"SLUICE_OIDC_ADMIN": ""}),
        ("SLUICE_OIDC_SCOPES", {"SLUICE_OIDC_SCOPES": "email"}),
    ],
)
def test_a_setting_that_cant_be_meant_is_refused(key: str, more: dict[str, str]) -> None:
    right = {
        "SLUICE_OIDC_ISSUER": "https://login.example.com/realms/one",
        "SLUICE_OIDC_CLIENT_ID": "sluice",
        "SLUICE_OIDC_ADMIN": "operators, engineers",
    }
    assert Settings.load(right).oidc_admin == ("operators", "engineers")
    with pytest.raises(SettingsError) as refused:
        Settings.load({**right, **more})
    assert refused.value.key == key


async def test_a_start_without_the_extra_says_what_to_install(
    data_dir: Path, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "authlib.oauth2.client", None)
    monkeypatch.delitem(sys.modules, "sluice.access.oidc.provider", raising=False)
    with pytest.raises(CannotOpen, match=r"SLUICE_OIDC_ISSUER is set, .* pip install 'sluice\[oidc\]'"):
        async with running(data_dir, **settings_of(provider)):
            pass
