"""Where the server is root, workers are a user that owns nothing; where they can't be, that is told."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx2
import onnx_models
import pytest
from apps import Server, served
from problems import assert_problem

from benchmarks.processes import tree
from sluice.workers.user import WorkerUser, worker_user

V1 = "/api/v1"
UID = 64888
PYTHON = "/usr/bin/python3"
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")

WHO = """
import os, tempfile

def process(content):
    while content == b"loop":
        pass
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"mine")
        file.flush()
        made = os.stat(file.name).st_uid
    caps = [line.split()[1] for line in open("/proc/self/status") if line.startswith("Cap")]
    print(os.getuid(), os.getgid(), os.getgroups(), made, int(caps[1], 16), int(caps[2], 16))
    return {"x": [[os.getuid()]]}
"""


@pytest.fixture(scope="module")
def python() -> Iterator[Path]:
    """Make an environment, open to everybody, whose Python finds what ours does."""
    found = [Path(sysconfig.get_path("purelib")), Path(__file__).parents[2]]
    version = sysconfig.get_python_version()
    asked = [PYTHON, "-c", "import sysconfig; print(sysconfig.get_python_version())"]
    if not Path(PYTHON).exists() or subprocess.check_output(asked, text=True).strip() != version:
        pytest.skip(f"there is no {PYTHON} of version {version}")
    if closed := [folder for path in found for folder in path.parents if not folder.stat().st_mode & 1]:
        pytest.skip(f"'{closed[0]}', in which this is installed, is closed to other users")
    folder = Path(tempfile.mkdtemp(prefix="sluice-user-", dir="/tmp"))
    folder.chmod(0o755)
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", folder / "venv"], check=True)
    (packages,) = (folder / "venv/lib").glob("python*/site-packages")
    (packages / "ours.pth").write_text("\n".join(map(str, found)))
    yield folder / "venv/bin/python"
    shutil.rmtree(folder)


@asynccontextmanager
async def signed_in(server: Server) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"Sec-Fetch-Site": "same-origin"}
    async with httpx2.AsyncClient(base_url=server.url, headers=headers, timeout=60) as client:
        assert (await client.post(f"{V1}/session", json={"code": server.code})).status_code == 200
        yield client


async def test_workers_are_nobody_and_all_works(python: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(python))
    data = python.parents[2] / "data"
    async with served(data) as server, signed_in(server) as client:
        sandbox = (await client.get(f"{V1}/system")).json()["sandbox"]
        assert (sandbox["uid"], sandbox["uidReason"], sandbox["level"]) == (UID, None, "full"), sandbox
        model, data_file = onnx_models.external_data("weights.data", 1)
        form = [("file", ("weights.data", data_file)), ("file", ("m.onnx", model))]
        added = await client.post(f"{V1}/models", files=form)
        assert added.status_code == 201, added.text
        await client.post(f"{V1}/resources?fileName=pre.py", content=WHO)
        made = await client.post(f"{V1}/pipelines", json={"name": "p", "model": "m", "preProcessing": "pre.py"})
        assert made.status_code == 201, made.text
        answer = (await client.post(f"{V1}/pipelines/p/predictions?trace=true", content=b"")).json()
        assert answer["trace"]["printed"] == f"{UID} {UID} [] {UID} 0 0\n"
        late = {"Sluice-Deadline": "0.3"}
        assert_problem(
            await client.post(f"{V1}/pipelines/p/predictions", content=b"loop", headers=late), 504, "deadline-exceeded"
        )
        assert (await client.post(f"{V1}/pipelines/p/predictions", content=b"")).status_code == 200
        children = tree(server.process.pid)[1:]
        assert users(children) == {UID}
        assert owners(data) == ({0}, {"sluice.db": 0o600, "lock": 0o600, "folder-id": 0o600}, 0o710)
    assert living(children) == []


def living(pids: list[int]) -> list[int]:
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def users(pids: list[int]) -> set[int]:
    return {os.stat(f"/proc/{pid}").st_uid for pid in pids}


def owners(data: Path) -> tuple[set[int], dict[str, int], int]:
    """Return who owns kept files, the modes of some files, and that of the folder."""
    modes = {name: stat.S_IMODE((data / name).stat().st_mode) for name in ("sluice.db", "lock", "folder-id")}
    return {path.stat().st_uid for path in (data / "blobs").iterdir()}, modes, stat.S_IMODE(data.stat().st_mode)


def test_a_folder_that_is_closed_to_others_is_told(tmp_path: Path) -> None:
    """As pytest's own is."""
    found = worker_user(UID, tmp_path)
    assert found.uid is None
    assert found.reason
    assert "closed to other users" in found.reason or "Permission denied" in found.reason
    assert list(tmp_path.iterdir()) == []


def test_who_wants_root_gets_it(tmp_path: Path) -> None:
    assert worker_user(0, tmp_path) == WorkerUser(None, "SLUICE_WORKER_UID is 0")
