"""The newest standard environment is what the locks install; whoever upgrades a library writes the next version."""

from __future__ import annotations

import re
from pathlib import Path

from packaging.utils import canonicalize_name

from sluice.environments.standard import newest, standards

ROOT = Path(__file__).parents[3]
LOCKS = ROOT / "backend/requirements"
NEXT = (
    "`make lock` writes the next version of the standard environment; tell in backend/docs/environments.md what changed"
)


def locked(lock: str) -> dict[str, str]:
    pins = re.findall(r"^([\w.-]+)==([^\s;\\]+)", (LOCKS / lock).read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in pins}


def test_the_newest_is_what_the_locks_install() -> None:
    listed = newest().versions
    own, scripts = locked("run.txt"), locked("scripts.txt")
    assert listed.keys() <= own.keys() | scripts.keys(), NEXT
    assert scripts.items() <= listed.items(), NEXT
    assert {name: version for name, version in own.items() if name in listed}.items() <= listed.items(), NEXT


def test_each_has_hashes_for_all_that_it_lists(tmp_path: Path) -> None:
    assert list(standards()) == [f"standard-{number}" for number in range(1, len(standards()) + 1)]
    for standard in standards().values():
        standard.copy_locks(tmp_path)
        for lock in ("core.txt", "packages.txt"):
            text = (tmp_path / lock).read_text("utf-8")
            entries = re.split(r"^(?=\S+==)", text, flags=re.MULTILINE)[1:]
            assert entries and all("--hash=sha256:" in entry for entry in entries)
            assert "://" not in text  # no address of a registry
        assert {"numpy", "onnxruntime", "pillow", "pandas"} <= standard.versions.keys()


def test_the_document_lists_each() -> None:
    document = (ROOT / "backend/docs/environments.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| (\d+) \| (.*)$", document, re.MULTILINE))
    assert list(rows) == [str(standard.number) for standard in standards().values()]
    for standard in standards().values():
        named = re.findall(r"([a-z][\w-]*) (\d[\w.]*)", rows[str(standard.number)])
        assert len(named) >= 10
        assert {name: standard.versions[name] for name, _ in named} == dict(named)
