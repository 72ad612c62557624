"""A server with more connections than may be: it says so, in each dialect, and its probes answer."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from pathlib import Path

import httpx2
import pytest
from apps import ready, served
from problems import assert_mle_error, assert_oip_error, assert_problem

pytestmark = pytest.mark.any_database

TOKEN = "slc_" + "0" * 40


async def test_one_connection_too_many(data_dir: Path) -> None:
    async with (
        served(data_dir, SLUICE_ADMIN_TOKEN=TOKEN, SLUICE_MAX_CONNECTIONS="2") as server,
        AsyncExitStack() as held,
    ):
        headers = {"Authorization": f"Bearer {TOKEN}", "Connection": "close"}
        client = await held.enter_async_context(httpx2.AsyncClient(base_url=server.url, headers=headers))
        await ready(client)
        writers = []
        for _ in range(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            held.callback(writer.close)
            writers.append(writer)
            writer.write(b"GET /livez HTTP/1.1\r\n\r\n")
            assert (await reader.readline()).startswith(b"HTTP/1.1 200 ")  # so it is counted

        refused = await client.get("/api/v1/models")
        assert "SLUICE_MAX_CONNECTIONS" in assert_problem(refused, 503, "not-available")["detail"]
        assert (refused.headers["retry-after"], refused.headers["connection"]) == ("5", "close")
        # Neither the shortcut nor a large body gets through.
        predicting = "/api/v1/models/m/predictions"
        assert_problem(await client.post(predicting, content=b"{}"), 503, "not-available")
        assert_problem(await client.post("/api/v1/models", content=bytes(500_000)), 503, "not-available")
        assert_oip_error(await client.get("/v2/models/m"), 503, "SLUICE_MAX_CONNECTIONS")
        assert_mle_error(await client.get("/service/zementis/onnx/model"), 503)
        for probe in ("/health/live", "/health/ready", "/livez"):
            assert (await client.get(probe)).status_code == 200

        writers[0].close()
        async with asyncio.timeout(10):
            while (await client.get("/api/v1/models")).status_code == 503:
                pass
        metrics = (await client.get("/metrics")).text
        told = dict(re.findall(r"^(sluice_connections\S*) (\S+)$", metrics, re.MULTILINE))
        # One is held, one asks. Each refusal above was one, and so was each probe.
        assert (told["sluice_connections"], told["sluice_connections_limit"]) == ("2.0", "2.0")
        assert float(told['sluice_connections_refused_total{limit="all"}']) >= 8
        assert told['sluice_connections_refused_total{limit="address"}'] == "0.0"
    assert server.log.read_text().count("refused a connection") == 1
