"""`/metrics` of a real server, read by Prometheus's own parsers: what was called is what it tells."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import onnx_models
import pytest
from apps import App, Server, running, served
from prometheus_client import Metric
from prometheus_client.openmetrics.parser import text_string_to_metric_families as parse_open_metrics
from prometheus_client.parser import text_string_to_metric_families as parse_text

from sluice.api.metrics import server as of_the_server
from sluice.api.metrics import subjects
from sluice.entities import Role

LOGS = (Path(__file__).parents[2] / "docs/watching.md").read_text("utf-8").partition("## Logs")[2]
V1 = "/api/v1"
TOKEN = "slc_" + "0" * 40
SCRAPE_TOKEN = "prometheus-" + "0" * 20
OPEN_METRICS = "application/openmetrics-text; version=1.0.0"
PUPPET = """
import os, time
import numpy as np

def process(content):
    if content == b"raise":
        raise ValueError("no such thing")
    if content == b"die":
        os._exit(3)
    if content == b"loop":
        while True: pass
    return {"x": np.zeros((1, 4), np.float32)}
"""
ANSWER = b'{"y":[[0.0,0.0,0.0,0.0]]}'

Numbers = dict[tuple[str, frozenset[tuple[str, str]]], float]


def numbers(families: Iterable[Metric]) -> Numbers:
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families
        for sample in family.samples
    }


class Scrape:
    """What one reading told."""

    def __init__(self, found: Numbers) -> None:
        self.found = found

    def __call__(self, name: str, **labels: str) -> float | None:
        return self.found.get((name, frozenset(labels.items())))

    def by(self, label: str, name: str, **labels: str) -> dict[str, float]:
        """Return the numbers above 0 of a metric by one further label."""
        return {
            dict(key).get(label, ""): value
            for (metric, key), value in self.found.items()
            if metric == name and value and {*key} - {(label, dict(key).get(label))} == {*labels.items()}
        }

    def names(self) -> set[tuple[str, str]]:
        wanted = ("pipeline", "model")
        return {(name, value) for _, labels in self.found for name, value in labels if name in wanted}


@pytest.fixture
def database_url() -> None:
    """Metrics aren't stored: one database is enough."""


async def scrape(client: httpx2.AsyncClient) -> Scrape:
    answer = await client.get("/metrics")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    return Scrape(numbers(parse_text(answer.text)))


async def make(client: httpx2.AsyncClient, name: str = "p", **fields: object) -> None:
    await client.post(f"{V1}/models", params={"fileName": "m.onnx"}, content=onnx_models.double_it(4))
    await client.post(f"{V1}/resources", params={"fileName": "pre.py"}, content=PUPPET.encode())
    made = {"name": name, "model": "m", "preProcessing": "pre.py", **fields}
    created = await client.post(f"{V1}/pipelines", json=made)
    assert created.status_code == 201, created.text


async def ask(client: httpx2.AsyncClient, content: bytes = b"x", path: str = "pipelines/p") -> int:
    return (await client.post(f"{V1}/{path}/predictions", content=content)).status_code


@asynccontextmanager
async def calling(server: Server, token: str = TOKEN) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers) as client:
        yield client


