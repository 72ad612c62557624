"""Real worker processes: what they answer, and that nothing they do harms another call."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import signal
import socket
import tracemalloc
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx_models
import pytest
from puppets import LIMITS, PUPPET, SUM, answer, children, failure, workers
from targets import Targets

from sluice.entities import Policy
from sluice.errors import (
    DeadlineExceeded,
    PipelineBroken,
    QueueFull,
    WorkerDied,
)
from sluice.logs import request_id
from sluice.workers.body import SpooledBody, collect
from sluice.workers.crew import Plan
from sluice.workers.limits import Limits
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target
from sluice.workers.worker import Worker
from sluice.workers.zygote import NotStarted, Zygote


@pytest.mark.parametrize("element", onnx_models.ELEMENTS)
async def test_every_element_type_goes_through_json(supervisor: Supervisor, targets: Targets, element: str) -> None:
    value: list[Any] = {"string": ["a", "ü"], "bool": [True, False]}.get(element, [1, 2])
    target = await targets.make(onnx_models.identity(element))
    assert await answer(supervisor, target, {"x": value}) == {"y": value}


@pytest.mark.parametrize(
    ("model", "given", "expected"),
    [
        (onnx_models.identity("float", ()), {"x": 1.5}, {"y": 1.5}),
        (onnx_models.identity("float", None), {"x": [[1.5]]}, {"y": [[1.5]]}),
        (onnx_models.identity("float", ("N", 4)), {"x": []}, {"y": []}),
        (onnx_models.empty_output(), {"x": [1]}, {"y": []}),
        (onnx_models.sequence(), {"x": [[1], [2, 3]], "i": 1}, {"item": [2.0, 3.0], "all": [[1.0], [2.0, 3.0]]}),
        (onnx_models.optional(), {"x": [1, 2]}, {"there": True, "y": [1.0, 2.0]}),
        (onnx_models.optional(), {"x": None}, {"there": False, "y": None}),
        (onnx_models.map_input(), {"x": {"b": 2}}, {"y": [[0.0, 2.0]]}),
        (onnx_models.map_output(), {"x": [[1, 2]]}, {"y": [{"0": 1.0, "1": 2.0}]}),
        (onnx_models.map_output(["a", "b"]), {"x": [[1, 2]]}, {"y": [{"a": 1.0, "b": 2.0}]}),
        (onnx_models.sum_and_difference(), {"b": [1], "a": [3]}, {"sum": [4.0], "difference": [2.0]}),
        (onnx_models.identity(), {"x": ["NaN", "-Infinity", 0.1]}, {"y": ["NaN", "-Infinity", 0.10000000149011612]}),
    ],
)
async def test_every_kind_of_value(
    supervisor: Supervisor, targets: Targets, model: bytes, given: Any, expected: Any
) -> None:
    assert await answer(supervisor, await targets.make(model), given) == expected


async def test_the_three_steps_and_their_times(supervisor: Supervisor, puppet: Target) -> None:
    prediction = await supervisor.run(puppet, b"abc")
    assert bytes(prediction.body) == b"294"
    assert list(prediction.timings_ms) == ["queue", "pre-processing", "model", "post-processing", "output"]


async def test_a_script_that_returns_nothing_answers_null(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), None, "def process(outputs): pass")
    assert await answer(supervisor, target, {"x": [1]}) is None


async def test_outputs_come_in_the_models_order(supervisor: Supervisor, targets: Targets) -> None:
    post = "def process(outputs): return [type(outputs).__name__, *(float(o[0]) for o in outputs)]"
    target = await targets.make(onnx_models.sum_and_difference(), None, post)
    assert await answer(supervisor, target, {"a": [3], "b": [1]}) == ["list", 4.0, 2.0]


async def test_files_lie_beside_the_scripts(supervisor: Supervisor, targets: Targets) -> None:
    post = """
from pathlib import Path
import helper
def process(outputs):
    beside = (Path(__file__).parent / "labels.txt").read_text()
    return [beside, open("labels.txt").read(), helper.NAME]
