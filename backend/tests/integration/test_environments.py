"""Environments are built of wheels that lie in a folder; nothing here leaves the machine."""

from __future__ import annotations

import asyncio
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest
from building import Opened, build, imported, kept, key_of, needing, settled
from later_standards import later_standard
from package_index import package_index
from wheels import tiny_wheel

from sluice.environments.installer import BuildFailed, PackageSource, Uv
from sluice.environments.known import NotReady
from sluice.environments.mending import without_paths
from sluice.environments.standard import newest
from sluice.errors import Conflict


async def test_what_is_named_is_installed_with_what_it_needs(opened: Opened, tmp_path: Path) -> None:
    async with opened() as environments:
        key = await build(environments, "another", "orjson")
        found = environments.get(key)
    assert (found.state, found.requires, found.reason) == ("ready", ("another", "orjson"), None)
    assert {"another==1.0", "made-up==1.0"} < set(found.packages)
    assert imported(tmp_path, key, "import made_up, numpy, onnxruntime; print(made_up.VERSION)") == "1"
    built = tmp_path / "environments" / key / "built"
    assert not (built / "core/made_up").exists() and not (built / "packages/numpy").exists()
    assert list((built / "packages/made_up/__pycache__").iterdir())
    assert not list((tmp_path / "environments/staging").iterdir())
    log = environments.log(key)
    assert "Building for: another, orjson" in log and "+ made-up==1.0" in log and log.rstrip().endswith("Ready")
    assert "interpreter at: python" in log and "/" not in log


async def test_it_is_built_once_and_found_again(opened: Opened, tmp_path: Path) -> None:
    async with opened() as environments:
        key = key_of(environments, "made-up==1.0")
        await asyncio.gather(*(environments.ready(key) for _ in range(3)))
        assert environments.log(key).count("uv pip install") == 2
        same_lock = await build(environments, "made-up<2")
        assert same_lock != key
        assert "installed already" in environments.log(same_lock)
        built = [(tmp_path / "environments" / each / "built").resolve() for each in (key, same_lock)]
        assert built[0] == built[1]
    async with opened(enabled=False) as environments:
        assert environments.get(key).state == "ready"
        await environments.ready(key_of(environments, "made-up==1.0"))


async def test_files_are_linked_to_the_cache_and_so_shared(opened: Opened, tmp_path: Path) -> None:
    async with opened() as environments:
        first, second = await build(environments, "made-up<2"), await build(environments, "made-up>=2")
    files = [tmp_path / "environments" / key / "built/core/numpy/__init__.py" for key in (first, second)]
    assert files[0].stat().st_ino == files[1].stat().st_ino
    assert imported(tmp_path, second, "import made_up; print(made_up.VERSION)") == "2"


async def test_versions_are_settled_once(opened: Opened, wheels: Path) -> None:
    async with opened() as environments:
        key = await build(environments, "another")
        tiny_wheel(wheels, "another", "1.1", {"another.py": ""})
        environments.rebuild(key)
        await environments.ready(key)
        assert "another==1.0" in environments.get(key).packages
        assert "installed already" not in environments.log(key)


async def test_a_package_that_was_changed_under_its_version_is_refused(opened: Opened, wheels: Path) -> None:
    async with opened() as environments:
        key = await build(environments, "another")
        tiny_wheel(wheels, "another", "1.0", {"another.py": "import os\n"})
        await asyncio.to_thread(shutil.rmtree, environments._folders.cache)
        environments.rebuild(key)
        await asyncio.wait_for(settled(environments, key), 60)
        found = environments.get(key)
        assert found.reason and "Hash mismatch for `another==1.0" in found.reason
        assert found.state == "ready"  # what was installed before stays


async def test_two_scripts_get_one_environment_from_both_or_hear_why_not(opened: Opened) -> None:
    async with opened() as environments:
        both = environments.key_of([needing("made-up"), None, needing("another", "made-up")])
        assert both
        assert environments.get(both).requires == ("another", "made-up")
        await environments.ready(both)
        assert "made-up==1.0" in environments.get(both).packages
        apart = key_of(environments, "made-up>1", "another")
        with pytest.raises(NotReady, match=r"another, made-up>1 can't be installed: .*depend on made-up<2") as failed:
            await environments.ready(apart)
        assert not failed.value.building
        found = environments.get(apart)
        assert (found.state, found.packages) == ("failed", ())
        assert found.reason and found.reason in str(failed.value)
        assert "No solution found" in environments.log(apart)


