"""The attacks once more, on real workers of a real supervisor: the server lives, the next calls of all are right."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from uuid import uuid4

import onnx_models
import pytest
import workers
from hostile_scripts import ATTACKS, FILES
from prizes import prizes
from targets import Targets

from sluice.errors import PredictionFailed, WorkerDied
from sluice.workers.child import landlock
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.inspection import Inspector
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Environment, Part, Target

pytestmark = pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")

LIMITS = dataclasses.replace(workers.LIMITS, scripts=ScriptPolicy(memory_mb=256, scratch_mb=2))
# Attacks when it is told where the prizes are.
PRE = """
import json
import numpy as np

attack = process

def process(content):
    given = json.loads(content)
    if isinstance(given, dict):
        attack(given)
        given = [0]
    return {"x": np.array(given, np.float32)}
"""
BENIGN = b"[1, 2.5]"
RIGHT = {"y": [1.0, 2.5]}


@pytest.fixture
def targets(tmp_path: Path, inspector: Inspector) -> Targets:
    (tmp_path / "uploads").mkdir()
    return Targets(tmp_path / "uploads", inspector)


@pytest.mark.parametrize("own_packages", [False, True])
async def test_no_attack_reaches_anything_or_disturbs_anybody(
    tmp_path: Path, targets: Targets, environment: Path, own_packages: bool
) -> None:
    if own_packages:
        targets = dataclasses.replace(targets, environment=Environment(environment))
    data = tmp_path / "data"
    data.mkdir()
    supervisor = Supervisor(LIMITS, data / "run", targets.folder)
    await supervisor.start()
    try:
        neighbour = await targets.make(onnx_models.identity())
        with prizes(data) as treasure:
            told = json.dumps(treasure.told()).encode()
            found = []
            for name in ATTACKS:
                attacker = _with_script(targets, neighbour, name)
                how = await _attack(supervisor, attacker, told)
                if not how.startswith(("PredictionFailed", "WorkerDied")):
                    found.append(f"{name}: {how}")
                for target in (attacker, neighbour):
                    if (answer := await _answer(supervisor, target, {"x": [1, 2.5]})) != RIGHT:
                        found.append(f"{name}: then {target.label} answered {answer}")
                await supervisor.retire(attacker.key)
            assert (found, treasure.touched()) == ([], [])
    finally:
        await supervisor.close()


async def test_a_refusal_names_the_setting(tmp_path: Path, targets: Targets) -> None:
    supervisor = Supervisor(LIMITS, tmp_path / "run", targets.folder)
    await supervisor.start()
    try:
        pre = "import urllib.request\ndef process(content):\n    urllib.request.urlopen('http://127.0.0.1:9/')\n"
        target = await targets.make(onnx_models.identity(), pre)
        with pytest.raises(PredictionFailed, match=r"at line 3: .*`network` of the pipeline, SLUICE_NETWORK for all"):
            await supervisor.run(target, b"x")
    finally:
        await supervisor.close()


def _with_script(targets: Targets, like: Target, name: str) -> Target:
    own = "content['own']"
    source = ATTACKS[name].script.replace(own, "os.path.dirname(__file__) + '/own'") + PRE
    files = (targets._part("own", "own"),) if name.removeprefix("files: ") in FILES else ()
    pre: Part = targets._part("pre.py", source)
    return dataclasses.replace(like, key=uuid4().hex, label=f"the attacker by {name}", pre=pre, files=files)


async def _attack(supervisor: Supervisor, target: Target, told: bytes) -> str:
    try:
        return f"answered {bytes((await supervisor.run(target, told)).body)!r}"
    except (PredictionFailed, WorkerDied) as failed:
        return f"{type(failed).__name__}: {failed}"
    except Exception as error:
        return f"raised {error!r}"


async def _answer(supervisor: Supervisor, target: Target, given: object) -> object:
    body = BENIGN if target.pre else json.dumps(given).encode()
    try:
        answered: object = json.loads(bytes((await supervisor.run(target, body)).body))
    except Exception as error:
        return repr(error)
    return answered
