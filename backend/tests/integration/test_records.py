"""Records over time: spans, what becomes too old, a database that is away, a server that is killed."""

from __future__ import annotations

import asyncio
import gc
import json
import secrets
import sqlite3
import sys
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from tortoise.transactions import in_transaction

from benchmarks.processes import running, wait_until
from benchmarks.sluice_server import sluice_server
from sluice.api.native.problems import problem_body
from sluice.catalog.snapshot import Current, Snapshot
from sluice.entities import Model, ModelFacts
from sluice.errors import DeadlineExceeded, SluiceError
from sluice.prediction.records import Records
from sluice.prediction.reports import last_hour, report
from sluice.prediction.retention import Retention
from sluice.storage.database import Database
from sluice.storage.ids import now
from sluice.storage.tables import FailureRow, StatisticsRow
from sluice.workers.call import Call, Prediction
from sluice.workers.messages import Answer

NOON = 1_800_000_000 // 3600 * 3600
FACTS = ModelFacts(8, (), "", "", "", 0, (), ())
MODEL = Model("m" * 32, "m", now(), "r" * 32, 1, "m.onnx", "0" * 64, 1, FACTS)
ANSWER = Answer({"model": 2.0}, 1)
STORING_OFTEN = """
from sluice.prediction import records
records.STORE_EVERY_S = 0.2
from sluice.cli import main
main()
"""


class Waiting:
    """Somebody who waits for a call."""

    def done(self) -> bool:
        return False

    def set_result(self, prediction: Prediction, /) -> None:
        pass

    def set_exception(self, error: BaseException, /) -> None:
        pass


class Lab:
    """Records of one model, and a clock."""

    def __init__(self, at: float = NOON) -> None:
        self.at = at
        self.current = Current(Snapshot(models=(MODEL,)))
        self.records = Records(self.current, Retention(30, 1 << 20, 8 << 20, 7), problem_body, lambda: self.at)

    def call(self, times: int = 1, error: SluiceError | None = None) -> None:
        """Have calls end now."""
        for _ in range(times):
            begun = time.perf_counter()
            call = Call(b"{}", Waiting(), 0.0, 1.0, begun, begun, witness=self.records.account(MODEL), request="r")
            if error is None:
                call.finish(ANSWER, b"{}")
            else:
                call.fail(error)

    async def reopened(self) -> Lab:
        """Return what the next start finds, when nothing more is stored."""
        later = Lab(self.at)
        await later.records._storing.read(later.records.minute)
        for history in later.records._histories.values():
            history.end_minutes(later.records.minute)
        return later

    async def calls(self, period: Any) -> list[int]:
        """Return the calls of each span of a period."""
        return [summary.calls for _, summary in (await report(self.records, MODEL, period)).points]


async def test_calls_are_told_in_the_span_in_which_they_ended(database: Database) -> None:
    lab = Lab()
    for minutes, calls in ((0, 1), (1, 2), (14, 3), (15, 4), (59, 5)):
        lab.at = NOON + minutes * 60 + 30
        lab.records.fold()
        lab.call(calls)
        if minutes in (1, 15):
            await lab.records.store()
    for found in (lab, await _stored(lab)):
        hour = await found.calls("hour")
        assert {minute: calls for minute, calls in enumerate(hour) if calls} == {0: 1, 1: 2, 14: 3, 15: 4, 59: 5}
        assert (await found.calls("day"))[-4:] == [6, 4, 0, 5]
        assert (await found.calls("week"))[-2:] == [0, 15]
        (one,) = last_hour(found.records)
        assert one.calls_per_minute == hour
        assert one.latency.p50_ms is not None
        found.at = NOON + 60 * 60 + 30  # the first minute leaves the last hour
        (one,) = last_hour(found.records)
        assert (one.calls_per_minute[0], sum(one.calls_per_minute)) == (2, 14)
        assert sum(found.records._histories[MODEL.id].last_hour(found.records.minute).values()) == 14
        found.at = NOON + 3 * 3600
        (one,) = last_hour(found.records)
        assert (sum(one.calls_per_minute), one.latency.p50_ms) == (0, None)
        assert NOON + 59 * 60 < one.last_at <= NOON + 60 * 60
        found.at = NOON + 59 * 60 + 30


async def _stored(lab: Lab) -> Lab:
    await lab.records.store()
    return await lab.reopened()


