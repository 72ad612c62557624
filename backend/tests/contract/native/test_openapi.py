"""The OpenAPI document: of every route, with every error, true to itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import jsonschema_rs
import pytest
from apps import App
from problems import assert_problem

from sluice import errors
from sluice.api.native.openapi.document import document
from sluice.api.native.operation import Operation
from sluice.api.native.routes import ROUTES, V1
from sluice.entities import Role

DOCUMENT = document(ROUTES, V1, "")
OPERATIONS = [(path, method, one) for path, methods in DOCUMENT["paths"].items() for method, one in methods.items()]
IDS = [f"{method} {path}" for path, method, _ in OPERATIONS]


def schemas_in(node: Any) -> Iterator[dict[str, Any]]:
    """Yield every schema that has examples."""
    if isinstance(node, dict):
        if isinstance(node.get("examples"), list):
            yield node
        node = list(node.values())
    if isinstance(node, list):
        for one in node:
            yield from schemas_in(one)


def test_every_route_is_an_operation_and_in_the_document() -> None:
    for route in ROUTES:
        for method, action in route.actions.table.items():
            assert isinstance(action.endpoint, Operation), (method, route.path)
            if method != "HEAD" and set(route.param_convertors) >= action.endpoint.path_names:
                told = DOCUMENT["paths"][route.path.removeprefix(V1)][method.lower()]
                assert told.get("x-required-role") == action.role
    assert len({one["operationId"] for *_, one in OPERATIONS}) == len(OPERATIONS)


def test_every_error_is_in_it() -> None:
    codes = {
        error.code
        for _, error in inspect.getmembers(errors, inspect.isclass)
        if issubclass(error, errors.SluiceError) and error is not errors.SluiceError
    }
    told: dict[str, set[int]] = {}
    for *_, one in OPERATIONS:
        for status, response in one["responses"].items():
            for code in re.findall("`([a-z-]+)`", response["description"]) if int(status) >= 400 else ():
                told.setdefault(code, set()).add(int(status))
    assert codes - told.keys() == set()
    assert all(len(statuses) == 1 for statuses in told.values()), told


@pytest.mark.parametrize(("path", "method", "one"), OPERATIONS, ids=IDS)
def test_what_an_operation_refers_to_is_there(path: str, method: str, one: dict[str, Any]) -> None:
    for place in re.findall(r"#/components/schemas/([^'\"]+)", str(one)):
        assert place in DOCUMENT["components"]["schemas"]
    named = {each["name"] for each in one.get("parameters", ()) if each["in"] == "path"}
    assert named == set(re.findall(r"{(\w+)}", path))
    assert all(each["description"] and each["schema"] for each in one.get("parameters", ())), one
    assert one["summary"] and one["description"]
    assert {"401", "500", "503"} <= one["responses"].keys()


def test_examples_are_what_they_are_of() -> None:
    components = {"components": DOCUMENT["components"]}
    found = list(schemas_in(DOCUMENT))
    assert len(found) > 50
    for schema in found:
        for example in schema["examples"]:
            jsonschema_rs.Draft202012Validator({**components, **schema}).validate(example)


async def test_it_needs_read_and_knows_where_it_is(app: App) -> None:
    assert_problem(await app.client().get(f"{V1}/openapi.json"), 401, "not-signed-in")
    async with await app.caller(Role.READ) as reader:
        answer = await reader.get(f"{V1}/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == DOCUMENT
    assert document(ROUTES, V1, "/ml")["servers"] == [{"url": "/ml/api/v1"}]


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/models?colour=red", ["colour"]),
        ("/models?limit=1&limit=2", ["limit"]),
        ("/models?limit=0", ["limit"]),
        ("/models?limit=1.5", ["limit"]),
        ("/models?sort=colour&active=yes", ["sort", "active"]),
        ("/system?colour=red", ["colour"]),
        ("/pipelines/some/statistics?period=year", ["period"]),
        ("/resources/check", ["name"]),
    ],
)
async def test_a_query_that_isnt_in_it_is_refused(admin: httpx2.AsyncClient, path: str, fields: list[str]) -> None:
    method = "POST" if "check" in path else "GET"
    assert_problem(await admin.request(method, V1 + path), 422, "unprocessable", fields=fields)


async def test_what_is_unknown_is_told_with_what_is_known(admin: httpx2.AsyncClient) -> None:
    refused = assert_problem(await admin.get(f"{V1}/tokens?colour=red"), 422, "unprocessable")
    assert refused["errors"] == [
        {"field": "colour", "message": "There is no such parameter; known are cursor, limit, q, role, sort."}
    ]
