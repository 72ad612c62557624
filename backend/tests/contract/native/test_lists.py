"""Lists page by page, sorted and filtered."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import onnx_models
import pytest
from problems import assert_problem

V1 = "/api/v1"
NAMES = ("b.txt", "a.txt", "D.txt", "c.txt")


async def resources(admin: httpx2.AsyncClient) -> None:
    for size, name in enumerate(NAMES, 1):
        answer = await admin.post(f"{V1}/resources?fileName={name}", content=b"x" * (size % 3 + 1))
        assert answer.status_code == 201, answer.text


async def names(admin: httpx2.AsyncClient, query: str) -> list[str]:
    answer = (await admin.get(f"{V1}/{query}")).json()
    assert answer["nextCursor"] is None
    return [item["name"] for item in answer["items"]]


async def pages(admin: httpx2.AsyncClient, query: str) -> list[list[str]]:
    found: list[list[str]] = []
    cursor = ""
    while True:
        answer: dict[str, Any] = (await admin.get(f"{V1}/{query}{cursor}")).json()
        found.append([item["name"] for item in answer["items"]])
        if answer["nextCursor"] is None:
            return found
        cursor = f"&cursor={answer['nextCursor']}"


async def test_sorted_and_page_by_page(admin: httpx2.AsyncClient) -> None:
    await resources(admin)
    assert await names(admin, "resources") == ["a.txt", "b.txt", "c.txt", "D.txt"]
    assert await pages(admin, "resources?limit=3") == [["a.txt", "b.txt", "c.txt"], ["D.txt"]]
    assert await pages(admin, "resources?limit=2&sort=-name") == [["D.txt", "c.txt"], ["b.txt", "a.txt"]]
    assert await names(admin, "resources?sort=createdAt") == list(NAMES)
    by_size = await pages(admin, "resources?sort=-sizeBytes&limit=1")
    assert sorted(by_size) == [["D.txt"], ["a.txt"], ["b.txt"], ["c.txt"]]  # equal ones, too
    assert by_size[0] == ["a.txt"]
    assert await names(admin, "resources?limit=4") == ["a.txt", "b.txt", "c.txt", "D.txt"]


async def test_what_comes_and_goes_makes_nothing_else_appear_twice_or_not_at_all(admin: httpx2.AsyncClient) -> None:
    await resources(admin)
    first = (await admin.get(f"{V1}/resources?limit=2")).json()
    await admin.delete(f"{V1}/resources/b.txt")  # the one that the cursor names
    await admin.post(f"{V1}/resources?fileName=aa.txt", content=b"x")
    second = (await admin.get(f"{V1}/resources?limit=2&cursor={first['nextCursor']}")).json()
    assert [item["name"] for item in second["items"]] == ["c.txt", "D.txt"]


async def test_filtered(admin: httpx2.AsyncClient) -> None:
    script = b"def process(content):\n    return {'x': content}\n"
    await asyncio.gather(
        *(admin.post(f"{V1}/models?fileName={name}.onnx", content=onnx_models.double_it()) for name in ("one", "Two")),
        admin.post(f"{V1}/resources?fileName=pre.py", content=script),
        admin.post(f"{V1}/resources?fileName=a.txt", content=b"x"),
        admin.post(f"{V1}/tokens", json={"name": "a camera", "role": "READ"}),
    )
    made = await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "one", "dataFiles": ["a.txt"]})
    assert made.status_code == 201, made.text
    assert await names(admin, "models?q=tw") == ["Two"]
    tag = {"If-Match": "*"}
    await admin.patch(f"{V1}/models/two", json={"active": False}, headers=tag)
    assert await names(admin, "models?active=false") == ["Two"]
    assert await names(admin, "models?active=true") == ["one"]
    assert await names(admin, "resources?kind=script") == ["pre.py"]
    assert await names(admin, "pipelines?model=ONE&resource=A.txt&state=ready") == ["p"]
    assert await names(admin, "pipelines?model=two") == await names(admin, "pipelines?resource=pre.py") == []
    assert await names(admin, "pipelines?state=broken") == []
    assert await names(admin, "tokens?role=READ") == ["a camera"]
    environments = (await admin.get(f"{V1}/environments?state=ready&q=standard")).json()["items"]
    assert all(item["state"] == "ready" for item in environments)


@pytest.mark.parametrize(
    "cursor", ["x", "%00", "W10", "bnVsbA", "WyJuYW1lIiwgNSwgImkiXQ", "WyItbmFtZSIsICJhIiwgImkiXQ"]
)
async def test_what_is_no_cursor_of_the_list_is_refused(admin: httpx2.AsyncClient, cursor: str) -> None:
    await admin.post(f"{V1}/resources?fileName=a.txt", content=b"x")
    answer = await admin.get(f"{V1}/resources?cursor={cursor}")
    assert_problem(answer, 422, "unprocessable", fields=["cursor"])
