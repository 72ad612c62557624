"""What becomes of environments once they are built: kept, found again, removed, mended."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import onnx_models
import pytest
from building import Opened, build, imported, key_of, needing, settled
from puppets import supervised
from targets import Targets
from wheels import tiny_wheel

from sluice.environments.folders import Folders
from sluice.environments.known import NotReady
from sluice.errors import NotFound, WorkerDied
from sluice.workers.inspection import Inspector
from sluice.workers.target import Environment


async def test_a_server_that_is_killed_leaves_no_half_environment(opened: Opened, wheels: Path, tmp_path: Path) -> None:
    program = f"""
import asyncio
from pathlib import Path
from sluice.entities import ScriptHeader
from sluice.environments import building
from sluice.environments.folders import Folders
from sluice.environments.installer import PackageSource
from sluice.environments.service import Environments

def stuck(self, key, staged):
    print(key, flush=True)
    while True:
        pass

async def main():
    Folders.keep_built = stuck
    source = PackageSource("none", Path({str(wheels)!r}))
    environments = Environments(
        Path({str(tmp_path / "environments")!r}), source, enabled=True, timeout_s=60, wait_s=60, most_bytes=1 << 40,
        needed=set,
    )
    await environments.open()
    await environments.ready(environments.key_of([ScriptHeader(("made-up",), None, 1)]))

