"""Workers that ran once before their first call."""

from __future__ import annotations

from pathlib import Path

import onnx_models
import pytest
from workers import Workers, opened_workers

from sluice.entities import Policy
from sluice.errors import PipelineBroken
from sluice.workers.inspection import Inspector

COUNT = """
from sluice_call import context

seen = []

def process(content):
    print("got", content)
    seen.append((content, dict(context)))
    context["body"] = content
    if content == b"bad":
        raise ValueError("no")
    if content == b"seen":
        raise ValueError(seen)
    return {"x": [1.0]}
"""


async def test_the_sample_goes_through_all_steps_and_leaves_nothing_to_the_first_call(workers: Workers) -> None:
    post = "def process(outputs):\n    print('after')\n    return outputs[0]\n"
    policy = Policy(sample="sample.txt")
    target = await workers.make(onnx_models.identity(), COUNT, post, files={"sample.txt": "a sample"}, policy=policy)
    failure = await workers.failure(target, b"seen")
    assert "[(b'a sample', {}), (b'seen', {})]" in failure["message"]
    assert failure["printed"] == "got b'seen'\n"


async def test_a_sample_that_fails_says_so(workers: Workers) -> None:
    target = await workers.make(
        onnx_models.identity(), COUNT, files={"sample.txt": "bad"}, policy=Policy(sample="sample.txt")
    )
    with pytest.raises(PipelineBroken) as broken:
        await workers.supervisor.warm(target)
    assert "The sample 'sample.txt', which warms each worker, fails" in broken.value.message
    assert "ValueError: no" in broken.value.message
    assert (broken.value.details["step"], broken.value.details["line"]) == ("pre-processing", 11)
    assert broken.value.details["printed"] == "got b'bad'\n"
    target = await workers.make(onnx_models.identity(), COUNT, policy=Policy(sample="gone.txt"))
    with pytest.raises(PipelineBroken, match=r"gone\.txt.*can't be read"):
        await workers.supervisor.warm(target)


@pytest.mark.parametrize(
    "model",
    [
        onnx_models.identity(), onnx_models.identity("string"), onnx_models.identity("bfloat16", ("N", 3)),
        onnx_models.identity("bool", ()), onnx_models.identity(shape=None), onnx_models.sum_and_difference(),
        onnx_models.map_input(), onnx_models.sequence(), onnx_models.optional(), onnx_models.fails_when_run(),
        onnx_models.identity(shape=(1 << 40,)),
    ],
)  # fmt: skip
async def test_without_a_sample_any_model_is_warmed_or_left_alone(workers: Workers, model: bytes) -> None:
    target = await workers.make(model, policy=Policy(pinned=True))
    await workers.supervisor.warm(target)
    assert workers.supervisor.state(target.key).state == "ready"


async def test_without_a_sample_the_model_really_runs(tmp_path: Path, inspector: Inspector) -> None:
    async with opened_workers(tmp_path, inspector, start_timeout_s=2) as workers:
        post = "def process(outputs):\n    return 1\n"
        target = await workers.make(onnx_models.endless(), None, post, policy=Policy(pinned=True))
        with pytest.raises(PipelineBroken, match=r"didn't end within 2 s .*; it was in the step model"):
            await workers.supervisor.warm(target)
