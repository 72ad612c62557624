"""What switching models does behind rows 11, 12, 16 and 33 of the checklist."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx2
from apps import App, running
from mle_calls import OCTETS, PREFIX, named

from sluice.entities import Policy, Role


def folders(app: App) -> list[str]:
    """Return the folder of each pool that is open."""
    return [path.name for path in (app.services.settings.data_dir / "run").iterdir()]


async def add(admin: httpx2.AsyncClient) -> None:
    model = await admin.post("/models", content=named("m"), headers=OCTETS)
    assert model.status_code == 201, model.text
    made = await admin.post("/pipelines", json={"pipelineName": "p", "modelName": "m"})
    assert made.status_code == 201, made.text


async def test_rows_11_and_12_workers_are_loaded_and_freed(data_dir: Path) -> None:
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
        admin.base_url = f"{admin.base_url}{PREFIX}"
        await add(admin)
        found = app.services
        model = found.current.value.model("m")
        assert found.supervisor.state(model.revision_id).state == "idle"
        for _ in range(2):
            assert (await admin.put("/models/m/activate")).status_code == 200
            assert found.supervisor.state(model.revision_id).state == "ready"
        assert (await admin.post("/apply-pipeline/p", content=b'{"x": [1]}')).content == b'{"y":[1.0]}'
        assert len(folders(app)) == 2
        for _ in range(2):
            assert (await admin.put("/models/m/deactivate")).status_code == 200
            await found.changes.cleaned()
            assert folders(app) == []
        assert (await admin.put("/models/m/activate")).status_code == 200
        assert [folder.startswith(model.revision_id) for folder in folders(app)] == [True]


async def test_row_12_calls_that_a_model_has_are_answered(data_dir: Path) -> None:
    slow = b"import time\n\ndef process(content):\n    time.sleep(0.3)\n    return 'done'\n"
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
        admin.base_url = f"{admin.base_url}{PREFIX}"
        await add(admin)
        await admin.post("/resources?file=slow.py", content=slow, headers=OCTETS)
        made = await admin.post("/pipelines", json={"pipelineName": "s", "modelName": "m", "postProcessing": "slow.py"})
        assert made.status_code == 201
        calling = asyncio.ensure_future(admin.post("/apply-pipeline/s", content=b'{"x": [1]}'))
        while not app.services.supervisor.unfinished:
            await asyncio.wait([calling], timeout=0)
        assert (await admin.put("/models/m/deactivate")).json()["isActive"] is False
        assert (await calling).content == b'"done"'


async def test_row_33_what_is_added_has_the_server_wide_policy(data_dir: Path) -> None:
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
        admin.base_url = f"{admin.base_url}{PREFIX}"
        await add(admin)
        pipeline = app.services.current.value.pipeline("p")
        assert (pipeline.policy, pipeline.data_files) == (Policy(), ())


async def test_row_33_a_model_that_is_inactive_may_be_used(data_dir: Path) -> None:
    async with running(data_dir) as app, await app.caller(Role.ADMIN) as admin:
        admin.base_url = f"{admin.base_url}{PREFIX}"
        await admin.post("/models", content=named("m"), headers=OCTETS)
        await admin.put("/models/m/deactivate")
        made = await admin.post("/pipelines", json={"pipelineName": "p", "modelName": "m"})
        assert (made.status_code, made.json()) == (201, {"pipelineName": "p", "modelName": "m"})
        await app.services.changes.cleaned()
        assert folders(app) == []