asyncio.run(main())
"""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert process.stdout
    key = (await process.stdout.readline()).decode().strip()
    assert list((tmp_path / "environments/staging").iterdir())
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with opened() as environments:
        assert not list((tmp_path / "environments/staging").iterdir())
        assert environments.get(key).state == "absent"
        await environments.ready(key)
        assert environments.get(key).state == "ready"


async def test_uv_ends_with_the_server() -> None:
    stuck = "import os, signal; print(os.getpid(), os.nice(0), flush=True); signal.pause()"
    starts = (
        "import os, subprocess, sys\n"
        "tied = [sys.executable, '-I', '-B', '-m', 'sluice.workers.child.tied', str(os.getpid())]\n"
        f"subprocess.run([*tied, sys.executable, '-c', {stuck!r}])"
    )
    server = await asyncio.create_subprocess_exec(sys.executable, "-c", starts, stdout=asyncio.subprocess.PIPE)
    assert server.stdout
    pid, nice = map(int, (await server.stdout.readline()).split())
    assert nice > os.nice(0)
    ended, pidfd = asyncio.Event(), os.pidfd_open(pid)
    asyncio.get_running_loop().add_reader(pidfd, ended.set)
    try:
        server.kill()
        await asyncio.wait_for(ended.wait(), 30)
    finally:
        asyncio.get_running_loop().remove_reader(pidfd)
        os.close(pidfd)
        await server.wait()


async def test_under_another_python_it_is_built_anew_from_its_lock(
    opened: Opened, wheels: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as environments:
        key = await build(environments, "another")
    tiny_wheel(wheels, "another", "1.1", {"another.py": ""})
    monkeypatch.setattr("sluice.environments.folders.PYTHON", "cpython-399-any")
    async with opened(enabled=False) as environments:
        assert environments.get(key).state == "off"
    async with opened() as environments:
        assert environments.get(key).state == "absent"
        await environments.ready(key)
        assert "another==1.0" in environments.get(key).packages


async def test_what_somebody_removed_is_installed_again(opened: Opened, tmp_path: Path) -> None:
    async with opened() as environments:
        key = await build(environments, "made-up<2")
        shutil.rmtree(tmp_path / "environments/built")
        (tmp_path / "environments/built").mkdir()
        await environments.ready(key)
    assert imported(tmp_path, key, "import made_up; print(made_up.VERSION)") == "1"


async def test_one_whose_lock_is_lost_says_so(opened: Opened) -> None:
    async with opened() as environments:
        with pytest.raises(NotReady, match="which packages it had is lost"):
            await environments.ready("0" * 32, ["made-up"])
        assert environments.get("0" * 32, [needing("made-up")]).state == "failed"


async def test_closing_ends_a_build(opened: Opened, tmp_path: Path) -> None:
    async with opened() as environments:
        environments.start(key_of(environments, "made-up"))
    assert not list((tmp_path / "environments/staging").iterdir())


async def test_what_nobody_needs_goes_when_there_is_too_much(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sluice.environments.service._FRESH_S", -1)
    needed: set[str] = set()
    async with opened(most_bytes=0) as environments:
        environments._needed = lambda: needed
        key = key_of(environments, "made-up<2")
        needed.add(key)
        await environments.ready(key)
        gone = await build(environments, "made-up>=2")
        await environments.tidy()
        assert environments.get(key).state == "ready"
        with pytest.raises(NotFound):
            environments.get(gone)
        assert len(list((tmp_path / "environments/built").iterdir())) == 1
        assert not list((tmp_path / "environments/cache").glob("archive*/*"))
    assert imported(tmp_path, key, "import made_up, numpy; print(made_up.VERSION)") == "1"


async def test_what_is_asked_for_while_it_goes_is_built_anew(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sluice.environments.service._FRESH_S", -1)
    removes, may_go_on, remove = threading.Event(), threading.Event(), Folders.remove

    def removed_late(folders: Folders, which: Any) -> None:
        removes.set()
        may_go_on.wait(60)
        remove(folders, which)

    monkeypatch.setattr(Folders, "remove", removed_late)
    async with opened(most_bytes=1 << 40) as environments:
        key = await build(environments, "made-up")
        environments._most_bytes = 0
        tidying = asyncio.create_task(environments.tidy())
        await asyncio.to_thread(removes.wait)
        environments._needed = lambda: {key}
        await environments.ready(key, ["made-up"])
        may_go_on.set()
        await tidying
    assert imported(tmp_path, key, "import made_up; print(made_up.VERSION)") == "2"


async def test_what_is_being_linked_isnt_removed(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    point, removing = Folders._point, list[threading.Thread]()

    def point_late(folders: Folders, key: str, name: str) -> None:
        removing.append(threading.Thread(target=folders.remove, args=[tmp_path / "none"]))
        removing[0].start()
        removing[0].join(0.5)
        point(folders, key, name)

    async with opened() as environments:
        monkeypatch.setattr(Folders, "_point", point_late)
        key = await build(environments, "made-up")
        removing[0].join()
    assert imported(tmp_path, key, "import made_up; print(made_up.VERSION)") == "2"


async def test_what_was_just_asked_for_stays(opened: Opened) -> None:
    async with opened(most_bytes=0) as environments:
        key = await build(environments, "made-up")
        await environments.tidy()
        assert environments.get(key).state == "ready"


async def test_a_record_that_cant_be_read_costs_that_environment_only(opened: Opened, tmp_path: Path) -> None:
    async with opened() as environments:
        key, other = await build(environments, "made-up<2"), await build(environments, "made-up>=2")
    (tmp_path / "environments" / key / "record.json").write_text("")  # as a power cut may leave it
    async with opened() as environments:
        assert environments.get(other).state == "ready"
        assert await build(environments, "made-up<2") == key
        assert "installed already" in environments.log(key)


async def test_the_size_is_told_while_files_go(opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened() as environments:
        folder = tmp_path / "environments" / "staging"
        (folder / "gone").write_text("")
        (folder / "stays").write_text("x")
        lstat = os.lstat

        def removing(path: str) -> os.stat_result:
            if path == str(folder / "gone"):
                os.unlink(path)
            return lstat(path)

        monkeypatch.setattr(os, "lstat", removing)
        assert environments._folders.size_bytes() > 0
    assert not (folder / "gone").exists()


async def test_who_runs_in_it_goes_on_when_it_is_built_anew(
    opened: Opened, tmp_path: Path, inspector: Inspector
) -> None:
    obeying = "import os, numpy as np\n\ndef process(content):\n    exec(content)\n"
    obeying += "    return {'x': np.ones((1, 4), np.float32)}\n"
    (tmp_path / "uploads").mkdir()
    async with opened() as environments:
        key = await build(environments, "another")
        environment = Environment(tmp_path / "environments" / key / "built")
        target = await Targets(tmp_path / "uploads", inspector, environment).make(onnx_models.double_it(), obeying)
        async with supervised(tmp_path / "uploads", workers=1) as supervisor:
            await supervisor.run(target, b"pass")
            environments.rebuild(key)
            await settled(environments, key)
            assert "installed already" not in environments.log(key)
            await supervisor.run(target, b"import made_up, numpy.ma.extras")  # by a worker from before
            with pytest.raises(WorkerDied):
                await supervisor.run(target, b"os._exit(1)")
            await supervisor.run(target, b"import made_up, onnxruntime")  # by one that its zygote forked since
