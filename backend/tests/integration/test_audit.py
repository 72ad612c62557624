"""The audit log: whoever changes anything, by whichever way, leaves an entry, and who changes nothing leaves none."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx2
import onnx_models
import pytest
from apps import App, basic, running
from problems import assert_problem
from test_routes import CALLS, role_of

from sluice.access.sessions import public_id
from sluice.api import refusals
from sluice.api.origin import SAFE_METHODS
from sluice.entities import Identity, Role

AUDIT = "/api/v1/audit"
SECRET = "/api/v1/pipelines/{name}/secrets/{secret}"
V1, MLE, OIP = "/api/v1", "/service/zementis/onnx", "/v2/repository/models"
SCRIPT = b"def process(content):\n    return 1\n"
WITH_PACKAGES = b'# /// script\n# dependencies = ["not-there"]\n# ///\n' + SCRIPT
MODEL = onnx_models.double_it()
ANY = {"If-Match": "*"}

CHANGES_NOTHING = ("/predictions", "/infer", "/apply/{name}", "/apply-pipeline/{name}", "/check", "/repository/index")
"""Ends of the addresses of what runs or looks, though it is sent by POST."""


class Step(NamedTuple):
    """A request, and the actions that the log tells of it."""

    method: str
    path: str
    actions: list[str]
    at: dict[str, str] = {}  # noqa: RUF012 - a tuple's default
    sent: dict[str, Any] = {}  # noqa: RUF012


def named(name: str) -> dict[str, str]:
    return {"name": name}


def described(**changes: Any) -> dict[str, Any]:
    return {"json": changes, "headers": ANY}


FORM = {"files": {"file": ("two.onnx", MODEL)}}
STEPS = [
    Step("POST", f"{V1}/examples",
         [*["model.add"] * 2, *["resource.add"] * 6, *["pipeline.add"] * 2, "examples.load"]),
    Step("POST", f"{V1}/models", ["model.add"], sent={"params": {"fileName": "one.onnx"}, "content": MODEL}),
    Step("PUT", f"{V1}/models/{{name}}/content", ["model.replace"], named("one"),
         {"params": {"fileName": "one.onnx"}, "content": onnx_models.identity()}),
    Step("PUT", f"{V1}/models/{{name}}/content", [], named("one"),
         {"params": {"fileName": "one.onnx"}, "content": onnx_models.identity()}),
    Step("PATCH", f"{V1}/models/{{name}}", ["model.change"], named("one"), described(description="Twice", name="uno")),
    Step("PATCH", f"{V1}/models/{{name}}", [], named("uno"), described(description="Twice")),
    Step("PATCH", f"{V1}/models/{{name}}", ["model.deactivate"], named("uno"), described(active=False)),
    Step("PATCH", f"{V1}/models/{{name}}", ["model.activate"], named("uno"), described(active=True)),
    Step("DELETE", f"{V1}/models/{{name}}/failures", ["model.clear-failures"], named("uno")),
    Step("POST", f"{V1}/resources", ["resource.add"], sent={"params": {"fileName": "a.py"}, "content": SCRIPT}),
    Step("PUT", f"{V1}/resources/{{name}}/content", ["resource.replace"], named("a.py"),
         {"params": {"fileName": "a.py"}, "content": WITH_PACKAGES}),
    Step("PATCH", f"{V1}/resources/{{name}}", ["resource.rename"], named("a.py"), described(name="b.py")),
    Step("POST", f"{V1}/environments/{{key}}/rebuild", ["environment.rebuild"]),
    Step("POST", f"{V1}/pipelines", ["pipeline.add"], sent={"json": {"name": "p", "model": "uno"}}),
    Step("PATCH", f"{V1}/pipelines/{{name}}", ["pipeline.change"], named("p"), described(name="q", deadlineS=5.0)),
    Step("PATCH", f"{V1}/pipelines/{{name}}", [], named("q"), described(deadlineS=5.0)),
    Step("PUT", SECRET, ["pipeline.change"], {**named("q"), "secret": "KEY"}, {"json": {"value": "x"}}),
    Step("DELETE", SECRET, ["pipeline.change"], {**named("q"), "secret": "KEY"}),
    Step("POST", f"{V1}/pipelines/{{name}}/retry", ["pipeline.retry"], named("q")),
    Step("DELETE", f"{V1}/pipelines/{{name}}/failures", ["pipeline.clear-failures"], named("q")),
    Step("POST", f"{OIP}/{{name}}/load", ["pipeline.retry"], named("q")),
    Step("POST", f"{OIP}/{{name}}/unload/", ["model.deactivate"], named("model.uno"), {"json": {}}),
    Step("POST", f"{OIP}/{{name}}/load/", ["model.activate"], named("model.uno"), {"json": {}}),
    Step("POST", f"{OIP}/{{name}}/unload", ["model.deactivate"], named("model.uno"), {"json": {}}),
    Step("PUT", f"{MLE}/models/{{name}}/activate", ["model.activate"], named("uno")),
    Step("PUT", f"{MLE}/models/{{name}}/activate", [], named("uno")),
    Step("PUT", f"{MLE}/models/{{name}}/deactivate", ["model.deactivate"], named("uno")),
    Step("DELETE", f"{V1}/pipelines/{{name}}", ["pipeline.delete"], named("q")),
    Step("DELETE", f"{V1}/models/{{name}}", ["model.delete"], named("uno")),
    Step("DELETE", f"{V1}/resources/{{name}}", ["resource.delete"], named("b.py")),
    Step("POST", f"{MLE}/models", ["model.add"], sent=FORM | {"params": {"name": "two"}}),
    Step("POST", f"{MLE}/resources", ["resource.add"], sent={"files": {"file": ("c.py", SCRIPT)}}),
    Step("POST", f"{MLE}/pipelines", ["pipeline.add"],
         sent={"json": {"pipelineName": "r", "modelName": "two", "postProcessing": "c.py"}}),
    Step("DELETE", f"{MLE}/pipelines/{{name}}", ["pipeline.delete"], named("r")),
    Step("DELETE", f"{MLE}/models/{{name}}", ["model.delete"], named("two")),
    Step("DELETE", f"{MLE}/resources/{{name}}", ["resource.delete"], named("c.py")),
    Step("DELETE", f"{MLE}/pipelines", ["pipeline.delete"] * 2),
    Step("DELETE", f"{MLE}/models", ["model.delete"] * 2),
    Step("DELETE", f"{MLE}/resources", ["resource.delete"] * 3),
    Step("DELETE", f"{MLE}/resources", []),
    Step("POST", f"{V1}/tokens", ["token.add"], sent={"json": {"name": "robot", "role": "READ"}}),
    Step("DELETE", f"{V1}/tokens/{{id}}", ["token.revoke"]),
    Step("POST", f"{V1}/users", ["user.add"],
         sent={"json": {"name": "Ada", "role": "METRICS", "password": "correct horse battery"}}),
    Step("PATCH", f"{V1}/users/{{id}}", ["user.change"],
         sent={"json": {"role": "READ", "name": "Ada L"}, "headers": ANY}),
    Step("PATCH", f"{V1}/users/{{id}}", [], sent={"json": {"role": "READ"}, "headers": ANY}),
    Step("PUT", f"{V1}/session/password", ["user.change"],
         sent={"json": {"current": "correct horse battery", "new": "another staple altogether"}}),
    Step("DELETE", f"{V1}/sessions/{{id}}", ["session.end"]),
    Step("DELETE", f"{V1}/users/{{id}}", ["user.delete"]),
    Step("POST", f"{V1}/session", ["session.start"]),
    Step("DELETE", f"{V1}/session", ["session.end"]),
]  # fmt: skip


WHO = {f"{V1}/session": ("link", "operator"), f"{V1}/session/password": ("password", "Ada L")}


@pytest.fixture
async def app(data_dir: Path) -> AsyncIterator[App]:
    async with running(data_dir, package_index="none") as app:
        yield app


async def entries(client: httpx2.AsyncClient, **filters: str) -> list[dict[str, Any]]:
    answer = await client.get(AUDIT, params=filters)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_every_request_that_may_change_something_is_a_step() -> None:
    unsafe = {(method, path) for method, path in CALLS if method not in SAFE_METHODS}
    silent = {(method, path) for method, path in unsafe if path.rstrip("/").endswith(CHANGES_NOTHING)}
    assert unsafe - silent == {(step.method, step.path) for step in STEPS if step.actions}
    assert all(role_of(path, method) in (Role.PREDICT, Role.READ, Role.ADMIN) for method, path in silent)


async def test_each_change_leaves_its_entries(app: App) -> None:
    async with app.client() as admin:
        _, secret = await app.access.tokens.create("changer", Role.ADMIN)
        admin.headers["Authorization"] = f"Bearer {secret}"
        await app.access.sessions.open(Identity("somebody", Role.READ, by="link"))
        ((session, _),) = app.access.sessions.all()
        at: dict[str, str] = {"id": "", "key": ""}
        for number, step in enumerate(STEPS):
            sent = dict(step.sent)
            sent["headers"] = {"X-Request-Id": f"step-{number}", **sent.get("headers", {})}
            if step.path == f"{V1}/session":
                del admin.headers["Authorization"]  # this one comes with a cookie
                admin.headers["Sec-Fetch-Site"] = "same-origin"
                if step.method == "POST":
                    sent["json"] = {"code": app.services.link_code}
            if step.path == f"{V1}/session/password":
                admin.headers["Authorization"] = basic("Ada L", "correct horse battery")
            if step.path == f"{V1}/sessions/{{id}}":
                step = step._replace(at={"id": public_id(session)})
            answer = await admin.request(step.method, step.path.format_map(at | step.at), **sent)
            assert answer.is_success, (step, answer.text)
            if step.path in (f"{V1}/tokens", f"{V1}/users"):
                at["id"] = answer.json()["id"]
            if step.path == f"{V1}/resources/{{name}}/content":
                at["key"] = (await admin.get(f"{V1}/resources/a.py")).json()["environment"]["key"]
            admin.headers["Authorization"] = f"Bearer {secret}"
            found = await entries(admin, q=f"step-{number}")
            assert sorted(entry["action"] for entry in found) == sorted(step.actions), step
            for entry in found:
                dialect = {MLE: "mle", "/v2": "oip"}.get(step.path[: len(MLE)], "oip" if OIP in step.path else "native")
                by, name = WHO.get(step.path, ("token", "changer"))
                assert (entry["dialect"], entry["actor"]) == (dialect, {"name": name, "by": by}), entry


@pytest.mark.any_database
async def test_an_entry_tells_what_changed_and_keeps_what_it_was_called(app: App) -> None:
    async with await app.caller(Role.ADMIN) as admin:
        await admin.post(f"{V1}/models?fileName=m.onnx", content=MODEL)
        made = (await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "m"})).json()
        await admin.patch(f"{V1}/pipelines/p", json={"name": "q", "deadlineS": 5.0}, headers=ANY)
        await admin.put(f"{V1}/models/m/content?fileName=m.onnx", content=onnx_models.identity())
        replaced, changed, added, *_ = await entries(admin)
        assert replaced["detail"]["pipelines"] == ["q"] and replaced["detail"]["revision"] == 2
        assert changed["subject"] == {"kind": "pipeline", "name": "q", "id": made["id"]}
        assert changed["detail"] == {
            "revision": 2,
            "changes": {"name": {"from": "p", "to": "q"}, "deadlineS": {"from": None, "to": 5.0}},
        }
        assert added["subject"]["name"] == "p" and added["detail"]["model"] == "m"
        assert [one["subject"]["name"] for one in await entries(admin, subject=made["id"])] == ["q", "p"]


async def test_no_secret_is_in_an_entry(app: App, data_dir: Path) -> None:
    async with await app.caller(Role.ADMIN) as admin, app.browser() as page:
        made = (await admin.post(f"{V1}/tokens", json={"name": "robot", "role": "READ"})).json()
        await admin.post(f"{V1}/resources?fileName=a.py", content=SCRIPT + b"# a-line-of-mine")
        await admin.post(f"{V1}/models?fileName=m.onnx", content=MODEL)
        await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "m", "variables": {"FIRST": "a-value-of-mine"}})
        await admin.put(SECRET.format(name="p", secret="KEY"), json={"value": "a-secret-of-mine"})
        await admin.patch(f"{V1}/pipelines/p", json={"variables": {"REGION": "another-value-of-mine"}}, headers=ANY)
        variables, secret, *_ = await entries(admin)
        assert variables["detail"]["changes"] == {"variables": {"names": ["FIRST", "REGION"]}}
        assert secret["detail"]["changes"] == {"secrets": {"names": ["KEY"]}}
        text = (await admin.get(f"{AUDIT}/lines")).text
        secrets = [made["secret"], app.services.link_code, *page.cookies.values(), "-of-mine"]
        assert "robot" in text and not [secret for secret in secrets if secret in text]


async def test_only_an_administrator_reads_it_and_nobody_changes_it(app: App) -> None:
    async with await app.caller(Role.READ) as reader:
        for path in (AUDIT, f"{AUDIT}/lines"):
            assert_problem(await reader.get(path), 403, "not-allowed")
    async with await app.caller(Role.ADMIN) as admin:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert_problem(await admin.request(method, AUDIT), 405, "method-not-allowed")


async def test_page_by_page_and_as_lines(app: App) -> None:
    async with await app.caller(Role.ADMIN) as admin:
        for number in range(7):
            await admin.post(f"{V1}/tokens", json={"name": f"robot {number}", "role": "READ"})
        every = await entries(admin)
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = (await admin.get(AUDIT, params={"limit": "3", **cursor})).json()
            found += page["items"]
            if page["nextCursor"] is None:
                break
            cursor = {"cursor": page["nextCursor"]}
            await admin.post(f"{V1}/tokens", json={"name": "meanwhile", "role": "READ"})  # newer: on no later page
        assert found == every
        lines = await admin.get(f"{AUDIT}/lines", params={"q": "ROBOT"})
        assert lines.headers["content-type"] == "application/x-ndjson"
        assert lines.headers["content-disposition"].startswith("attachment")
        assert [json.loads(line) for line in lines.text.splitlines()] == await entries(admin, q="robot")


@pytest.mark.parametrize("cursor", ["x", "-1", "9" * 19, "1.0", "\u0661"])
async def test_what_is_no_cursor_is_refused(app: App, cursor: str) -> None:
    async with await app.caller(Role.ADMIN) as admin:
        answer = await admin.get(AUDIT, params={"cursor": cursor})
        assert_problem(answer, 422, "unprocessable", fields=["cursor"])


async def test_the_address_is_the_clients_as_far_as_one_can_know(app: App) -> None:
    for host, address in (("10.1.2.3", "10.1.2.3"), ("unix socket", None), ("2001:DB8::1", "2001:db8::1")):
        transport = httpx2.ASGITransport(app.asgi, client=(host, 1))
        headers = {"Authorization": f"Bearer {app.services.run_token}"}
        async with httpx2.AsyncClient(transport=transport, base_url="http://sluice.test", headers=headers) as admin:
            await admin.post(f"{V1}/tokens", json={"name": "robot", "role": "READ"})
            (newest, *_) = await entries(admin)
            assert newest["address"] == address
            assert newest["actor"] == {"name": "this machine", "by": "token"}


async def test_failed_attempts_are_recorded_without_what_was_typed(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "MOST_AN_HOUR", 4)
    session = f"{V1}/session"
    async with await app.caller(Role.ADMIN) as admin, app.client() as nobody:
        made = {"name": "Ada", "role": "READ", "password": "correct horse battery"}
        ada = (await admin.post(f"{V1}/users", json=made)).json()["id"]
        wrong: list[dict[str, str]] = [
            {"token": "slc_wrong"},
            {"code": "a-wrong-code"},
            {"name": "t1/ADA", "password": "typed in vain"},
        ]
        for body in wrong:
            assert_problem(await nobody.post(session, json=body), 401, "not-signed-in")
        assert (await nobody.get(f"{V1}/models", auth=("typed-in-vain", "too"))).status_code == 401  # HTTP Basic
        assert (await nobody.post(session, json={"token": "slc_again"})).status_code == 401
        app.services.refusals._began_at -= 3600
        assert (await nobody.post(session, json={"token": "slc_later"})).status_code == 401
        later, basic, password, *others = await entries(admin, action="session.refuse")
        assert later["detail"] == {"unrecorded": 1}
        assert password["subject"] == {"kind": "user", "name": "Ada", "id": ada}
        assert (basic["subject"], basic["actor"]) == (None, {"name": "", "by": "password"})
        assert [entry["actor"]["by"] for entry in others] == ["link", "token"]
        told = (await admin.get(f"{AUDIT}/lines")).text
        assert "vain" not in told and "slc_" not in told and "a-wrong-code" not in told