async def test_what_was_called_is_what_it_tells(data_dir: Path) -> None:
    async with (
        served(
            data_dir,
            SLUICE_ADMIN_TOKEN=TOKEN,
            SLUICE_METRICS_TOKEN=SCRAPE_TOKEN,
            SLUICE_WORKERS="1",
            SLUICE_LOG_FORMAT="json",
            SLUICE_LOG_LEVEL="debug",
        ) as server,
        calling(server) as client,
        calling(server, SCRAPE_TOKEN) as prometheus,
    ):
        await make(client, deadlineS=1.0)
        before = await scrape(prometheus)
        assert before("sluice_predictions_total", pipeline="p", outcome="ok") == 0
        assert before("sluice_predictions_total", model="m", outcome="crashed") == 0
        statuses = [await ask(client, content) for content in (b"x", b"raise", b"die", b"loop", b"xyz")]
        assert statuses == [200, 422, 500, 504, 200]
        assert await ask(client, b'{"x": [[1, 2, 3, 4]]}', "models/m") == 200
        assert await ask(client, b'{"x": [[1, 2, 3]]}', "models/m") == 422
        told = await scrape(prometheus)

        assert told.by("outcome", "sluice_predictions_total", pipeline="p") == {
            "ok": 2,
            "failed": 1,
            "crashed": 1,
            "deadline": 1,
        }
        assert told.by("outcome", "sluice_predictions_total", model="m") == {"ok": 1, "unfit": 1}
        failed = {"pipeline": "p", "step": "pre-processing"}
        assert [
            told("sluice_prediction_failures_total", outcome=outcome, **failed)
            for outcome in ("failed", "crashed", "deadline")
        ] == [1, 1, 1]
        assert told("sluice_prediction_failures_total", model="m", step="input", outcome="unfit") == 1

        assert told("sluice_prediction_duration_seconds_count", pipeline="p") == 2
        assert told("sluice_prediction_duration_seconds_bucket", pipeline="p", le="+Inf") == 2
        assert 0 < (told("sluice_prediction_duration_seconds_sum", pipeline="p") or 0) < 10
        assert told("sluice_queue_wait_seconds_count", pipeline="p") == 2
        assert told.by("step", "sluice_step_duration_seconds_count", pipeline="p") == {
            "pre-processing": 2,
            "model": 2,
            "output": 2,
        }
        assert told("sluice_prediction_input_bytes_total", pipeline="p") == len("xraisedieloopxyz")
        assert told("sluice_prediction_output_bytes_total", pipeline="p") == 2 * len(ANSWER)

        assert told.by("cause", "sluice_worker_ends_total", pipeline="p") == {"crashed": 1, "deadline": 1}
        assert told("sluice_worker_starts_total", pipeline="p", outcome="ok") == 3
        assert told.by("state", "sluice_workers", pipeline="p") == {"ready": 1}
        assert told.by("state", "sluice_state", pipeline="p") == {"ready": 1}
        assert told("sluice_queue_calls", pipeline="p") == told("sluice_predictions_running", pipeline="p") == 0
        memory_bytes = told("sluice_worker_memory_bytes", pipeline="p") or 0
        assert 5e6 < memory_bytes < 1e9

        assert told("sluice_uploads_total", kind="model", outcome="ok") == 1
        assert told("sluice_upload_bytes_total", kind="resource") == len(PUPPET)
        assert (told("sluice_data_bytes") or 0) > len(PUPPET)
        assert told("sluice_ready") == 1
        assert (told("process_resident_memory_bytes") or 0) > 1e7

    documented = set(re.findall(r"`(\w[\w-]*)`", "".join(re.findall(r"^\| (`[^|]+) \|", LOGS, re.MULTILINE))))
    lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    assert {key for line in lines for key in line} <= documented
    (crashed,) = (line for line in lines if line.get("outcome") == "worker-died")
    assert (crashed["message"], crashed["pipeline"], crashed["step"]) == ("prediction", "p", "pre-processing")


async def test_a_scrape_token_reads_the_metrics_and_nothing_else(data_dir: Path) -> None:
    async with running(data_dir, metrics_token=SCRAPE_TOKEN) as app:
        async with app.client(SCRAPE_TOKEN) as prometheus:
            assert (await prometheus.get("/metrics")).status_code == 200
            for path in ("models", "health", "session", "tokens", "statistics"):
                assert (await prometheus.get(f"{V1}/{path}")).status_code == 403, path
            assert await ask(prometheus) == 403
            signing_in = await prometheus.post(f"{V1}/session", json={"token": SCRAPE_TOKEN})
            assert signing_in.status_code == 401
        for role in (Role.READ, Role.ADMIN):
            async with await app.caller(role) as program:
                assert (await program.get("/metrics")).status_code == 200
        async with app.client() as nobody:
            assert (await nobody.get("/metrics")).status_code == 401


async def test_both_formats_tell_the_same(admin: httpx2.AsyncClient) -> None:
    await make(admin, 'quo"ted ünï')
    assert await ask(admin, path='pipelines/quo"ted ünï') == 200
    text = (await scrape(admin)).found
    answer = await admin.get("/metrics", headers={"Accept": OPEN_METRICS})
    assert answer.headers["content-type"].startswith(OPEN_METRICS)
    assert answer.text.endswith("\n# EOF\n")
    families = list(parse_open_metrics(answer.text))
    found = numbers(families)
    assert found.keys() == text.keys()
    steady = {key for key in found if key[0].startswith(("sluice_predict", "sluice_step", "sluice_worker_starts"))}
    assert {key: found[key] for key in steady} == {key: text[key] for key in steady}
    assert ("sluice_predictions_total", frozenset({("pipeline", 'quo"ted ünï'), ("outcome", "ok")})) in found
    units = {family.name: family.unit for family in families}
    assert units["sluice_queue_wait_seconds"] == "seconds" and units["sluice_data_bytes"] == "bytes"


