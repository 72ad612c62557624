"""Workers in an environment import what lies in its folder and nothing of the server; the sandbox holds there too."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import onnx_models
import pytest
from targets import Targets

from sluice.errors import PipelineBroken, PredictionFailed
from sluice.workers.inspection import Inspector
from sluice.workers.limits import Limits
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Environment, Target

LIMITS = Limits(
    workers=2, deadline_s=20, queue_calls=8, queue_bytes=1 << 20, start_timeout_s=60, max_answer_bytes=1 << 20
)
ONES = "    return {'x': np.ones((1, 4), np.float32)}\n"


@pytest.fixture
def targets(tmp_path: Path, environment: Path, inspector: Inspector) -> Targets:
    (tmp_path / "uploads").mkdir()
    return Targets(tmp_path / "uploads", inspector, Environment(environment))


@pytest.fixture
async def supervisor(tmp_path: Path, targets: Targets) -> AsyncIterator[Supervisor]:
    supervisor = Supervisor(LIMITS, tmp_path / "run", targets.folder)
    await supervisor.start()
    yield supervisor
    await supervisor.close()


async def answer(supervisor: Supervisor, target: Target) -> object:
    return json.loads(bytes((await supervisor.run(target, b"x")).body))


async def test_a_script_imports_the_environment_and_nothing_of_the_server(
    supervisor: Supervisor, targets: Targets, environment: Path
) -> None:
    pre = "import made_up\nimport numpy as np\n\ndef process(content):\n" + ONES
    post = (
        "import sys, made_up, numpy, onnxruntime, orjson, pydantic_core, ml_dtypes\n"
        "found = [m.__file__ for m in (made_up, numpy, onnxruntime, orjson, pydantic_core, ml_dtypes)]\n"
        "def process(content):\n"
        "    missing = []\n"
        "    for name in ('starlette', 'PIL', 'pydantic', 'sluice.settings', 'pytest'):\n"
        "        try:\n"
        "            __import__(name)\n"
        "        except ModuleNotFoundError:\n"
        "            missing.append(name)\n"
        "    return {'found': found, 'missing': missing, 'answer': made_up.ANSWER, 'pth': sys.made_up}\n"
    )
    answered = await answer(supervisor, await targets.make(onnx_models.double_it(), pre, post))
    assert isinstance(answered, dict)
    assert {Path(file).parts[: len(environment.parts)] for file in answered["found"]} == {environment.parts}
    assert answered["missing"] == ["starlette", "PIL", "pydantic", "sluice.settings", "pytest"]
    assert answered["answer"] == 42
    [folder] = answered["pth"]
    assert "scratch" in folder  # known to a worker only: no zygote ran it


async def test_what_isnt_there_is_told_as_in_any_worker(supervisor: Supervisor, targets: Targets) -> None:
    with pytest.raises(PipelineBroken, match=r"at line 1: ModuleNotFoundError: No module named 'starlette'"):
        await supervisor.run(
            await targets.make(onnx_models.double_it(), "import starlette\ndef process(content):\n" + ONES), b"x"
        )


async def test_two_pipelines_of_one_environment_and_one_without(
    supervisor: Supervisor, targets: Targets, tmp_path: Path
) -> None:
    pre = "import numpy as np\n\ndef process(content):\n" + ONES
    post = "import numpy\ndef process(content):\n    return numpy.__file__\n"
    first = await targets.make(onnx_models.double_it(), pre, post)
    second = await targets.make(onnx_models.double_it(), pre, post)
    other = await Targets(targets.folder, targets.inspector).make(onnx_models.double_it(), pre, post)
    one, two, three = [await answer(supervisor, target) for target in (first, second, other)]
    assert one == two != three
    await supervisor.retire(first.key)
    assert await answer(supervisor, second) == one  # the base that they shared is there still


@pytest.mark.parametrize(
    "attack",
    [
        "open('/etc/passwd').read()",
        "open({made_up!r}, 'a').close()",
        "open({core!r}, 'a').close()",
        "__import__('os').fork()",
        "__import__('subprocess').run(['/bin/true'])",
        "__import__('socket').socket()",
        "__import__('os').listdir({models!r})",
    ],
)
async def test_the_sandbox_holds(supervisor: Supervisor, targets: Targets, environment: Path, attack: str) -> None:
    places = {
        "made_up": str(environment / "packages/made_up/__init__.py"),
        "core": str(environment / "core/numpy/__init__.py"),
        "models": str(targets.folder),
    }
    pre = f"import numpy as np\n\ndef process(content):\n    {attack.format(**places)}\n" + ONES
    with pytest.raises(PredictionFailed, match="PermissionError"):
        await supervisor.run(await targets.make(onnx_models.double_it(), pre), b"x")


async def test_where_the_environment_lies_is_told_to_nobody(
    supervisor: Supervisor, targets: Targets, environment: Path
) -> None:
    pre = "import numpy as np\n\ndef process(content):\n    from made_up import NOTHING\n" + ONES
    with pytest.raises(PredictionFailed) as failed:
        await supervisor.run(await targets.make(onnx_models.double_it(), pre), b"x")
    assert "cannot import name 'NOTHING' from 'made_up' (made_up/__init__.py)" in failed.value.message
    assert str(environment) not in json.dumps([failed.value.message, failed.value.details])
