"""Who may do what by the drop-in API: every row's 401, and the 403 of those that change something."""

from __future__ import annotations

import base64

import httpx2
import pytest
from mle_calls import PREFIX, TOKEN, assert_answer, errors
from starlette.routing import Route

from sluice.api.mle.routes import ROUTES

# Rows of the checklist by call; what changes something is an administrator's.
READING = {
    ("GET", "/models"): "1",
    ("GET", "/models/{name}"): "2, 3",
    ("GET", "/models/{name}/source"): "4, 5",
    ("GET", "/resources"): "18",
    ("GET", "/resources/{name}"): "19, 20",
    ("GET", "/pipelines"): "30",
    ("GET", "/pipelines/{name}"): "31, 32",
    ("POST", "/apply/{name}"): "43-46",
    ("POST", "/apply-pipeline/{name}"): "47-52",
}
CHANGING = {
    ("POST", "/models"): "6-10",
    ("PUT", "/models/{name}/activate"): "11, 13",
    ("PUT", "/models/{name}/deactivate"): "12, 13",
    ("DELETE", "/models/{name}"): "14-16",
    ("DELETE", "/models"): "17",
    ("POST", "/resources"): "21-24",
    ("DELETE", "/resources/{name}"): "25-27",
    ("DELETE", "/resources"): "28, 29",
    ("POST", "/pipelines"): "33-39",
    ("DELETE", "/pipelines/{name}"): "40, 41",
    ("DELETE", "/pipelines"): "42",
}
ALL = READING | CHANGING
BASIC = 'Basic realm="Sluice", charset="UTF-8"'


def ids(calls: dict[tuple[str, str], str]) -> list[str]:
    return [f"rows {rows}: {method} {path}" for (method, path), rows in calls.items()]


def basic(pair: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def test_each_address_is_in_the_checklist() -> None:
    have = {(method, route.path.removeprefix(PREFIX)) for route in ROUTES for method in route.actions.table}
    assert isinstance(ROUTES[0], Route)
    assert {call for call in have if call[0] != "HEAD"} == ALL.keys()


@pytest.mark.parametrize("call", ALL, ids=ids(ALL))
def test_401_without_credentials(nobody: httpx2.Client, call: tuple[str, str]) -> None:
    answer = nobody.request(call[0], call[1].format(name="dummy"), content=b"{}" if call[0] == "POST" else None)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == BASIC
    assert answer.headers["content-type"] == "application/json"
    said = answer.json()
    assert list(said) == ["error", "message", "info"]
    assert (said["error"], said["message"]) == ("general/internalError", "No auth information found")
    assert "://" not in said["info"] and "API token" in said["info"]


@pytest.mark.parametrize("call", CHANGING, ids=ids(CHANGING))
def test_403_for_who_may_only_read(reader: httpx2.Client, call: tuple[str, str]) -> None:
    answer = reader.request(call[0], call[1].format(name="dummy"), content=b"{}" if call[0] == "POST" else None)
    assert_answer(answer, 403, errors("This needs the role ADMIN; 'a reader' has the role READ."))


@pytest.mark.parametrize("call", READING, ids=ids(READING))
def test_who_may_only_read_may_do_this(reader: httpx2.Client, call: tuple[str, str]) -> None:
    answer = reader.request(call[0], call[1].format(name="dummy"), content=b"{}" if call[0] == "POST" else None)
    assert answer.status_code in (200, 404)


@pytest.mark.parametrize(
    "headers",
    [
        basic("t2700/ann:wrong"),
        basic("ann:"),
        basic("no colon"),
        {"Authorization": "Basic ?"},
        {"Authorization": "Bearer x"},
    ],
)
def test_401_with_wrong_credentials(nobody: httpx2.Client, headers: dict[str, str]) -> None:
    answer = nobody.get("/models", headers=headers)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, BASIC)
    said = answer.json()
    assert list(said) == ["error", "message", "info"]
    assert (said["error"], said["message"]) == ("general/internalError", "Not authorized!")


@pytest.mark.parametrize(
    "headers",
    [
        basic(f"t2700/ann:{TOKEN}"),
        basic(f"ann:{TOKEN}"),
        basic(f":{TOKEN}"),
        basic(f"t2700/müller@plant.example:{TOKEN}"),
        {"Authorization": f"Bearer {TOKEN}"},
    ],
)
def test_a_token_is_the_password_of_any_user_of_any_tenant(nobody: httpx2.Client, headers: dict[str, str]) -> None:
    assert nobody.get("/models", headers=headers).status_code == 200


def test_browsers_are_offered_basic_too(nobody: httpx2.Client) -> None:
    answer = nobody.get("/models", headers={"User-Agent": "Mozilla/5.0", "Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, BASIC)


def test_what_isnt_there_is_told_in_the_same_shape(admin: httpx2.Client, nobody: httpx2.Client) -> None:
    for path in ("", "/", "/models/", "/nothing", "/models/a/b"):
        url = str(admin.base_url.copy_with(path=PREFIX + path))
        assert_answer(admin.get(url), 404, errors("There is nothing at this address."))
        assert nobody.get(url).json()["message"] == "No auth information found"


def test_other_methods_are_told_with_those_that_are_possible(admin: httpx2.Client) -> None:
    answer = admin.put("/models")
    assert_answer(answer, 405, errors("PUT isn't possible here."))
    assert answer.headers["allow"] == "DELETE, GET, HEAD, OPTIONS, POST"
