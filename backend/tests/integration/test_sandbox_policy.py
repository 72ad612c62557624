"""What the policy opens is open, what a kernel lacks is told, and the rest works on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import onnx_models
import pytest
from apps import running
from hostile_scripts import BESIDE_PORTS, NETWORK
from locked import Zygote, zygote
from prizes import Prizes, prizes

from sluice.storage.folder import CannotOpen
from sluice.workers.child import landlock
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.probes import probe

OPEN = ScriptPolicy(network="open")
BENIGN = """
import concurrent.futures, tempfile
import numpy as np

def process(content):
    with tempfile.TemporaryFile() as file, concurrent.futures.ThreadPoolExecutor(2) as pool:
        np.save(file, np.arange(3))
        return list(pool.map(abs, content))
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def connected(data: Path) -> Iterator[Zygote]:
    with zygote(data, network=True) as running:
        yield running


@pytest.fixture
def treasure(data: Path, connected: Zygote, tmp_path: Path) -> Iterator[Prizes]:
    with prizes(tmp_path / "data") as laid_out:
        yield laid_out


@pytest.mark.parametrize("name", ["TCP", "UDP", "listen on TCP"])
def test_network_opens_tcp_and_udp(connected: Zygote, treasure: Prizes, name: str) -> None:
    outcome = connected.run(NETWORK[name].script, treasure.told(), OPEN)
    assert outcome.error is None, outcome.traceback


# A bound name can't be listened at, because the pair is connected; what remains is that it is taken.
_HARMLESS = ("UDP", "address for a pair")


@pytest.mark.parametrize("name", [name for name in NETWORK if "TCP" not in name and name not in _HARMLESS])
def test_network_opens_nothing_else(connected: Zygote, treasure: Prizes, name: str) -> None:
    outcome = connected.run(NETWORK[name].script, treasure.told(), OPEN)
    assert outcome.error and "setting" not in (outcome.explained or "")
    assert treasure.touched() == []


KNOWS_PORTS = pytest.mark.skipif(landlock.abi() < landlock.KNOWS_PORTS, reason="this kernel's Landlock has no ports")


@KNOWS_PORTS
def test_a_list_of_ports_opens_those(connected: Zygote, treasure: Prizes) -> None:
    told = treasure.told()
    outcome = connected.run(NETWORK["TCP"].script, told, ScriptPolicy(network=(1, told["tcp"])))
    assert outcome.error is None, outcome.traceback


@KNOWS_PORTS
@pytest.mark.parametrize("name", BESIDE_PORTS)
def test_a_list_of_ports_opens_nothing_else(connected: Zygote, treasure: Prizes, name: str) -> None:
    told = {**treasure.told(), "allowed": 1}
    outcome = connected.run(BESIDE_PORTS[name].script, told, ScriptPolicy(network=(1,)))
    assert outcome.error and "Error: [Errno" in outcome.error, outcome
    assert treasure.touched() == []
    if "pair" not in name:
        assert "may connect by TCP to port 1 here (`network` of the pipeline" in (outcome.explained or ""), outcome


@KNOWS_PORTS
def test_a_list_of_ports_says_how_names_are_found(connected: Zygote) -> None:
    source = "import socket\ndef process(content):\n    socket.getaddrinfo('nowhere.invalid', 443)"
    without = connected.run(source, None, ScriptPolicy(network=(443,)))
    assert "Names are looked up at port 53" in (without.explained or ""), without
    assert connected.run(source, None, ScriptPolicy(network=(53, 443))).explained is None


@KNOWS_PORTS
def test_without_network_a_zygote_that_has_some_gives_none(connected: Zygote, treasure: Prizes) -> None:
    assert connected.run(NETWORK["TCP"].script, treasure.told(), ScriptPolicy()).error
    assert treasure.touched() == []


def test_names_are_looked_up_with_network(connected: Zygote) -> None:
    source = "import socket, ssl\ndef process(content):\n    return socket.getaddrinfo('localhost', 80)[0][4][1]"
    assert connected.run(source, None, OPEN).answer == 80


def test_a_policy_crosses_as_json() -> None:
    for policy in (OPEN, ScriptPolicy(network=(443, 5432))):
        assert ScriptPolicy.from_json(json.loads(json.dumps(policy.to_json()))) == policy
    networks = ({"network": 1}, {"network": True}, {"network": ["443"]})
    for wrong in (*networks, {"memory_mb": "1"}, {"memory_mb": True}, {"unheard_of": 1}):
        with pytest.raises(TypeError):
            ScriptPolicy.from_json(wrong)


@pytest.mark.parametrize("memory_mb", [64, 2048])
def test_memory_is_counted_from_what_is_loaded(connected: Zygote, memory_mb: int) -> None:
    source = "def process(content):\n    return len(bytearray(content << 20)) >> 20"
    policy = ScriptPolicy(memory_mb=memory_mb, network="open")
    assert connected.run(source, memory_mb - 16, policy).answer == memory_mb - 16
    assert f"{memory_mb} MB" in (connected.run(source, memory_mb + 1, policy).explained or "")