@pytest.mark.parametrize(
    ("requires", "said"),
    [
        ("no-such-package", "no-such-package was not found"),
        ("only-source", "only-source==1.0 has no usable wheels"),
        ("onnxruntime==1.0", "onnxruntime==1.0"),
    ],
)
async def test_what_cant_be_had(opened: Opened, tmp_path: Path, requires: str, said: str) -> None:
    async with opened() as environments:
        with pytest.raises(NotReady, match=said) as failed:
            await build(environments, requires)
    assert str(tmp_path) not in str(failed.value)
    assert not (tmp_path / "was-here").exists()


async def test_what_failed_is_tried_again_on_request(opened: Opened, wheels: Path) -> None:
    async with opened() as environments:
        with pytest.raises(NotReady):
            await build(environments, "late")
        key = key_of(environments, "late")
        tiny_wheel(wheels, "late", "1.0", {"late.py": ""})
        with pytest.raises(NotReady):  # a pool that tries again and again doesn't ask the index each time
            await environments.ready(key)
        environments.start(key)
        await environments.ready(key)


async def test_what_failed_is_tried_again_after_a_start(opened: Opened, wheels: Path) -> None:
    async with opened() as environments:
        with pytest.raises(NotReady, match=r"POST /api/v1/environments/\w+/rebuild does at once"):
            await build(environments, "late")
    tiny_wheel(wheels, "late", "1.0", {"late.py": ""})
    async with opened() as environments:
        await build(environments, "late")


@pytest.mark.parametrize(
    ("requires", "said"),
    [
        ("numpy<2", r"Sluice itself adds numpy>=[\d.]+, which its workers import"),
        ("only-source", r"unsatisfiable\. Sluice installs wheels only: .* SLUICE_PACKAGE_FOLDER"),
        ("no-such-package", r"GET /api/v1/environments/\w+/log tells more"),
    ],
)
async def test_what_mends_it_is_told(opened: Opened, requires: str, said: str) -> None:
    async with opened() as environments:
        with pytest.raises(NotReady, match=said) as failed:
            await build(environments, requires)
    assert "--no-build" not in str(failed.value) and not failed.value.unreachable


async def test_an_index_that_is_away(opened: Opened) -> None:
    async with opened(source=PackageSource("http://127.0.0.1:9/simple")) as environments:
        with pytest.raises(NotReady, match="can't be reached: see the settings SLUICE_PACKAGE_INDEX") as failed:
            await build(environments, "made-up")
    assert failed.value.unreachable


async def test_switched_off(opened: Opened) -> None:
    async with opened(enabled=False) as environments:
        key = key_of(environments, "made-up")
        environments.start(key)
        assert environments.get(key).state == "off"
        with pytest.raises(NotReady, match=r"made-up\. Installing packages is switched off.*SLUICE_ENVIRONMENTS"):
            await environments.ready(key)
        with pytest.raises(Conflict, match="SLUICE_ENVIRONMENTS"):
            environments.rebuild(key)


async def test_one_that_takes_long_is_told_to_be_on_its_way(opened: Opened) -> None:
    async with opened(wait_s=0) as environments:
        key = key_of(environments, "made-up")
        with pytest.raises(NotReady, match="still being installed") as failed:
            await environments.ready(key)
        assert failed.value.building
        assert environments.get(key).state == "building"


async def test_a_step_that_takes_too_long_is_ended(opened: Opened) -> None:
    async with opened(timeout_s=0.001) as environments:
        with pytest.raises(NotReady, match=r"It took longer than 0\.001 s"):
            await build(environments, "made-up")


