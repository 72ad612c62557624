"""A script that names packages in its header, from its upload to its answer, over HTTP."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import onnx_models
import pytest
from apps import App, running
from certificates import self_signed
from later_standards import later_standard
from package_index import package_index
from problems import assert_problem
from wheels import tiny_wheel

from sluice.entities import Role

V1 = "/api/v1"
HEADER = "# /// script\n# dependencies = [{}]\n# ///\n"
PRE = (
    "import numpy as np, made_up\n\n"
    "def process(content):\n    return {'x': np.full((1, 4), made_up.VALUE, np.float32)}\n"
)
POST = "import helper\n\ndef process(content):\n    return [helper.NAME, content[0].tolist()]\n"
POST_WHERE = b"import numpy\ndef process(content):\n    return numpy.__file__\n"
ANSWER = ["made up", [[4, 4, 4, 4]]]


@pytest.fixture
def wheels(core_wheels: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    shutil.copytree(core_wheels, folder, copy_function=os.link)
    tiny_wheel(folder, "made-up", "1.0", {"made_up.py": "VALUE = 1\n"})
    tiny_wheel(folder, "made-up", "2.0", {"made_up.py": "VALUE = 2\n"})
    tiny_wheel(folder, "names", "1.0", {"names.py": "NAME = 'made up'\n"})
    tiny_wheel(folder, "strict", "1.0", {"strict.py": ""}, ["made-up<2"])
    return folder


class Client:
    """A program with all rights, and short ways to do things."""

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http

    async def upload(self, kind: str, name: str, content: str | bytes) -> httpx2.Response:
        return await self.http.post(f"{V1}/{kind}", params={"fileName": name}, content=content)

    async def script(self, name: str, text: str, *requires: str, kind: str = "script") -> dict[str, Any]:
        listed = ", ".join(f'"{requirement}"' for requirement in requires)
        text = (HEADER.format(listed) if requires else "") + text
        sent = await self.http.post(f"{V1}/resources", data={"kind": kind}, files={"file": (name, text.encode())})
        assert sent.status_code == 201, sent.text
        resource: dict[str, Any] = sent.json()
        return resource

    async def pipeline(self, **parts: Any) -> httpx2.Response:
        return await self.http.post(f"{V1}/pipelines", json={"name": "p", "model": "double", **parts})

    async def predict(self) -> Any:
        answer = await self.http.post(f"{V1}/pipelines/p/predictions", content=b"x")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def settled(self, key: str) -> dict[str, Any]:
        """Return the environment once it is no longer being built."""
        async with asyncio.timeout(60):
            while (body := (await self.http.get(f"{V1}/environments/{key}")).json())["state"] == "building":
                await asyncio.wait([asyncio.ensure_future(self.http.get("/health/live"))])
        found: dict[str, Any] = body
        return found

    async def states(self, **wanted: str) -> dict[str, dict[str, Any]]:
        """Return the pipelines by name, once they have these states."""
        async with asyncio.timeout(60):
            while True:
                found = {item["name"]: item for item in (await self.http.get(f"{V1}/pipelines")).json()["items"]}
                if {name: item["state"] for name, item in found.items()} == wanted:
                    return found
                await asyncio.sleep(0)  # nothing else here is waited for


@asynccontextmanager
async def plant(data_dir: Path, wheels: Path, **settings: Any) -> AsyncIterator[tuple[Client, App]]:
    """Run a server without internet."""
    async with running(data_dir, package_index="none", package_folder=wheels, **settings) as app:
        async with await app.caller(Role.ADMIN) as http:
            client = Client(http)
            await client.upload("models", "double.onnx", onnx_models.double_it())
            yield client, app


async def make_pipeline(client: Client) -> httpx2.Response:
    await client.script("pre.py", PRE, "made-up")
    await client.script("helper.py", "from names import NAME\n", "names", kind="module")
    await client.script("post.py", POST)
    return await client.pipeline(preProcessing="pre.py", postProcessing="post.py", dataFiles=["helper.py"])


async def test_from_the_upload_to_the_answer(data_dir: Path, wheels: Path) -> None:
    async with plant(data_dir, wheels) as (client, app):
        uploaded = await client.script("pre.py", PRE, "made-up")
        own = uploaded["environment"]
        assert (own["state"], own["requires"], own["reason"]) == ("building", ["made-up"], None)
        assert uploaded["warnings"] == []
        built = await client.settled(own["key"])
        assert (built["state"], built["usedBy"]) == ("ready", [])
        assert "made-up==2.0" in built["packages"]
        log = await client.http.get(f"{V1}/{own['log']}")
        assert log.headers["content-type"].startswith("text/plain")
        assert "+ made-up==2.0" in log.text
        await client.http.delete(f"{V1}/resources/pre.py")

        added = await make_pipeline(client)
        assert added.status_code == 201, added.text
        environment = added.json()["environment"]
        assert (environment["state"], environment["requires"]) == ("ready", ["made-up", "names"])
        assert await client.predict() == ANSWER
        listed = (await client.http.get(f"{V1}/environments")).json()
        assert {item["key"]: item["usedBy"] for item in listed["items"]}[environment["key"]] == ["p"]
        assert listed["enabled"] and listed["standard"] == "standard-1" == listed["items"][0]["key"]
        assert any(text.startswith("onnxruntime==") for text in listed["core"])
        async with await app.caller(Role.READ) as reader:
            refused = await reader.post(f"{V1}/environments/{environment['key']}/rebuild")
        assert_problem(refused, 403, "not-allowed")
        again = await client.http.post(f"{V1}/environments/{environment['key']}/rebuild")
        assert (again.status_code, again.json()["state"]) == (202, "building")
        assert (await client.settled(environment["key"]))["state"] == "ready"
        assert await client.predict() == ANSWER

    # A server that may install nothing finds all of it again.
    async with running(data_dir, package_index="none", environments=False) as app:
        async with await app.caller(Role.ADMIN) as http:
            assert await Client(http).predict() == ANSWER


async def test_a_replaced_model_keeps_the_environment(data_dir: Path, wheels: Path) -> None:
    async with plant(data_dir, wheels) as (client, _):
        before = (await make_pipeline(client)).json()
        tiny_wheel(wheels, "made-up", "3.0", {"made_up.py": "VALUE = 3\n"})
        model = onnx_models.identity(shape=("N", 4))
        replaced = await client.http.put(f"{V1}/models/double/content?fileName=m.onnx", content=model)
        assert replaced.status_code == 200, replaced.text
        after = (await client.http.get(f"{V1}/pipelines/p")).json()
        assert (after["revision"], after["environment"]) == (2, before["environment"])
        assert await client.predict() == ["made up", [[2, 2, 2, 2]]]


async def test_a_replaced_script_gets_what_it_names_now(data_dir: Path, wheels: Path) -> None:
    async with plant(data_dir, wheels) as (client, _):
        await make_pipeline(client)
        pre = HEADER.format('"made-up<2"') + PRE
        replaced = await client.http.put(f"{V1}/resources/pre.py/content?fileName=pre.py", content=pre)
        assert replaced.status_code == 200, replaced.text
        assert await client.predict() == ["made up", [[2, 2, 2, 2]]]
        bad = HEADER.format('"made-up<2", "made-up>=2"') + PRE
        refused = await client.http.put(f"{V1}/resources/pre.py/content?fileName=pre.py", content=bad)
        assert_problem(refused, 422, "invalid-pipeline")
        assert await client.predict() == ["made up", [[2, 2, 2, 2]]]


async def test_scripts_that_dont_go_together(data_dir: Path, wheels: Path) -> None:
    async with plant(data_dir, wheels) as (client, _):
        await client.script("pre.py", PRE, "made-up>=2")
        await client.script("post.py", "def process(content):\n    return 1\n", "strict")
        await client.script("lone.py", "process = len\n", "no-such-package")
        refused = await client.pipeline(preProcessing="pre.py", postProcessing="post.py")
        problem = assert_problem(refused, 422, "invalid-pipeline", step="environment", kind="environment-failed")
        assert "made-up>=2, strict can't be installed" in problem["detail"]
        assert "depend on made-up<2" in problem["detail"]
        assert "'pre.py' (line 1): made-up>=2; 'post.py' (line 1): strict" in problem["detail"]
        assert "script" not in problem
        alone = assert_problem(await client.pipeline(preProcessing="lone.py"), 422, "invalid-pipeline", line=1)
        assert alone["script"] == "lone.py"
        assert str(data_dir) not in refused.text


async def test_an_index_that_is_away_is_no_fault_of_the_script(data_dir: Path) -> None:
    async with running(data_dir, package_index="http://127.0.0.1:9/simple") as app:
        async with await app.caller(Role.ADMIN) as http:
            client = Client(http)
            await client.upload("models", "double.onnx", onnx_models.double_it())
            await client.script("pre.py", PRE, "made-up")
            refused = await client.pipeline(preProcessing="pre.py")
            problem = assert_problem(refused, 503, "pipeline-broken", kind="index-unreachable", script="pre.py")
            assert "SLUICE_PACKAGE_INDEX" in problem["detail"]


async def test_an_index_whose_certificate_only_the_setting_knows(data_dir: Path, wheels: Path, tmp_path: Path) -> None:
    certificate = self_signed(tmp_path / "index.pem")
    key = ""
    with package_index(wheels, certificate) as index:
        url = f"https://127.0.0.1:{index.port}/simple"
        for known, state in ((None, "failed"), (certificate, "ready")):
            async with running(data_dir, package_index=url, package_ca=known) as app:
                async with await app.caller(Role.ADMIN) as http:
                    client = Client(http)
                    if key:
                        await http.post(f"{V1}/environments/{key}/rebuild")
                    key = key or (await client.script("pre.py", PRE, "made-up"))["environment"]["key"]
                    found = await client.settled(key)
                    assert (found["state"], "SLUICE_PACKAGE_CA" in str(found["reason"])) == (state, not known), found
                    assert bool(index.asked) == bool(known)


@pytest.mark.parametrize(
    ("header", "line", "said"),
    [
        ("# /// script\n# dependencies = [\n# ///\n", 2, "isn't TOML"),
        ('# /// script\n#\n# requires-python = "<3"\n# ///\n', 3, "needs Python <3"),
        ('# /// script\n# dependencies = ["x @ file:///etc/passwd"]\n# ///\n', 2, "names an address"),
    ],
)
async def test_a_header_that_cant_be_used(data_dir: Path, tmp_path: Path, header: str, line: int, said: str) -> None:
    async with plant(data_dir, tmp_path) as (client, _):
        refused = await client.upload("resources", "s.py", header + "process = len\n")
        problem = assert_problem(refused, 422, "invalid-script", line=line, lineText=header.split("\n")[line - 1])
        assert said in problem["detail"]


async def test_a_package_that_isnt_named_is_proposed(data_dir: Path, tmp_path: Path) -> None:
    async with plant(data_dir, tmp_path) as (client, _):
        script = await client.script("pre.py", "import fitz\nfrom no_such_thing import x\nprocess = len\n")
        assert script["environment"] is None
        assert [warning["module"] for warning in script["warnings"]] == ["fitz", "no_such_thing"]
        assert '# dependencies = ["PyMuPDF"]' in script["warnings"][0]["message"]
        refused = await client.pipeline(preProcessing="pre.py")
        problem = assert_problem(refused, 422, "invalid-pipeline", line=1, script="pre.py")
        assert "No module named 'fitz'" in problem["detail"]
        assert '`# dependencies = ["PyMuPDF"]` on a line between `# /// script` and `# ///`' in problem["detail"]


async def test_installing_is_switched_off(data_dir: Path, wheels: Path) -> None:
    async with plant(data_dir, wheels, environments=False) as (client, _):
        script = await client.script("pre.py", PRE, "made-up")
        assert script["environment"]["state"] == "off"
        refused = await client.pipeline(preProcessing="pre.py")
        problem = assert_problem(refused, 422, "invalid-pipeline")
        assert "SLUICE_ENVIRONMENTS" in problem["detail"] and "made-up" in problem["detail"]
        key = script["environment"]["key"]
        assert_problem(await client.http.post(f"{V1}/environments/{key}/rebuild"), 409, "conflict")
        assert_problem(await client.http.get(f"{V1}/environments/none"), 404, "not-found")
        assert_problem(await client.http.get(f"{V1}/environments/../log"), 404, "not-found")
        assert (await client.http.get(f"{V1}/environments/{key}/log")).text == ""


async def test_one_that_takes_long_is_told_to_be_on_its_way(
    data_dir: Path, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sluice.lifespan._BUILD_WAIT_S", 0.01)
    async with plant(data_dir, wheels) as (client, _):
        script = await client.script("pre.py", PRE, "made-up")
        waiting = await client.pipeline(preProcessing="pre.py")
        assert_problem(waiting, 503, "pipeline-broken", kind="environment-building")
        assert (await client.settled(script["environment"]["key"]))["state"] == "ready"
        assert (await client.pipeline(preProcessing="pre.py")).status_code == 201


async def test_pipelines_that_wait_for_packages_come_back_by_themselves(
    data_dir: Path, wheels: Path, tmp_path: Path
) -> None:
    async with plant(data_dir, wheels) as (client, _):
        await client.script("pre.py", PRE, "made-up")
        for name in ("pinned", "called", "idle"):
            parts = {"name": name, "model": "double", "preProcessing": "pre.py", "pinned": name == "pinned"}
            added = await client.http.post(f"{V1}/pipelines", json=parts)
            assert added.status_code == 201, added.text
    shutil.rmtree(data_dir / "environments/built")
    shutil.rmtree(data_dir / "environments/cache")
    os.rename(wheels, tmp_path / "away")
    os.mkdir(wheels)
    async with plant(data_dir, wheels) as (client, _):
        refused = await client.http.post(f"{V1}/pipelines/called/predictions", content=b"x")
        assert_problem(refused, 503, "pipeline-broken", step="environment")
        broken = await client.states(pinned="broken", called="broken", idle="broken")
        shutil.copytree(tmp_path / "away", wheels, dirs_exist_ok=True)
        await client.http.post(f"{V1}/environments/{broken['pinned']['environment']['key']}/rebuild")
        await client.states(pinned="ready", called="ready", idle="idle")


async def test_a_pipeline_keeps_its_standard_under_a_later_server(
    data_dir: Path, wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with plant(data_dir, wheels) as (client, _):
        await client.script("post.py", POST_WHERE.decode())
        await client.pipeline(postProcessing="post.py")
        script = await client.script("pre.py", PRE, "made-up")
        await client.settled(script["environment"]["key"])
    locks = data_dir / "environments" / script["environment"]["key"]
    pipeline, body = f"{V1}/pipelines/p", '{"x": [[1, 2, 3, 4]]}'
    with later_standard(locks, tmp_path / "standard", monkeypatch):
        async with plant(data_dir, wheels, environments=False) as (client, _):
            told = (await client.http.get(pipeline)).json()
            assert (told["state"], told["environment"]["state"]) == ("broken", "off")
            assert "standard-1 isn't installed" in told["reason"] and "SLUICE_ENVIRONMENTS" in told["reason"]
            assert [step["ready"] for step in told["steps"]] == [True, False]
            refused = await client.http.post(f"{pipeline}/predictions", content=body)
            assert_problem(refused, 503, "pipeline-broken", step="environment")
        async with plant(data_dir, wheels) as (client, _):
            async with asyncio.timeout(60):
                while (answer := await client.http.post(f"{pipeline}/predictions", content=body)).status_code == 503:
                    await client.settled("standard-1")
            assert "standard-1/built/core/numpy" in answer.json()
            assert (await client.http.get(pipeline)).json()["environment"]["key"] == "standard-1"
            changed = await client.http.patch(pipeline, json={"deadlineS": 9}, headers={"If-Match": "*"})
            assert changed.json()["environment"]["key"] == "standard-1"
            replaced = await client.http.put(f"{V1}/resources/post.py/content", content=POST_WHERE + b"# new\n")
            assert replaced.status_code == 200, replaced.text
            assert (await client.http.get(pipeline)).json()["environment"]["key"] == "standard-2"
            answer = await client.http.post(f"{pipeline}/predictions", content=body)
            assert "standard-1" not in answer.json()


async def test_new_content_of_a_script_that_no_pipeline_uses_is_built_for_too(data_dir: Path, wheels: Path) -> None:
    async with plant(data_dir, wheels) as (client, _):
        await client.script("pre.py", "def process(content):\n    return content\n")
        replaced = await client.http.put(f"{V1}/resources/pre.py/content", content=HEADER.format('"made-up"') + PRE)
        own = replaced.json()["environment"]
        assert own["state"] == "building"
        assert (await client.settled(own["key"]))["state"] == "ready"