async def test_what_is_too_old_goes(database: Database) -> None:
    lab = Lab()
    lab.call(error=DeadlineExceeded("too late"))
    await lab.records.store()
    kept = []
    for hours in (1, 3, 49, 30 * 24, 30 * 24 + 2):
        lab.at = NOON + hours * 3600
        await lab.records.store()
        spans = sorted(await StatisticsRow.all().values_list("span_s", flat=True))
        kept.append((spans, await FailureRow.all().count()))
    assert kept == [([60, 900, 3600], 1), ([900, 3600], 1), ([3600], 1), ([3600], 1), ([], 0)]


async def test_what_cant_be_stored_waits_and_nothing_counts_twice(
    data_dir: Path, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    lab = Lab()
    async with in_transaction() as connection:
        await connection.execute_query("ALTER TABLE statistics RENAME TO away")
    for _ in range(2):
        lab.call(error=DeadlineExceeded("too late"))
        (history,) = lab.records._histories.values()
        history.failures = [replace(one, content=bytes(6 << 20)) for one in history.failures]
        await lab.records.store()
    assert [one.content is None for one in history.failures] == [True, False]
    assert caplog.text.count("can't be stored") == 1
    async with in_transaction() as connection:
        await connection.execute_query("ALTER TABLE away RENAME TO statistics")
    for _ in range(2):
        await lab.records.store()
    lab.call()
    assert await lab.calls("hour") == [0] * 59 + [3]
    assert (await (await lab.reopened()).calls("hour"))[-1] == 2
    assert await FailureRow.all().count() == 2


async def test_many_pipelines_leave_the_event_loop_to_others_while_they_are_stored(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, steps, rests = Lab(), [0.0], 0
    models = [replace(MODEL, id=f"m{number:031}", revision_id=f"r{number:031}") for number in range(300)]
    lab.current.value = Snapshot(models=tuple(models))
    for model in models:
        begun = time.perf_counter()
        Call(b"{}", Waiting(), 0.0, 1.0, begun, begun, witness=lab.records.account(model)).finish(ANSWER, b"{}")
    lab.at += 60
    selector = asyncio.get_running_loop()._selector  # type: ignore[attr-defined]
    run, select = asyncio.Handle._run, selector.select  # type: ignore[attr-defined]

    def timed(handle: asyncio.Handle) -> None:
        begun = time.thread_time()
        run(handle)
        steps.append(time.thread_time() - begun)

    def counted(timeout: float | None) -> Any:
        nonlocal rests
        rests += timeout is not None and timeout > 0
        return select(timeout)

    monkeypatch.setattr(asyncio.Handle, "_run", timed)
    monkeypatch.setattr(selector, "select", counted)
    gc.collect()
    gc.freeze()  # as the server does: what earlier tests left would be looked through otherwise
    try:
        await lab.records.store()
    finally:
        gc.unfreeze()
    assert max(steps) < 0.02
    assert rests >= 90  # of ten rows each


async def test_what_is_gone_is_forgotten_even_if_a_late_call_brought_it_back(database: Database) -> None:
    lab = Lab()
    lab.call()
    await lab.records.store()
    lab.call()
    lab.current.value = Snapshot()
    await lab.records.store()
    assert await StatisticsRow.all().count() == 0
    assert list(last_hour(lab.records)) == []


def test_a_killed_server_has_stored_what_was_before(tmp_path: Path) -> None:
    data, log, token = tmp_path / "data", tmp_path / "log", secrets.token_urlsafe(24)
    data.mkdir()
    facts = data / "server.json"
    command = [sys.executable, "-c", STORING_OFTEN, "serve", "--port", "0", "--data-dir", data]
    with running(command, {"SLUICE_ADMIN_TOKEN": token}, log) as process:
        wait_until(process, log, facts.exists)
        url, headers = json.loads(facts.read_text())["url"], {"Authorization": f"Bearer {token}"}
        with httpx2.Client(base_url=f"{url}/api/v1/", headers=headers, trust_env=False) as client:
            client.post("models?fileName=m.onnx", content=onnx_models.double_it())
            for content, status in ((b'{"x": [[1, 2, 3, 4]]}', 200), (b"{", 422)):
                assert client.post("models/m/predictions", content=content).status_code == status
        wait_until(process, log, lambda: _failures_of(data / "sluice.db") == 1)
        process.kill()
        process.wait()
    with sluice_server(data) as server:
        found = server.call("GET", "models/m/statistics")["totals"]
        assert (found["calls"], found["outcomes"], found["failedSteps"]) == (2, {"unfit": 1}, {"input": 1})
        (failure,) = server.call("GET", "models/m/failures")["items"]
        assert failure["problem"]["kind"] == "bad-json"


def _failures_of(file: Path) -> int:
    with closing(sqlite3.connect(file)) as database:
        found: int = database.execute("SELECT count(*) FROM failure").fetchone()[0]
        return found
