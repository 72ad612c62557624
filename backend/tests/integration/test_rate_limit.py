"""One caller may predict so often: told in each dialect, on the shortcut and beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import onnx_models
import pytest
from apps import served
from problems import assert_mle_error, assert_oip_error, assert_problem

pytestmark = pytest.mark.any_database

TOKEN = "slc_" + "0" * 40
BODY = b'{"x": [[1, 2, 3, 4]]}'
NATIVE = "/api/v1/models/m/predictions"


async def in_pieces() -> AsyncIterator[bytes]:
    yield BODY


async def test_one_call_too_many(data_dir: Path) -> None:
    async with (
        served(data_dir, SLUICE_ADMIN_TOKEN=TOKEN, SLUICE_RATE_LIMIT="0.001") as server,
        httpx2.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {TOKEN}"}) as client,
    ):
        await client.post("/api/v1/models", params={"fileName": "m.onnx"}, content=onnx_models.double_it(4))
        first, second = [
            (await client.post("/api/v1/tokens", json={"name": "other", "role": "READ"})).json()["secret"] for _ in "12"
        ]
        assert (await client.post(NATIVE, content=BODY)).status_code == 200
        for content in (BODY, bytes(100_000), in_pieces()):
            refused = await client.post(NATIVE, content=content)
            assert "SLUICE_RATE_LIMIT" in assert_problem(refused, 429, "rate-exceeded")["detail"]
            assert 900 < int(refused.headers["retry-after"]) <= 1000
        assert_mle_error(await client.post("/service/zementis/onnx/apply/m", content=BODY), 429)
        assert_oip_error(await client.post("/v2/models/m/infer", content=b"{}"), 429, "SLUICE_RATE_LIMIT")
        assert (await client.get("/api/v1/models")).status_code == 200
        # Each token counts by itself, whatever its name, and together with the browsers that it signed in.
        other = {"Authorization": f"Bearer {first}"}
        assert (await client.post(NATIVE, content=BODY, headers=other)).status_code == 200
        async with httpx2.AsyncClient(base_url=server.url, headers={"Sec-Fetch-Site": "same-origin"}) as page:
            assert (await page.post("/api/v1/session", json={"token": first})).status_code == 200
            assert_problem(await page.post(NATIVE, content=BODY), 429, "rate-exceeded")
            assert_mle_error(await page.post("/service/zementis/onnx/apply/m", content=BODY), 429)
            assert_oip_error(await page.post("/v2/models/m/infer", content=b"{}"), 429, "SLUICE_RATE_LIMIT")
            assert (await page.post("/api/v1/session", json={"token": second})).status_code == 200
            assert (await page.post(NATIVE, content=BODY)).status_code == 200
        other["Authorization"] = f"Bearer {second}"
        assert_problem(await client.post(NATIVE, content=BODY, headers=other), 429, "rate-exceeded")