"""
    files = {"labels.txt": "cat", "helper.py": "NAME = 'dog'"}
    target = await targets.make(onnx_models.identity(), None, post, files)
    assert await answer(supervisor, target, {"x": [1]}) == ["cat", "cat", "dog"]


async def test_random_numbers_begin_differently_in_each_worker(supervisor: Supervisor, targets: Targets) -> None:
    numbers = "[np.random.random(), np.random.default_rng().random(), random.random()]"
    script = f"import random\nimport numpy as np\ndef process(outputs):\n    return {numbers}\n"
    target = await targets.make(onnx_models.identity(), None, script)
    other = replace(target, key="other")  # of the same model, and so of the same zygote
    first, second = [await answer(supervisor, each, {"x": [0]}) for each in (target, other)]
    assert len({*first, *second}) == 6


async def test_a_large_body_goes_by_descriptor(supervisor: Supervisor, puppet: Target) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(48):
            yield b"\1" * 65536

    body = await collect(chunks(), 1 << 30)
    assert isinstance(body, SpooledBody)
    with body:
        assert bytes((await supervisor.run(puppet, body)).body) == str(48 * 65536).encode()


async def test_a_failing_line_is_named(supervisor: Supervisor, puppet: Target) -> None:
    told = await failure(supervisor, puppet, b"raise")
    assert told == {
        "step": "pre-processing",
        "kind": "script-raised",
        "message": "The pre-processing script 'pre.py' failed at line 10: KeyError: 'nothing'",
        "script": "pre.py",
        "line": 10,
        "lineText": '        return values["nothing"]',
        "exception": "KeyError: 'nothing'",
        "printed": "got 5\n",
    }


async def test_what_was_printed_belongs_to_one_call(supervisor: Supervisor, targets: Targets) -> None:
    pre = "def process(content):\n    print(content.decode())\n    return 1/0"
    target = await targets.make(onnx_models.identity(), pre, policy=Policy(workers=1))
    told = await asyncio.gather(*(failure(supervisor, target, f"call {n}".encode()) for n in range(20)))
    assert [t["printed"] for t in told] == [f"call {n}\n" for n in range(20)]


async def test_a_failure_in_a_helper_names_the_helper(supervisor: Supervisor, targets: Targets) -> None:
    post = "import helper\ndef process(outputs):\n    return helper.label(outputs)\n"
    files = {"helper.py": "def label(outputs):\n    return int('x')\n"}
    target = await targets.make(onnx_models.identity(), None, post, files)
    told = await failure(supervisor, target, b'{"x": [1]}')
    assert (told["step"], told["script"], told["line"]) == ("post-processing", "helper.py", 2)
    assert told["lineText"] == "    return int('x')"


@pytest.mark.parametrize("folder", ["Path(__file__).parent", "Path(tempfile.gettempdir())"])
async def test_an_error_never_shows_the_servers_folders(supervisor: Supervisor, targets: Targets, folder: str) -> None:
    pre = (
        f"import tempfile\nfrom pathlib import Path\ndef process(content):\n    return open({folder} / 'missing.txt')\n"
    )
    target = await targets.make(onnx_models.identity(), pre)
    told = await failure(supervisor, target, b"x")
    assert told["exception"] == "FileNotFoundError: [Errno 2] No such file or directory: 'missing.txt'"
    assert str(targets.folder) not in json.dumps(told)


@pytest.mark.parametrize(
    ("pre", "kind", "said"),
    [
        ("return None", "wrong-type", "gave nothing (None); expected a dict"),
        ("return {'y': 1}", "unknown-key", "gave 'y', which is no input of the model; its inputs are 'x'"),
        ("return {}", "missing-key", "gave no 'x'; the model expects float32 (N,)"),
        (
            "import numpy; return {'x': numpy.ones(2)}",
            "wrong-dtype",
            "came float64; convert it with `.astype(np.float32)`",
        ),
        ("import numpy; return {'x': numpy.ones((1, 2), 'f')}", "wrong-shape", "came shape (1, 2)"),
    ],
)
async def test_a_result_that_does_not_fit_the_model(
    supervisor: Supervisor, targets: Targets, pre: str, kind: str, said: str
) -> None:
    target = await targets.make(onnx_models.identity(), f"def process(content): {pre}")
    told = await failure(supervisor, target, b"x")
    assert (told["step"], told["kind"], told["script"]) == ("pre-processing", kind, "pre.py")
    assert said in told["message"]


@pytest.mark.parametrize(
    ("body", "kind", "said"),
    [
        (b"", "bad-json", "The input is empty"),
        (b"{", "bad-json", "The input is not JSON"),
        (b"[1]", "wrong-type", "The input gave list; expected a dict"),
        (b'{"x": [1, "a"]}', "wrong-value", "Input 'x': element [1] is the text 'a', not a number"),
        (b'{"x": [[1]]}', "wrong-shape", "Input 'x': came shape (1, 1)"),
        (b'{"z": 1}', "unknown-key", "its inputs are 'x'"),
        (b"\xff\xfe", "bad-json", "The input is not JSON"),
        (b"[" * 100_000, "bad-json", "The input is not JSON"),
    ],
)
async def test_json_that_does_not_fit_the_model(
    supervisor: Supervisor, targets: Targets, body: bytes, kind: str, said: str
) -> None:
    target = await targets.make(onnx_models.identity())
    told = await failure(supervisor, target, body)
    assert (told["step"], told["kind"]) == ("input", kind)
    assert said in told["message"]


async def test_a_model_that_fails_says_so(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.fails_when_run())
    told = await failure(supervisor, target, b'{"x": [1, 2]}')
    assert (told["step"], told["kind"]) == ("model", "model-failed")
    assert "/onnxruntime" not in told["message"]
    assert await answer(supervisor, target, {"x": [1, 2, 3, 4, 5, 6]}) == {"y": [[1, 2, 3], [4, 5, 6]]}


async def test_an_answer_that_json_cannot_hold(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), None, "def process(outputs):\n    return {'s': {1}}\n")
    told = await failure(supervisor, target, b'{"x": [1]}')
    assert (told["step"], told["kind"], told["script"]) == ("post-processing", "not-json", "post.py")


async def test_an_answer_above_the_cap(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), None, "def process(outputs): return 'x' * (2 << 20)")
    told = await failure(supervisor, target, b'{"x": [1]}')
    assert told["kind"] == "answer-too-large"


@pytest.mark.parametrize(
    ("source", "said", "line"),
    [
        ("import no_such_module\ndef process(c): pass", "No module named 'no_such_module'", 1),
        ("def process(c): pass\n\n1/0", "ZeroDivisionError", 3),
        ("process = 5", "has no function `process`", None),
        ("process = lambda a, b: a", "exactly one argument", None),
        ("raise SystemExit", "SystemExit", 1),
    ],
)
async def test_a_script_that_does_not_load(
    supervisor: Supervisor, targets: Targets, source: str, said: str, line: int | None
) -> None:
    target = await targets.make(onnx_models.identity(), source)
    with pytest.raises(PipelineBroken) as broken:
        await supervisor.warm(target)
    assert said in broken.value.message
    assert broken.value.details["step"] == "pre-processing"
    assert broken.value.details.get("line") == line
    state = supervisor.state(target.key)
    assert (state.state, state.step) == ("broken", "pre-processing")
    assert said in str(state.reason)


async def test_a_script_that_ends_its_process_while_loading(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), "print('on my way')\nimport os; os._exit(7)")
    with pytest.raises(PipelineBroken, match="exit status 7") as broken:
        await supervisor.warm(target)
    assert broken.value.details["script"] == "pre.py"
    assert broken.value.details["printed"] == "on my way\n"


async def test_a_script_that_never_loads(tmp_path: Path, targets: Targets) -> None:
    supervisor = Supervisor(Limits(**{**LIMITS.__dict__, "start_timeout_s": 2}), tmp_path / "pools", tmp_path)
    await supervisor.start()
    target = await targets.make(onnx_models.identity(), "while True: pass")
    with pytest.raises(
        PipelineBroken,
        match=r"didn't end within 2 s \(SLUICE_START_TIMEOUT_S\); it was in the step pre-processing \('pre.py'\)",
    ):
        await supervisor.warm(target)
    await supervisor.close()
    assert children() == []


@pytest.mark.parametrize(
    ("order", "how"), [(b"os._exit", "exit status 3"), (b"segfault", "SIGSEGV"), (b"close", "signal 9|exit status")]
)
async def test_a_lost_worker_costs_one_call(supervisor: Supervisor, puppet: Target, order: bytes, how: str) -> None:
    with pytest.raises(WorkerDied, match=how) as died:
        await supervisor.run(puppet, order)
    if order != b"close":
        told = [died.value.details[key] for key in ("step", "script", "printed")]
        assert told == ["pre-processing", "pre.py", f"got {len(order)}\n"]
        assert "ended in the step pre-processing ('pre.py')" in died.value.message
    assert await answer(supervisor, puppet, b"abc") == 294


class Ids(logging.Handler):
    """Keeps which request each line is said to belong to."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(request_id.get())


