"""Which global is told to hold how much."""

from __future__ import annotations

import importlib.util
import re
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from sluice.workers.child.weighing import Scales

pytestmark = pytest.mark.alone

SCRIPT = """
import functools, json, sys, threading
import numpy as np

TABLE = {n: str(n) for n in range(100_000)}
ARRAY = np.zeros(1_000_000)
seen = []
arrays = []
by_key = {}
modules = sys.modules
everything = globals()

class Cache:
    kept = []

    def __init__(self):
        self.mine = []

cache = Cache()

@functools.lru_cache(maxsize=None)
def slow(n):
    return bytes(100_000)

def closure():
    hidden = []
    def add(value):
        hidden.append(value)
    return add

add = closure()

def default(value, kept=[]):
    kept.append(value)

class Sly:
    def __sizeof__(self):
        raise SystemExit
    def __len__(self):
        raise SystemExit

sly = []
texts = np.empty(10_000, object)
"""


@pytest.fixture
def script(tmp_path: Path) -> Iterator[ModuleType]:
    (tmp_path / "post.py").write_text(SCRIPT)
    spec = importlib.util.spec_from_file_location("sluice_post_processing", tmp_path / "post.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[module.__name__]


def told(text: str) -> tuple[str, float, int]:
    """Return name, MiB and objects of the one global that a text is about."""
    found = re.fullmatch(
        r"post\.py: its global `(\w+)` holds (?:at least )?([\d.,]+) MiB in (?:at least )?([\d,]+) objects"
        r"(?:, (?:at least )?[\d.,]+ MiB more than when it was loaded)?",
        text,
    )
    assert found, text
    return found[1], float(found[2].replace(",", "")), int(found[3].replace(",", ""))


def fill(where: Callable[[Any], None], count: int = 100, size: int = 100_000) -> None:
    for n in range(count):
        where(bytes(size) + str(n).encode())


@pytest.mark.parametrize(
    ("name", "way"),
    [
        ("seen", lambda script: script.seen.append),
        ("by_key", lambda script: lambda value: script.by_key.__setitem__(value[-5:], value)),
        ("Cache", lambda script: script.Cache.kept.append),
        ("cache", lambda script: script.cache.mine.append),
        ("slow", lambda script: lambda value: script.slow(int(value[100_000:]))),
        ("add", lambda script: script.add),
        ("default", lambda script: script.default),
        ("texts", lambda script: lambda value: script.texts.__setitem__(int(value[100_000:]), value)),
    ],
)
def test_what_grew_is_named(script: ModuleType, name: str, way: Callable[[ModuleType], Callable[[Any], None]]) -> None:
    scales = Scales(str(Path(script.__file__ or "").parent))
    assert scales.tell() == ""
    fill(way(script))
    found, mib, objects = told(scales.tell())
    assert found == name
    assert mib == pytest.approx(100 * 100_000 / 2**20, rel=0.1)
    assert 100 <= objects < 21_000


def test_arrays_count_once_however_many_views_there_are(script: ModuleType) -> None:
    scales = Scales(str(Path(script.__file__ or "").parent))
    import numpy as np

    large = np.ones(5 << 17)
    script.arrays.extend(large[n:] for n in range(100))
    name, mib, _ = told(scales.tell())
    assert name == "arrays" and mib == pytest.approx(5, abs=0.1)


def test_the_three_that_grew_most_come_in_order_and_growth_is_told(script: ModuleType) -> None:
    scales = Scales(str(Path(script.__file__ or "").parent))
    for name, count in (("arrays", 30), ("seen", 50), ("by_key", 40)):
        held = getattr(script, name)
        fill(held.append if isinstance(held, list) else lambda value, held=held: held.update({value: 1}), count)  # type: ignore[misc]
    script.ARRAY = script.ARRAY.repeat(8)
    parts = scales.tell().split("; ")
    assert [told(part)[0] for part in parts] == ["ARRAY", "seen", "by_key"]
    assert parts[0].endswith(", 53 MiB more than when it was loaded")


def test_a_table_that_was_there_from_the_start_isnt_blamed_and_its_growth_is(script: ModuleType) -> None:
    scales = Scales(str(Path(script.__file__ or "").parent))
    assert scales.tell() == ""
    script.TABLE.update({n: str(n) for n in range(2_000_000)})
    assert "`TABLE` holds at least" in scales.tell()


def test_what_hides_in_an_object_that_was_large_from_the_start_is_found(script: ModuleType) -> None:
    script.cache.mine.extend([n] for n in range(10_000))
    scales = Scales(str(Path(script.__file__ or "").parent))
    script.cache.mine.extend([n] for n in range(500_000))
    assert "`cache` holds at least" in scales.tell()


def test_hostile_modules_and_objects_are_survived(script: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    class Odd(ModuleType):
        def __getattribute__(self, name: str) -> Any:
            raise SystemExit

    folder = Path(script.__file__ or "").parent
    scales = Scales(str(folder))
    for name in ("odd", "odder"):
        (folder / f"{name}.py").touch()
    script.sly.extend(script.Sly() for _ in range(45_000))
    script.sly.append(script.sly)
    monkeypatch.setitem(sys.modules, "odd", 5)
    assert told(scales.tell())[0] == "sly"
    monkeypatch.setitem(sys.modules, "odder", Odd("odder"))
    assert isinstance(scales.tell(), str)


def test_it_ends_soon(script: ModuleType) -> None:
    for name in range(200):
        setattr(script, f"global_{name}", [[n] for n in range(20_000)])
    started = time.process_time()
    Scales(str(Path(script.__file__ or "").parent)).tell()
    assert time.process_time() - started < 2