async def test_the_servers_own_versions_are_taken_where_they_fit(opened: Opened, wheels: Path) -> None:
    tiny_wheel(wheels, "flatbuffers", "99.0", {"flatbuffers.py": ""})
    async with opened() as environments:
        as_here, newer = await build(environments, "made-up"), await build(environments, "flatbuffers>=99")
        assert f"flatbuffers=={version('flatbuffers')}" in environments.get(as_here).packages
        assert "flatbuffers==99.0" in environments.get(newer).packages
        assert "flatbuffers==99.0" not in environments.log(as_here)


async def test_an_older_standard_is_installed_from_its_list(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened() as environments:
        key = await build(environments, "made-up<2")
    with later_standard(tmp_path / "environments" / key, tmp_path / "standard", monkeypatch):
        async with opened(enabled=False) as environments:
            assert (newest().key, environments.key_of([None])) == ("standard-2", None)
            assert [environments.get(f"standard-{number}").state for number in (1, 2)] == ["off", "ready"]
            with pytest.raises(NotReady, match=r"standard-1.*SLUICE_ENVIRONMENTS"):
                await environments.ready("standard-1")
        async with opened() as environments:
            await environments.ready("standard-1")
            assert "made-up==1.0" in environments.get("standard-1").packages
            with pytest.raises(Conflict, match="the server itself"):
                environments.rebuild("standard-2")
        assert imported(tmp_path, "standard-1", "import made_up; print(made_up.VERSION)") == "1"


async def test_an_index_with_a_password(opened: Opened, wheels: Path, tmp_path: Path) -> None:
    with package_index(wheels) as index:
        source = PackageSource(f"http://me:hush@127.0.0.1:{index.port}/simple")
        async with opened(source=source) as environments:
            key = await build(environments, "made-up")
            assert ("/simple/made-up/", "Basic bWU6aHVzaA==") in index.asked
            with pytest.raises(NotReady) as failed:
                await build(environments, "no-such-package")
            logs = environments.log(key) + environments.log(key_of(environments, "no-such-package"))
    assert not [text for text in (str(failed.value), logs, *kept(tmp_path)) if "hush" in text]


async def test_an_index_behind_a_proxy(opened: Opened, wheels: Path) -> None:
    with package_index(wheels) as proxy:
        source = PackageSource("http://index.invalid/simple", proxy=f"http://127.0.0.1:{proxy.port}")
        async with opened(source=source) as environments:
            await build(environments, "made-up")
    assert ("http://index.invalid/simple/made-up/", None) in proxy.asked


async def test_no_other_python_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.executable", "pypy@3.8")  # which uv could download
    (tmp_path / "wanted").touch()
    with pytest.raises(BuildFailed, match="Python downloads are set to 'never'"):
        await Uv(PackageSource("none"), tmp_path / "cache", 60).resolve(tmp_path, "wanted", "lock", tmp_path / "log")


def test_what_uv_is_told_of_the_source(tmp_path: Path) -> None:
    source = PackageSource("none", tmp_path, tmp_path / "ca.pem", "http://proxy:1")
    assert source.options == ["--find-links", str(tmp_path), "--no-index"]
    assert source.variables == {
        "SSL_CERT_FILE": str(tmp_path / "ca.pem"),
        "HTTP_PROXY": "http://proxy:1",
        "HTTPS_PROXY": "http://proxy:1",
    }
    assert (PackageSource().options, PackageSource().variables) == ([], {})
    private = PackageSource("http://me:hush@127.0.0.1:9/simple")
    assert private.options == []  # every user of the machine can read them
    assert private.variables == {"UV_DEFAULT_INDEX": private.index}


def test_secrets_dont_show() -> None:
    source = PackageSource("http://me:hush@127.0.0.1:9/simple", None, proxy="http://me:quiet@127.0.0.1:9")
    assert source.without_secrets("at http://me:hush@127.0.0.1 by me:quiet@x") == "at http://****@127.0.0.1 by ****@x"


def test_folders_of_the_machine_dont_show() -> None:
    said = "Failed to read `/data/environments/staging/1/x.whl` (file:///srv/wheels/y.whl) from https://a.b/c/d, a/b/c"
    assert without_paths(said) == "Failed to read `x.whl` (y.whl) from https://a.b/c/d, a/b/c"