async def test_a_lost_worker_is_not_put_down_to_the_request_that_started_it(
    supervisor: Supervisor, puppet: Target
) -> None:
    token = request_id.set("the first")
    await supervisor.warm(puppet)
    request_id.reset(token)
    log, ids = logging.getLogger("sluice.workers.pool"), Ids()
    log.addHandler(ids)
    try:
        with pytest.raises(WorkerDied):
            await supervisor.run(puppet, b"os._exit")
    finally:
        log.removeHandler(ids)
    assert ids.seen == ["-"]


async def test_a_script_that_empties_its_descriptors_costs_one_call(supervisor: Supervisor, puppet: Target) -> None:
    # Also the page that the server reads after the worker's end.
    with pytest.raises(WorkerDied, match="exit status 3"):
        await supervisor.run(puppet, b"truncate")
    assert await answer(supervisor, puppet, b"abc") == 294


async def test_a_worker_lost_while_loading_costs_no_call(supervisor: Supervisor, targets: Targets) -> None:
    slow_to_load = PUPPET + "\nsum(range(20_000_000))\n"
    target = await targets.make(onnx_models.identity(), slow_to_load, SUM, policy=Policy(workers=1))
    assert await answer(supervisor, target, b"abc") == 294
    with pytest.raises(WorkerDied):
        await supervisor.run(target, b"os._exit")
    starting = asyncio.create_task(supervisor.run(target, b"abc"))
    async with asyncio.timeout(30):
        while not (loading := workers()):
            await asyncio.to_thread(os.sched_yield)
    os.kill(loading[0], signal.SIGKILL)
    assert bytes((await starting).body) == b"294"


