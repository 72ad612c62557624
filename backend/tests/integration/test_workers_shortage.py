"""A machine without room for one more process: what runs goes on, who needs one is told why, and room is used again."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import onnx_models
import pytest
from apps import ready, running
from problems import assert_problem
from puppets import SUM, answer, answered_in_the_end, children, children_of, inspectors, until
from targets import Targets

from sluice.entities import Policy, Role
from sluice.errors import NotAvailable, PipelineBroken
from sluice.workers.child.sandbox import Stage1
from sluice.workers.inspection import Inspector
from sluice.workers.supervisor import Supervisor
from sluice.workers.target import Target
from sluice.workers.zygote import NotStarted, Zygote
from sluice.workers.zygotes import _ORDINARY

# Answers `wait` once a file `go` lies beside the script.
WAITS = """
import os, time
import numpy as np

def process(content):
    if content == b"wait":
        print("waits", flush=True)
        while not os.path.exists("go"):
            time.sleep(0.01)
    return {"x": np.frombuffer(content, np.uint8).astype(np.float32)}
"""


@contextmanager
def few_files(pid: int, more: int = 0) -> Iterator[None]:
    """Let a process open so many more files and no others."""
    listed = os.listdir(f"/proc/{pid}/fd")
    opened = {int(name) for name in listed if os.path.lexists(f"/proc/{pid}/fd/{name}")}  # that listing itself isn't
    first = next(number for number in range(len(opened) + 1) if number not in opened)
    before = resource.prlimit(pid, resource.RLIMIT_NOFILE)
    resource.prlimit(pid, resource.RLIMIT_NOFILE, (first + more, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_NOFILE, before)


@pytest.fixture
async def target(targets: Targets) -> Target:
    return await targets.make(onnx_models.identity(), WAITS, SUM, policy=Policy(workers=2))


async def begun(supervisor: Supervisor, target: Target) -> asyncio.Future[bytes]:
    """Return the answer to a call that runs, until `end` is asked for."""

    async def call() -> bytes:
        return bytes((await supervisor.run(target, b"wait")).body)

    await supervisor.warm(target)
    running = asyncio.ensure_future(call())
    pool = supervisor.pool(target.key)
    assert pool
    await until(lambda: any(worker.printed() for worker in pool._crew.workers))
    return running


def end(target: Target, folder: Path) -> None:
    """Have the calls of `begun` end."""
    (files,) = (folder / "pools").glob(f"{target.key}-*/files")
    (files / "go").touch()


def told(broken: pytest.ExceptionInfo[PipelineBroken]) -> str:
    assert broken.value.details["kind"] == "no-process"
    return broken.value.message


@pytest.mark.parametrize("more", [0, 4], ids=["its sockets don't come", "they come, and no more"])
async def test_a_models_zygote_without_room_costs_nobody_his_call(
    supervisor: Supervisor, target: Target, tmp_path: Path, more: int
) -> None:
    running = await begun(supervisor, target)
    (zygote,) = children_of(*children())
    other = replace(target, key="other")  # of the same model, without a worker yet
    with few_files(zygote, more):
        with pytest.raises(PipelineBroken) as broken:
            await supervisor.run(other, b"abc")
        assert "a process has as many files open as it may; raise that limit (`ulimit -n`)" in told(broken)
        await until(lambda: not supervisor._zygotes.room.trying)
        assert supervisor.can_start  # others
        waiting = supervisor.submit(target, b"abc")  # for its second worker, and then for the first
        await until(lambda: supervisor.take_tallies())
    await until(lambda: children_of(*children()) == [zygote])  # and none of the trials
    assert not running.done()
    end(target, tmp_path)
    assert await running == str(sum(b"wait")).encode()
    assert bytes((await waiting).body) == b"294"
    await answered_in_the_end(supervisor, other)


async def test_a_base_without_room_costs_nobody_his_call(
    supervisor: Supervisor, target: Target, targets: Targets, tmp_path: Path
) -> None:
    running = await begun(supervisor, target)
    (base,) = children()
    other = await targets.make(onnx_models.identity(), WAITS, SUM)
    with few_files(base):
        with pytest.raises(PipelineBroken) as broken:
            await supervisor.run(other, b"abc")
        assert "`ulimit -n`" in told(broken)
        assert await answer(supervisor, target, b"abc") == 294  # its zygote has room
        await until(lambda: not supervisor.can_start)
        assert "`ulimit -n`" in str(supervisor.hindrance)
        assert supervisor.state(other.key).state == "broken"
    await until(lambda: supervisor.can_start)
    assert supervisor.state(other.key).state == "idle"
    assert await answer(supervisor, other, b"abc") == 294
    assert children() == [base]
    assert not running.done()
    end(target, tmp_path)
    assert await running == str(sum(b"wait")).encode()


async def test_a_models_zygote_that_hangs_is_replaced(supervisor: Supervisor, target: Target) -> None:
    await supervisor.warm(target)
    (zygote,) = children_of(*children())
    pool = supervisor.pool(target.key)
    assert pool
    (await supervisor._zygotes.get(pool._plan.model)).timeout_s = 0.2
    os.kill(zygote, signal.SIGSTOP)
    other = replace(target, key="other")
    with pytest.raises(PipelineBroken) as broken:
        await supervisor.run(other, b"abc")
    assert "within 0.2 s (SLUICE_START_TIMEOUT_S) and was ended" in told(broken)
    await answered_in_the_end(supervisor, other)
    assert await answer(supervisor, target, b"abc") == 294
    assert zygote not in children_of(*children())


async def test_a_base_that_hangs_is_replaced(supervisor: Supervisor, target: Target) -> None:
    assert await answer(supervisor, target, b"abc") == 294
    (base,) = children()
    (await supervisor._zygotes._base(_ORDINARY)).timeout_s = 0.2
    await supervisor.retire(target.key)
    os.kill(base, signal.SIGSTOP)
    with pytest.raises(PipelineBroken) as broken:
        await supervisor.run(target, b"abc")
    assert "within 0.2 s (SLUICE_START_TIMEOUT_S) and was ended" in told(broken)
    assert supervisor.hindrance == "The process that forks workers is starting, which takes a moment."
    await until(lambda: supervisor.can_start)
    await answered_in_the_end(supervisor, target)
    assert base not in children()


@pytest.mark.parametrize("of_model", [False, True], ids=["base", "model's zygote"])
async def test_what_was_killed_is_gone_though_nobody_reaps_it(
    supervisor: Supervisor, target: Target, of_model: bool
) -> None:
    await supervisor.warm(target)
    pool = supervisor.pool(target.key)
    assert pool
    zygote = await (supervisor._zygotes.get(pool._plan.model) if of_model else supervisor._zygotes._base(_ORDINARY))
    assert zygote.pid
    zygote.timeout_s = 0.2
    os.kill(zygote.pid, signal.SIGSTOP)
    async with asyncio.timeout(20):
        await supervisor.retire(target.key)
    assert await answer(supervisor, target, b"abc") == 294


async def test_what_ails_one_pipeline_is_no_shortage(supervisor: Supervisor, targets: Targets) -> None:
    for ails in ("1 / 0", "import os; os._exit(1)"):
        with pytest.raises(PipelineBroken):
            await supervisor.run(await targets.make(onnx_models.identity(), ails), b"abc")
        assert supervisor.can_start
        assert not supervisor._zygotes.room.trying


async def test_a_server_that_can_open_nothing_more_gets_no_process() -> None:
    zygote = await Zygote.base(Stage1(), 30.0)
    try:
        assert zygote.pid
        ours, theirs = socket.socketpair()
        with ours, theirs, few_files(os.getpid()), pytest.raises(NotStarted, match="`ulimit -n`"):
            await zygote.fork_inspector(Stage1(may_fork=False), theirs.fileno())
        await until(lambda: zygote.pid and not children_of(zygote.pid))  # its socket is closed
        ours, theirs = socket.socketpair()
        with ours, theirs:
            process = await zygote.fork_inspector(Stage1(may_fork=False), theirs.fileno())
        await process.ended
    finally:
        await zygote.close()


async def test_an_upload_is_not_to_blame(targets: Targets, inspector: Inspector, tmp_path: Path) -> None:
    await targets.facts(onnx_models.identity())
    (zygote,) = inspectors()
    script = tmp_path / "script.py"
    script.write_text("def process(content): pass\n")
    with few_files(zygote), pytest.raises(NotAvailable, match=r"can't be looked at now.*`ulimit -n`"):
        await inspector.inspect_script(script, "script.py", "script")
    await inspector.inspect_script(script, "script.py", "script")
    assert inspectors() == [zygote]


async def test_a_change_is_not_to_blame(tmp_path: Path) -> None:
    async with running(tmp_path / "data") as app, await app.caller(Role.ADMIN) as admin:

        async def base() -> int:
            await ready(admin)
            await until(lambda: len(children()) == 1)  # what tries the sandbox has ended
            return children()[0]

        new, made = onnx_models.double_it(), {"name": "p", "model": "m"}
        await admin.post("/api/v1/models?fileName=m.onnx", content=onnx_models.double_it(3))
        with few_files(await base()):
            refused = await admin.post("/api/v1/pipelines", json=made)
            assert "`ulimit -n`" in assert_problem(refused, 503, "pipeline-broken")["detail"]
        await base()
        assert (await admin.post("/api/v1/pipelines", json=made)).status_code == 201
        with few_files(await base()):
            refused = await admin.put("/api/v1/models/m/content?fileName=m.onnx", content=new)
            assert "`ulimit -n`" in assert_problem(refused, 503, "pipeline-broken")["detail"]
        await base()
        assert (await admin.put("/api/v1/models/m/content?fileName=m.onnx", content=new)).status_code == 200
