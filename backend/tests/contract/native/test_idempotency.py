"""`Idempotency-Key`: what is asked for twice is made once."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App
from problems import assert_problem

from sluice.api.idempotency import KEPT_S, Idempotency, Kept
from sluice.entities import Role
from sluice.errors import KeyInUse

V1 = "/api/v1"
KEY = {"Idempotency-Key": "8e03978e-40d5"}
TOKEN = {"name": "line 4", "role": "READ"}
MODEL = onnx_models.double_it()


async def test_a_token_is_made_once_and_its_secret_told_again(admin: httpx2.AsyncClient) -> None:
    first = await admin.post(f"{V1}/tokens", json=TOKEN, headers=KEY)
    again = await admin.post(f"{V1}/tokens", json=TOKEN, headers={"Idempotency-Key": '"8e03978e-40d5"'})
    other = await admin.post(f"{V1}/tokens", json=TOKEN, headers={"Idempotency-Key": "another"})
    assert first.status_code == again.status_code == other.status_code == 201
    assert again.json() == first.json() != other.json()
    assert again.headers["x-request-id"] != first.headers["x-request-id"]
    assert len((await admin.get(f"{V1}/tokens?q=line")).json()["items"]) == 2


async def test_another_request_with_the_key_is_refused(admin: httpx2.AsyncClient) -> None:
    await admin.post(f"{V1}/tokens", json=TOKEN, headers=KEY)
    other = await admin.post(f"{V1}/tokens", json={**TOKEN, "role": "ADMIN"}, headers=KEY)
    assert_problem(other, 422, "idempotency-key-reused")


async def test_keys_are_the_callers_own(app: App, admin: httpx2.AsyncClient) -> None:
    first = await admin.post(f"{V1}/tokens", json=TOKEN, headers=KEY)
    async with await app.caller(Role.ADMIN) as somebody:
        other = await somebody.post(f"{V1}/tokens", json=TOKEN, headers=KEY)
    assert other.json()["secret"] != first.json()["secret"]


async def test_an_upload_is_known_again_however_its_form_is_written(admin: httpx2.AsyncClient) -> None:
    answers = []
    for boundary in ("one", "two"):
        content_type = f"multipart/form-data; boundary={boundary}"
        form = b'--%b\r\nContent-Disposition: form-data; name="file"; filename="m.onnx"\r\n\r\n%b\r\n--%b--\r\n'
        body = form % (boundary.encode(), MODEL, boundary.encode())
        answers.append(await admin.post(f"{V1}/models", content=body, headers={**KEY, "Content-Type": content_type}))
    first, again = answers
    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert again.json() == first.json()
    assert {name: again.headers[name] for name in ("etag", "location")} == {
        "etag": first.headers["etag"],
        "location": "models/m",
    }
    other = await admin.post(f"{V1}/models?fileName=n.onnx", content=MODEL, headers=KEY)
    assert_problem(other, 422, "idempotency-key-reused")
    assert_problem(await admin.post(f"{V1}/models?fileName=m.onnx", content=MODEL), 409, "name-taken")


async def test_what_was_refused_can_be_mended_under_the_same_key(admin: httpx2.AsyncClient) -> None:
    refused = await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "m"}, headers=KEY)
    assert_problem(refused, 422, "invalid-pipeline")
    await admin.post(f"{V1}/models?fileName=m.onnx", content=MODEL)
    made = await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "m"}, headers=KEY)
    assert made.status_code == 201
    assert (await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "m"}, headers=KEY)).json() == made.json()


async def test_the_second_of_two_at_once_is_told_to_wait(admin: httpx2.AsyncClient) -> None:
    await admin.post(f"{V1}/models?fileName=m.onnx", content=MODEL)

    async def make() -> httpx2.Response:
        return await admin.post(f"{V1}/pipelines", json={"name": "p", "model": "m"}, headers=KEY)

    made, refused = sorted(await asyncio.gather(make(), make()), key=lambda answer: answer.status_code)
    assert made.status_code == 201
    assert_problem(refused, 409, "idempotency-key-in-use")


@pytest.mark.parametrize("key", ["", '""', "two words", "k" * 256, "\u00e9".encode()])
async def test_what_is_no_key_is_refused(admin: httpx2.AsyncClient, key: Any) -> None:
    answer = await admin.post(f"{V1}/tokens", json=TOKEN, headers={"Idempotency-Key": key})
    assert_problem(answer, 400, "bad-request")


def test_answers_go_after_a_day_and_the_oldest_when_there_are_too_many() -> None:
    now = 0.0
    store = Idempotency(most_bytes=10, now=lambda: now)

    def keep(key: str, body: bytes) -> None:
        with store.running(("who", "what", key)) as kept:
            with pytest.raises(KeyInUse):
                store.find(("who", "what", key))
            kept(Kept("print", 201, {}, body))

    keep("first", b"123456")
    keep("second", b"1234")
    assert store.find(("who", "what", "first"))
    keep("third", b"1")
    assert store.find(("who", "what", "first")) is None
    assert store.find(("who", "what", "second"))
    now = KEPT_S + 1
    assert store.find(("who", "what", "second")) is None