async def test_exit_ends_only_the_call(supervisor: Supervisor, puppet: Target) -> None:
    assert (await failure(supervisor, puppet, b"exit"))["exception"] == "SystemExit: 3"


async def test_a_lost_worker_costs_no_other_call(supervisor: Supervisor, puppet: Target) -> None:
    bodies = [b"os._exit" if n % 10 == 3 else bytes([n]) * 3 for n in range(60)]
    answers = await asyncio.gather(*(supervisor.run(puppet, body) for body in bodies), return_exceptions=True)
    for n, got in enumerate(answers):
        if n % 10 == 3:
            assert isinstance(got, WorkerDied)
        else:
            assert not isinstance(got, BaseException)
            assert bytes(got.body) == str(3 * n).encode()


async def test_the_deadline_kills(supervisor: Supervisor, puppet: Target) -> None:
    await supervisor.warm(puppet)
    with pytest.raises(DeadlineExceeded, match=r"deadline of 1 s \(its header Sluice-Deadline\)") as late:
        await supervisor.run(puppet, b"loop", 1.0)
    told = [late.value.details[key] for key in ("step", "script", "printed")]
    assert told == ["pre-processing", "pre.py", "got 4\n"]
    assert await answer(supervisor, puppet, b"abc") == 294


async def test_the_deadline_kills_native_code(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.endless())
    await supervisor.warm(target)
    with pytest.raises(DeadlineExceeded) as late:
        await supervisor.run(target, b'{"x": [1]}', 1.0)
    assert late.value.details["step"] == "model"


async def test_the_deadline_covers_the_queue(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), PUPPET, policy=Policy(workers=1))
    await supervisor.warm(target)
    running = asyncio.create_task(supervisor.run(target, b"loop", 3.0))
    waiting = asyncio.create_task(supervisor.run(target, b"abc", 1.0))
    with pytest.raises(DeadlineExceeded, match=r"the whole of its deadline of 1 s .*; other calls were before it\."):
        await waiting
    with pytest.raises(DeadlineExceeded, match="in the step pre-processing"):
        await running


async def test_a_deadline_that_passes_while_the_first_worker_loads(
    supervisor: Supervisor, puppet: Target, targets: Targets
) -> None:
    await supervisor.warm(puppet)  # so that no process but the worker is still to start
    slow = "import time\ntime.sleep(60)\n"
    target = await targets.make(onnx_models.identity(), slow + PUPPET, policy=Policy(deadline_s=1.5))
    with pytest.raises(DeadlineExceeded) as late:
        await supervisor.run(target, b"abc")
    assert late.value.message == (
        "The call waited for the whole of its deadline of 1.5 s (`deadlineS` of the pipeline); no worker was ready: "
        "one was still loading, in the step pre-processing ('pre.py'). "
        "Allow more, let scripts do less at their top level, or pin the pipeline: its workers load before it is called."
    )
    assert (late.value.details["step"], late.value.retry) == ("queue", "safe")  # it wasn't run