@pytest.mark.parametrize("lacking", [{"landlock": 0}, {"seccomp": False}, {"landlock": 0, "seccomp": False}], ids=str)
def test_what_the_kernel_lacks_is_left_out(tmp_path: Path, lacking: dict[str, object]) -> None:
    with zygote(tmp_path, **lacking) as running:
        outcome = running.run(BENIGN, [-1, 2])
        assert outcome.answer == [1, 2], outcome.traceback


async def test_the_report_is_full_where_all_is_held(tmp_path: Path) -> None:
    if landlock.abi() < 1:
        pytest.skip("this kernel has no Landlock")
    report = await probe(tmp_path / "run")
    assert (report.level, report.missing, report.seccomp) == ("full", (), True)
    assert report.landlock_abi == min(landlock.abi(), 99)
    assert report.ports == (landlock.abi() >= landlock.KNOWS_PORTS)
    assert list((tmp_path / "run").iterdir()) == []


async def test_the_report_names_what_isnt_held(tmp_path: Path) -> None:
    without_landlock = await probe(tmp_path, landlock=0)
    assert (without_landlock.level, without_landlock.landlock_abi) == ("partial", 0)
    assert any("reading the data folder; Landlock isn't available" in one for one in without_landlock.missing)
    without_filters = await probe(tmp_path, seccomp=False)
    assert (without_filters.level, without_filters.seccomp) == ("partial", False)
    assert any("starting processes; seccomp isn't available" in one for one in without_filters.missing)
    neither = await probe(tmp_path, landlock=0, seccomp=False)
    assert neither.level == "none"
    assert set(neither.missing) >= set(without_landlock.missing)
    assert not any("memory than the policy" in one for one in neither.missing)  # limits hold everywhere
    assert (neither.to_json()["landlockAbi"], neither.ports) == (0, False)
    assert not any("a list" in one for one in neither.missing)  # such a policy is refused there


async def test_a_data_folder_among_the_libraries_is_told(tmp_path: Path) -> None:
    """Landlock opens folders whole: what lies under an opened one can't be closed again."""
    if landlock.abi() < 1 or os.geteuid():
        pytest.skip("needs Landlock and a folder that only root may write in")
    folder = Path(f"/usr/local/share/sluice-test-{os.getpid()}")
    try:
        report = await probe(folder)
    finally:
        os.rmdir(folder)
    assert report.level == "partial"
    assert any("reading the data folder" in one for one in report.missing)


async def test_a_server_that_requires_everything_starts_with_nothing_less() -> None:
    if landlock.abi() < 1 or os.geteuid():
        pytest.skip("needs Landlock and a folder that only root may write in")
    folder = Path(f"/usr/local/share/sluice-test-{os.getpid()}")
    try:
        with pytest.raises(CannotOpen, match=r"'require', but the sandbox is partial: .*reading the data folder"):
            async with running(folder, sandbox="require"):
                pass
        async with running(folder, sandbox="auto") as app:
            assert app.services.sandbox.level == "partial"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("stage", ["one", "two"])
def test_a_process_with_threads_is_refused(stage: str) -> None:
    source = f"""
import threading
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.sandbox import NotConfined, Stage1, Stage2, enter_stage_one, enter_stage_two

def start_thread():
    threading.Thread(target=threading.Event().wait, daemon=True).start()

try:
    if {stage!r} == "one":
        start_thread()
    held = enter_stage_one(Stage1())
    start_thread()
    enter_stage_two(Stage2("/", None, ScriptPolicy()), held)
except NotConfined as refused:
    print(refused)
"""
    assert "it has 2 threads already" in _run(source)


def test_an_inspector_judges_a_model(tmp_path: Path) -> None:
    """It reads what it is given and writes one file; it starts nothing, and sees no other upload."""
    for name in ("model.onnx", "other.onnx"):
        (tmp_path / name).write_bytes(onnx_models.double_it())
    (tmp_path / "merged.onnx").touch()
    source = f"""
import os, sys
from sluice.workers.child.sandbox import Stage1, enter_stage_one
model, other, merged = {[str(tmp_path / name) for name in ("model.onnx", "other.onnx", "merged.onnx")]!r}
folders = ({str(tmp_path)!r},)
enter_stage_one(Stage1(readable=folders, writable=folders, private=folders))
if pid := os.fork():
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
rules = Stage1(readable=(model,), writable=(merged,), private=folders, may_fork=False, memory_mb=4096, file_mb=1)
enter_stage_one(rules, forked=True)

from pathlib import Path
from sluice.workers.child.onnx_file import OnnxFile
from sluice.workers.child.session import Session

print(OnnxFile(Path(model)).opset(), Session(model).inputs[0].name)
Path(merged).write_bytes(Path(model).read_bytes())
def too_large():
    open(merged, "wb").write(bytes(2 << 20))

for attempt in (lambda: open(other), os.fork, lambda: bytearray(8 << 30), too_large):
    try:
        attempt()
    except (OSError, MemoryError) as error:
        print(type(error).__name__)
"""
    said = _run(source).split("\n")
    assert said[0].endswith(" x")
    assert said[1:5] == ["PermissionError", "PermissionError", "MemoryError", "OSError"]


def _run(source: str) -> str:
    done = subprocess.run(
        [sys.executable, "-I", "-B", "-c", source], capture_output=True, text=True, env={"ORT_DISABLE_TELEMETRY": "1"}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