async def test_any_accept_header_gets_a_format(reader: httpx2.AsyncClient) -> None:
    for accept in ("*/*", "application/openmetrics-text; version=x", "text/html, ;;=", "application/json"):
        answer = await reader.get("/metrics", headers={"Accept": accept})
        assert answer.status_code == 200
        assert list(parse_text(answer.text))


async def test_each_metric_says_what_it_is_before_anything_was_called(reader: httpx2.AsyncClient) -> None:
    answer = await reader.get("/metrics", headers={"Accept": OPEN_METRICS})
    families = {family.name: family for family in parse_open_metrics(answer.text)}
    for family in (*subjects.FAMILIES, *of_the_server.FAMILIES):
        assert families[family.name].type == family.kind
        assert families[family.name].documentation == family.help
        assert family.help.endswith(".")


async def test_names_come_and_go_and_no_counter_goes_back(app: App, admin: httpx2.AsyncClient) -> None:
    async def rename(old: str, new: str) -> None:
        renamed = await admin.patch(f"{V1}/pipelines/{old}", json={"name": new}, headers={"If-Match": "*"})
        assert renamed.status_code == 200, renamed.text

    def calls(told: Scrape, name: str) -> float | None:
        return told("sluice_predictions_total", pipeline=name, outcome="ok")

    await make(admin, "a")
    await make(admin, "b")
    for _ in range(3):
        assert await ask(admin, path="pipelines/a") == 200
    first = await scrape(admin)
    assert (calls(first, "a"), calls(first, "b")) == (3, 0)
    assert first.names() == {("pipeline", "a"), ("pipeline", "b"), ("model", "m")}

    assert await ask(admin, path="pipelines/a") == 200
    await rename("a", "c")
    renamed = await scrape(admin)
    assert (calls(renamed, "a"), calls(renamed, "c")) == (None, 1)  # not yet told when it was renamed
    await rename("b", "a")
    assert await ask(admin, path="pipelines/a") == 200
    taken_over = await scrape(admin)
    assert calls(taken_over, "a") == 4  # goes on where the other one stopped
    assert calls(taken_over, "c") == 1

    await admin.delete(f"{V1}/pipelines/a")
    gone = await scrape(admin)
    assert gone.names() == {("pipeline", "c"), ("model", "m")}
    await make(admin, "a")
    assert calls(await scrape(admin), "a") == 4
    # Nor does a new revision take anything away.
    changed = await admin.patch(f"{V1}/pipelines/c", json={"deadlineS": 5}, headers={"If-Match": "*"})
    assert changed.status_code == 200
    assert calls(await scrape(admin), "c") == 1


async def test_what_waits_and_what_runs_is_told(data_dir: Path) -> None:
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
        await make(admin, deadlineS=20)
        assert await ask(admin) == 200
        calls = [asyncio.create_task(ask(admin, b"loop")) for _ in range(3)]
        async with asyncio.timeout(10):
            while (told := await scrape(admin))("sluice_predictions_running", pipeline="p") == 0:
                pass
        running_now = told("sluice_predictions_running", pipeline="p") or 0
        waiting = told("sluice_queue_calls", pipeline="p") or 0
        assert running_now + waiting <= 3
        assert told.by("state", "sluice_workers", pipeline="p") == {"busy": 1}
        assert told("sluice_queue_bytes", pipeline="p") == 4 * waiting
        for call in calls:
            call.cancel()
        await asyncio.gather(*calls, return_exceptions=True)


async def test_a_refused_upload_is_told_by_its_error(admin: httpx2.AsyncClient) -> None:
    params = {"fileName": "bad.py"}
    refused = await admin.post(f"{V1}/resources", params=params, content=b"def process(:\n")
    assert refused.json()["code"] == "invalid-script"
    told = await scrape(admin)
    assert told.by("outcome", "sluice_uploads_total", kind="resource") == {"invalid-script": 1}
