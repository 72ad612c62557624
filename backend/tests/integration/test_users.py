"""Users with passwords: by the page's form and by HTTP Basic, changed, removed, and tried too often."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from apps import App, basic, running
from commands import sluice
from problems import assert_mle_error, assert_oip_error, assert_problem
from puppets import until

from sluice.access.attempts import OF_ACCOUNT
from sluice.entities import Role
from sluice.errors import Unprocessable

SESSION, USERS, TOKENS = "/api/v1/session", "/api/v1/users", "/api/v1/tokens"
PAGE = {"Sec-Fetch-Site": "same-origin"}
WORD = "correct horse battery"
OTHER = "another staple altogether"

ANY = {"If-Match": "*"}

pytestmark = pytest.mark.any_database


async def make(app: App, name: str = "Ada", role: Role = Role.READ, word: str = WORD) -> str:
    return (await app.access.add_user(name, role, None, word)).id


def signing_in(name: str = "Ada", word: str = WORD) -> dict[str, str]:
    return {"name": name, "password": word}


async def test_a_user_signs_in_by_form_and_by_basic_over_a_restart(data_dir: Path) -> None:
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin, app.client(**PAGE) as page:
        assert (await page.get(f"{SESSION}/ways")).json() == {"password": False, "oidc": None, "noAuth": False}
        made = await admin.post(USERS, json={"name": "Ada", "role": "READ", "password": WORD})
        user = made.json()
        assert made.status_code == 201 and made.headers["location"] == f"users/{user['id']}"
        assert user | {"createdAt": ""} == {
            "id": user["id"], "name": "Ada", "revision": 1, "role": "READ", "pipelines": None, "createdAt": "",
            "lastUsedAt": None, "hasPassword": True,
        }  # fmt: skip
        assert (await page.get(f"{SESSION}/ways")).json()["password"] is True
        told = {"name": "Ada", "role": "READ", "by": "password", "userId": user["id"], "pipelines": None}
        assert (await page.post(SESSION, json=signing_in("ada"))).json() == told
        assert (await page.get(SESSION)).json() == told
        used = (await admin.get(f"{USERS}/{user['id']}")).json()["lastUsedAt"]
        assert used is not None
    async with running(data_dir) as app, app.client(**PAGE) as again, await app.caller(Role.ADMIN) as admin:
        again.cookies = page.cookies
        # Case doesn't count, nor does what a client of a multi-tenant server writes before it.
        for name in ("Ada", "ADA", "t123/ada"):
            async with app.client(Authorization=basic(name, WORD)) as program:
                assert (await program.get(SESSION)).json() == told
        assert (await admin.get(USERS)).json()["items"][0]["lastUsedAt"] >= used
        assert (await again.get(SESSION)).json() == told
    stored = "\n".join(sqlite3.connect(data_dir / "sluice.db").iterdump())
    assert WORD not in stored and "$argon2id$" in stored


async def test_who_is_wrong_isnt_told_what_is_wrong(app: App) -> None:
    await make(app)
    said = set()
    async with app.client(**PAGE) as page:
        for body in (signing_in(word=OTHER), signing_in("Bob"), signing_in("", ""), signing_in("Ada", "")):
            answer = await page.post(SESSION, json=body)
            said.add(assert_problem(answer, 401, "not-signed-in")["detail"])
            assert "set-cookie" not in answer.headers
    for credentials in (basic("Ada", OTHER), basic("Bob", WORD), basic("", WORD), basic("Ada\0", WORD)):
        async with app.client(Authorization=credentials) as program:
            said.add(assert_problem(await program.get(SESSION), 401, "not-signed-in")["detail"])
    assert len(said) == 1


async def test_a_change_counts_at_once(app: App) -> None:
    user = f"{USERS}/{await make(app)}"
    async with (
        await app.caller(Role.ADMIN) as admin,
        app.client(**PAGE) as page,
        app.client(Authorization=basic("Ada", WORD)) as program,
    ):
        await page.post(SESSION, json=signing_in())
        for caller in (page, program):
            assert_problem(await caller.get(USERS), 403, "not-allowed")
        assert (await admin.patch(user, json={"role": "ADMIN"}, headers=ANY)).json()["role"] == "ADMIN"
        for caller in (page, program):
            assert (await caller.get(USERS)).status_code == 200
        assert (await admin.patch(user, json={"name": "Grace"}, headers=ANY)).json()["name"] == "Grace"
        assert (await page.get(SESSION)).json()["name"] == "Grace"
        assert_problem(await program.get(SESSION), 401, "not-signed-in")
        program.headers["Authorization"] = basic("Grace", WORD)
        assert (await program.get(SESSION)).status_code == 200
        assert (await admin.patch(user, json={"password": OTHER}, headers=ANY)).status_code == 200
        for caller in (page, program):
            assert_problem(await caller.get(SESSION), 401, "not-signed-in")
        program.headers["Authorization"] = basic("Grace", OTHER)
        assert (await program.get(SESSION)).status_code == 200
        assert (await page.post(SESSION, json=signing_in("Grace", OTHER))).status_code == 200
        await make(app, "Bob", Role.ADMIN)
        assert (await admin.delete(user)).status_code == 204
        for caller in (page, program):
            assert_problem(await caller.get(SESSION), 401, "not-signed-in")
        for answer in (await admin.get(user), await admin.patch(user, json={}, headers=ANY), await admin.delete(user)):
            assert_problem(answer, 404, "not-found")


async def test_an_own_password_is_changed_by_who_knows_it(app: App) -> None:
    await make(app)
    async with app.client(**PAGE) as here, app.client(**PAGE) as there, await app.caller(Role.READ) as token:
        for page in (here, there):
            await page.post(SESSION, json=signing_in())
        path = f"{SESSION}/password"
        wrong = await here.put(path, json={"current": OTHER, "new": OTHER})
        assert_problem(wrong, 422, "unprocessable", fields=["current"])
        short = await here.put(path, json={"current": WORD, "new": "short"})
        assert_problem(short, 422, "unprocessable", fields=["new"])
        assert_problem(await token.put(path, json={"current": WORD, "new": OTHER}), 403, "not-allowed")
        assert (await here.put(path, json={"current": WORD, "new": OTHER})).status_code == 204
        assert (await here.get(SESSION)).status_code == 200
        assert_problem(await there.get(SESSION), 401, "not-signed-in")
        assert_problem(await there.post(SESSION, json=signing_in()), 401, "not-signed-in")
        assert (await there.post(SESSION, json=signing_in(word=OTHER))).status_code == 200


async def test_a_password_that_an_administrator_gives_isnt_undone_by_who_knows_the_old_one(app: App) -> None:
    access, user_id = app.access, await make(app)
    given = await access.passwords.hash("given by the administrator")
    identity = access.users.found(user_id).identity
    changing = asyncio.create_task(access.change_own_password(identity, WORD, OTHER, "127.0.0.1"))
    await until(lambda: access.verified.user_id(access.verified.key(user_id, WORD)))  # the old one was found right
    await access.users.change(user_id, password_hash=given)
    await asyncio.wait([changing])
    assert access.users.found(user_id).password_hash == given
    assert isinstance(changing.exception(), Unprocessable | None)  # None: it was done before


async def test_signing_in_ends_what_the_browser_was_signed_in_as(app: App) -> None:
    await make(app)
    async with app.browser() as page, app.client(**PAGE) as kept:
        kept.cookies.update(page.cookies)
        before = dict(page.cookies)
        assert (await page.post(SESSION, json=signing_in())).status_code == 200
        assert dict(page.cookies) != before
        assert_problem(await kept.get(SESSION), 401, "not-signed-in")


async def test_sessions_are_listed_and_ended(app: App) -> None:
    await make(app)
    async with app.client(**PAGE) as theirs, app.browser() as page:
        await theirs.post(SESSION, json=signing_in())
        found = (await page.get("/api/v1/sessions")).json()["items"]
        assert {(one["name"], one["by"], one["current"]) for one in found} == {
            ("Ada", "password", False), ("operator", "link", True),
        }  # fmt: skip
        (one,) = [one for one in found if one["name"] == "Ada"]
        assert not {*theirs.cookies.values()} & {*one.values()}
        theirs.headers["Cookie"] = f"sluice_session={one['id']}"
        assert_problem(await theirs.get(SESSION), 401, "not-signed-in")
        del theirs.headers["Cookie"]
        assert_problem(await theirs.get("/api/v1/sessions"), 403, "not-allowed")
        assert (await page.delete(f"/api/v1/sessions/{one['id']}")).status_code == 204
        assert_problem(await page.delete(f"/api/v1/sessions/{one['id']}"), 404, "not-found")
        assert_problem(await theirs.get(SESSION), 401, "not-signed-in")


async def test_another_site_does_nothing_with_a_password_that_the_browser_knows(app: App) -> None:
    await make(app, role=Role.ADMIN)
    async with app.client(Authorization=basic("Ada", WORD)) as browser:
        for headers in ({"Origin": "http://other.test"}, {"Sec-Fetch-Site": "cross-site"}):
            refused = await browser.post(TOKENS, json={"name": "x", "role": "ADMIN"}, headers=headers)
            assert_problem(refused, 403, "not-allowed")
        assert (await browser.post(TOKENS, json={"name": "x", "role": "READ"})).status_code == 201


async def test_too_many_tries_are_refused_in_each_api_and_a_known_password_goes_on(app: App) -> None:
    await make(app)
    async with (
        app.client(Authorization=basic("Ada", WORD)) as program,
        app.client(Authorization=basic("Ada", OTHER)) as thief,
        app.client(**PAGE) as page,
    ):
        assert (await program.get(SESSION)).status_code == 200
        answers = await asyncio.gather(*(thief.get(SESSION) for _ in range(OF_ACCOUNT.tries + 5)))
        assert sorted(answer.status_code for answer in answers) == [401] * OF_ACCOUNT.tries + [429] * 5
        assert_problem(await page.post(SESSION, json=signing_in(word=OTHER)), 429, "too-many-attempts")
        assert_oip_error(await thief.get("/v2"), 429)
        assert_mle_error(await thief.get("/service/zementis/onnx/models"), 429)
        for path in ("/health/live", "/", f"{SESSION}/ways"):
            assert (await thief.get(path)).status_code != 429
        assert (await program.get(SESSION)).status_code == 200
        # Nobody is told whether there is such a user.
        thief.headers["Authorization"] = basic("Bob", WORD)
        answers = await asyncio.gather(*(thief.get(SESSION) for _ in range(OF_ACCOUNT.tries + 1)))
        assert sorted(answer.status_code for answer in answers) == [401] * OF_ACCOUNT.tries + [429]


async def test_a_flood_of_passwords_is_turned_away_before_it_takes_memory(app: App) -> None:
    await make(app)
    flood = [app.access.passwords.verify(None, "guess") for _ in range(40)]
    answers = await asyncio.gather(*flood, return_exceptions=True)
    refused = [answer for answer in answers if isinstance(answer, Exception)]
    assert len(refused) == 8 and answers.count(False) == 32
    async with app.client(**PAGE) as page:
        assert (await page.post(SESSION, json=signing_in())).status_code == 200


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({"name": ""}, ["name"]),
        ({"name": "a:b"}, ["name"]),
        ({"name": "a/b"}, ["name"]),
        ({"name": "a\u202eb"}, ["name"]),
        ({"password": "too short"}, ["password"]),
        ({"password": "slc_looks-like-a-token"}, ["password"]),
        ({"password": "x" * 1001}, ["password"]),
        ({"password": "with\0 nothing in it"}, ["password"]),
        ({"role": "PREDICT"}, ["pipelines"]),
        ({"pipelines": ["digits"]}, ["pipelines"]),
    ],
)
async def test_a_user_that_cant_be_made(admin: httpx2.AsyncClient, body: dict[str, Any], fields: list[str]) -> None:
    made = await admin.post(USERS, json={"name": "Ada", "role": "READ", "password": WORD} | body)
    problem = assert_problem(made, 422, "invalid-name" if fields == ["name"] else "unprocessable", fields=fields)
    assert WORD not in str(problem)


async def test_two_users_have_two_names(app: App, admin: httpx2.AsyncClient) -> None:
    await make(app)
    other = f"{USERS}/{await make(app, 'Bob')}"
    again = await admin.post(USERS, json={"name": "ADA", "role": "READ", "password": WORD})
    assert_problem(again, 409, "name-taken", fields=["name"])
    assert_problem(await admin.patch(other, json={"name": "ada"}, headers=ANY), 409, "name-taken")
    assert (await admin.patch(other, json={"name": "BOB"}, headers=ANY)).json()["name"] == "BOB"


async def test_a_change_to_what_somebody_else_has_changed_is_refused(app: App, admin: httpx2.AsyncClient) -> None:
    made = await admin.post(USERS, json={"name": "Ada", "role": "READ", "password": WORD})
    user, tag = f"{USERS}/{made.json()['id']}", made.headers["etag"]
    assert tag == f'"{made.json()["id"]}-1"' == (await admin.get(user)).headers["etag"]
    assert_problem(await admin.patch(user, json={"role": "ADMIN"}), 428, "precondition-required")
    both = await asyncio.gather(
        *(admin.patch(user, json={"name": name}, headers={"If-Match": tag}) for name in ("Grace", "Emmy"))
    )
    first, second = sorted(both, key=lambda answer: answer.status_code)
    assert (first.status_code, first.json()["revision"]) == (200, 2)
    assert first.json()["name"] in assert_problem(second, 412, "precondition-failed")["detail"]
    assert second.headers["etag"] == first.headers["etag"] == f'"{made.json()["id"]}-2"'
    # What changes nothing is no other revision; a password is.
    same = await admin.patch(user, json={"role": "READ"}, headers={"If-Match": first.headers["etag"]})
    assert same.json()["revision"] == 2
    async with app.client(**PAGE) as page:
        await page.post(SESSION, json=signing_in(first.json()["name"]))
        await page.put(f"{SESSION}/password", json={"current": WORD, "new": OTHER})
    assert (await admin.get(USERS)).json()["items"][0]["revision"] == 3
    assert_problem(await admin.delete(user, headers={"If-Match": tag}), 412, "precondition-failed")
    assert (
        await admin.delete(user, headers={"If-Match": second.headers["etag"].replace("-2", "-3")})
    ).status_code == 204


async def test_the_last_administrator_stays(app: App, admin: httpx2.AsyncClient) -> None:
    ada, bob = f"{USERS}/{await make(app, role=Role.ADMIN)}", f"{USERS}/{await make(app, 'Bob')}"
    await app.access.users.create("elsewhere", Role.ADMIN, None)  # has no password to sign in by
    for refused in (await admin.delete(ada), await admin.patch(ada, json={"role": "READ"}, headers=ANY)):
        assert "'Ada'" in assert_problem(refused, 409, "last-administrator")["detail"]
    assert (await admin.patch(ada, json={"name": "Grace", "password": OTHER}, headers=ANY)).status_code == 200
    assert (await admin.patch(bob, json={"role": "ADMIN"}, headers=ANY)).status_code == 200
    # Whoever is faster leaves, the other one stays.
    both = await asyncio.gather(admin.delete(ada), admin.patch(bob, json={"role": "READ"}, headers=ANY))
    assert sorted(answer.status_code for answer in both) in ([200, 409], [204, 409])
    found = (await admin.get(USERS)).json()["items"]
    assert [one["role"] for one in found if one["hasPassword"]].count("ADMIN") == 1


async def test_there_need_be_no_administrator_where_some_come_by_single_sign_on(data_dir: Path) -> None:
    settings = {"oidc_issuer": "https://login.test", "oidc_client_id": "sluice", "oidc_admin": "admins"}
    async with running(data_dir, **settings) as app, await app.caller(Role.ADMIN) as admin:
        ada = f"{USERS}/{await make(app, role=Role.ADMIN)}"
        assert (await admin.patch(ada, json={"role": "READ"}, headers=ANY)).status_code == 200


@pytest.fixture
def piped(tmp_path: Path) -> Iterator[Any]:
    folder = ("--data-dir", str(tmp_path / "data"))

    def run(*arguments: str, typed: str = "") -> Any:
        return sluice(*arguments, *folder, typed=typed)

    yield run


async def test_the_command(piped: Any, tmp_path: Path) -> None:
    made = piped("user", "create", "Ada", "--role", "admin", typed=f"{WORD}\n")
    assert made.status == 0, made.error
    (row,) = piped("user", "list").out.splitlines()
    assert row.split() == [made.out.strip(), "ADMIN", "never", "Ada"]
    assert piped("user", "password", "ada", typed=f"{OTHER}\n").status == 0
    async with running(tmp_path / "data") as app, app.client(Authorization=basic("Ada", OTHER)) as program:
        assert (await program.get(SESSION)).status_code == 200
    assert piped("user", "create", "Bob").status == 2
    assert "at least 10" in piped("user", "create", "Bob", typed="short\n").error
    assert "no user named 'Bob'" in piped("user", "remove", "Bob").error
    refused = piped("user", "remove", "Ada")
    assert refused.status == 1 and "'Ada' is the last user of role ADMIN" in refused.error
    assert piped("user", "create", "Bob", "--role", "admin", typed=f"{WORD}\n").status == 0
    assert piped("user", "remove", "Ada").status == 0
    assert [row.split()[-1] for row in piped("user", "list").out.splitlines()] == ["Bob"]