async def test_a_call_may_not_lengthen_the_deadline(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), PUPPET, policy=Policy(deadline_s=1.0))
    await supervisor.warm(target)
    with pytest.raises(DeadlineExceeded, match="deadline of 1 s"):
        await supervisor.run(target, b"loop", 60.0)


async def test_a_client_that_leaves_frees_the_worker(supervisor: Supervisor, targets: Targets) -> None:
    target = await targets.make(onnx_models.identity(), PUPPET, policy=Policy(workers=1))
    await supervisor.warm(target)
    call = asyncio.create_task(supervisor.run(target, b"loop"))
    await asyncio.wait([call], timeout=0.1)
    call.cancel()
    assert json.loads(bytes((await supervisor.run(target, b"abc", 10.0)).body))


async def test_a_full_queue_refuses(tmp_path: Path, targets: Targets) -> None:
    supervisor = Supervisor(Limits(**{**LIMITS.__dict__, "workers": 1, "queue_calls": 3}), tmp_path / "pools", tmp_path)
    await supervisor.start()
    target = await targets.make(onnx_models.identity(), PUPPET, SUM)
    calls = [asyncio.create_task(supervisor.run(target, b"abc")) for _ in range(5)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["Prediction"] * 3 + ["QueueFull"] * 2
    refusals = [r for r in results if isinstance(r, QueueFull)]
    assert all(r.retry_after_s >= 1 and "SLUICE_QUEUE_CALLS" in r.message for r in refusals)
    await supervisor.close()


async def test_a_full_queue_counts_bytes(tmp_path: Path, targets: Targets) -> None:
    supervisor = Supervisor(
        Limits(**{**LIMITS.__dict__, "workers": 1, "queue_bytes": 1000}), tmp_path / "pools", tmp_path
    )
    await supervisor.start()
    target = await targets.make(onnx_models.identity(), PUPPET, SUM)
    calls = [asyncio.create_task(supervisor.run(target, b"a" * 600)) for _ in range(3)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    assert [type(r).__name__ for r in results] == ["Prediction", "QueueFull", "QueueFull"]
    await supervisor.close()


async def test_workers_can_be_started_again_after_the_base_zygote_was_lost(
    supervisor: Supervisor, puppet: Target
) -> None:
    assert await answer(supervisor, puppet, b"abc") == 294
    assert supervisor.can_start
    (base,) = children()
    os.kill(base, signal.SIGKILL)
    async with asyncio.timeout(30):
        while supervisor.can_start and children() == [base]:
            await asyncio.to_thread(os.sched_yield)
        while not supervisor.can_start:
            await asyncio.to_thread(os.sched_yield)
    assert children() != [base]
    assert await answer(supervisor, puppet, b"abc") == 294


async def test_a_worker_that_cannot_be_forked_leaves_nothing(puppet: Target, tmp_path: Path) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    theirs.close()  # the zygote is gone
    plan = Plan.of(puppet, LIMITS)
    worker = Worker(
        Zygote(ours, 20.0), plan.load, plan.scripts, tmp_path, tmp_path / "scratch", lambda *_: None, lambda *_: None
    )
    with pytest.raises(NotStarted, match="No worker process can be started"):
        await worker.start(20)
    assert not (tmp_path / "scratch").exists()


async def test_states(supervisor: Supervisor, puppet: Target) -> None:
    assert supervisor.state(puppet.key).state == "idle"
    await supervisor.warm(puppet)
    assert supervisor.state(puppet.key).state == "ready"
    await supervisor.retire(puppet.key)
    assert supervisor.state(puppet.key).state == "idle"


async def test_no_descriptor_is_left_behind(supervisor: Supervisor, targets: Targets) -> None:
    async def once() -> int:
        target = await targets.make(onnx_models.identity(), PUPPET, SUM)
        with pytest.raises(WorkerDied):
            await supervisor.run(target, b"os._exit")
        await answer(supervisor, target, b"abc")
        await supervisor.retire(target.key)
        return len(os.listdir("/proc/self/fd"))

    first = await once()
    assert await once() <= first


async def test_lost_workers_leave_no_memory_to_the_collector(supervisor: Supervisor, puppet: Target) -> None:
    gc.disable()
    tracemalloc.start()
    try:
        for _ in range(12):
            with pytest.raises(WorkerDied):
                await supervisor.run(puppet, b"os._exit")
            assert await answer(supervisor, puppet, b"abc") == 294
        assert tracemalloc.get_traced_memory()[0] < 2 << 20
    finally:
        tracemalloc.stop()
        gc.enable()
