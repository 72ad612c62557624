"""Attacks fail in a confined worker, leave nothing behind, and the next script runs as if nothing had been.

Each of them goes through where nothing is locked, or the test of it would show nothing.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hostile_scripts import ATTACKS
from locked import Outcome, Zygote, zygote
from prizes import Prizes, prizes

from sluice.workers.child import landlock

pytestmark = pytest.mark.skipif(not landlock.abi(), reason="this kernel has no Landlock")

_CAP_SYS_ADMIN = 21
BENIGN = "def process(content):\n    return sum(content)"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def locked(data: Path) -> Iterator[Zygote]:
    with zygote(data) as running:
        yield running


@pytest.fixture(scope="module")
def treasure(data: Path, locked: Zygote) -> Iterator[Prizes]:
    with prizes(data) as laid_out:
        yield laid_out


def attack(zygote: Zygote, treasure: Prizes, name: str) -> Outcome:
    tried = ATTACKS[name]
    source = tried.script.replace("content['own']", "os.path.dirname(__file__) + '/own'")
    return zygote.run(source, treasure.told(), tried.policy, {"own": b"own"})


@pytest.mark.parametrize("name", ATTACKS)
def test_the_attack_fails(locked: Zygote, treasure: Prizes, name: str) -> None:
    outcome = attack(locked, treasure, name)
    assert outcome.error and outcome.error != "ended: 0", f"it went through: {outcome}"
    assert not outcome.error.startswith(("NameError", "TypeError", "AttributeError", "SyntaxError")), outcome.traceback
    assert treasure.touched() == []
    assert locked.process.poll() is None
    after = locked.run(BENIGN, [1, 2, 3])
    assert (after.answer, after.status) == (6, 0)


@pytest.mark.parametrize("version", [1, 3, *(pytest.param(slow, marks=pytest.mark.slow) for slow in (2, 4, 5, 6))])
def test_older_kernels_hold_too(tmp_path: Path, version: int) -> None:
    if landlock.abi() < version:
        pytest.skip("this kernel is older")
    with zygote(tmp_path, landlock=version) as older, prizes(tmp_path) as laid_out:
        assert older.hello == {"ready": version}
        went_through = [name for name in ATTACKS if attack(older, laid_out, name).error in (None, "ended: 0")]
        assert (went_through, laid_out.touched()) == ([], [])


@pytest.fixture(scope="module")
def unlocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Zygote]:
    with zygote(tmp_path_factory.mktemp("unlocked"), lock=False) as running:
        yield running


@pytest.mark.parametrize("name", [name for name, tried in ATTACKS.items() if tried.control])
def test_it_goes_through_where_nothing_is_locked(unlocked: Zygote, tmp_path: Path, name: str) -> None:
    if _status("Seccomp"):
        pytest.skip("something else confines these tests already")
    if ATTACKS[name].root and not _status("CapEff") >> _CAP_SYS_ADMIN & 1:
        pytest.skip("only root can do it")
    if lacking := _lacking(name):
        pytest.skip(lacking)
    with prizes(tmp_path / "data") as laid_out:
        outcome = attack(unlocked, laid_out, name)
    assert (outcome.error, outcome.status) == (None, 0), outcome.traceback


def _lacking(name: str) -> str | None:
    """Return what keeps an attack from going through here, locked or not; containers and chroots are small machines."""
    if name == "files: open the disk" and not Path("/dev/kmsg").exists():
        return "there is no /dev/kmsg"
    if "user namespace" in name and subprocess.run(["unshare", "--user", "true"], capture_output=True).returncode:
        return "nobody can make a user namespace here, as in a chroot"
    return None


def _status(field: str) -> int:
    """Return a hexadecimal field of what the kernel says about this process."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{field}:")), 16)
