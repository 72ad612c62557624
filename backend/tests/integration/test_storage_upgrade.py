"""Upgrading a database that is in use: all of it or nothing, and never without a copy."""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from tortoise.context import get_current_context

from sluice.entities import Role
from sluice.storage import config, migrations
from sluice.storage.backup.making import back_up
from sluice.storage.backup.restoring import restore
from sluice.storage.database import opened
from sluice.storage.folder import CannotOpen
from sluice.storage.pipelines import PipelineStore
from sluice.storage.resources import ResourceStore
from sluice.storage.tables import ResourceRevisionRow, ResourceRow
from sluice.storage.tokens import Tokens
from sluice.storage.users import Users

pytestmark = pytest.mark.empty_database

HASH = "0" * 64
NOW = sorted(path.stem for path in Path(migrations.__file__).parent.glob("0*.py"))

DAY = "2026-11-22 12:00:00+00:00"
FACTS = (
    '{"ir_version": 8, "opsets": [], "producer_name": "", "producer_version": "", "graph_name": "", '
    '"model_version": 0, "inputs": [], "outputs": []}'
)
REVISION = {"number": 1, "created_at": DAY}
FILE = {"sha256": sha256(b"x").hexdigest(), "size_bytes": 1}
FIRST_ROWS = {
    "model": {"id": "m", "name": "m", "name_key": "m", "current": 1, "created_at": DAY},
    "model_revision": {"id": "m1", "head_id": "m", "file_name": "m.onnx", "facts": FACTS, **REVISION, **FILE},
    "resource": {"id": "r", "name": "a.py", "name_key": "a.py", "current": 1, "created_at": DAY},
    "resource_revision": {"id": "r1", "head_id": "r", "kind": "script", "warnings": "[]", **REVISION, **FILE},
    "pipeline": {"id": "p", "name": "p", "name_key": "p", "current": 1, "created_at": DAY},
    "pipeline_revision": {
        "id": "p1", "head_id": "p", "model_id": "m1", "pre_processing_id": "r1", "policy": "{}", **REVISION,
    },
}  # fmt: skip

FIRST_USERS = {"user_account": {"id": "u", "name": "Ada", "name_key": "ada", "role": "READ", "created_at": DAY}}

WIDER_NAMES = """
from tortoise import fields, migrations
from tortoise.migrations import operations as ops

class Migration(migrations.Migration):
    dependencies = [("sluice", "NEWEST")]
    operations = [ops.AlterField("ResourceRow", "name", fields.CharField(max_length=300))]
"""

FAILS_HALF_WAY = """
from tortoise import fields, migrations
from tortoise.migrations import operations as ops

async def fail(apps, schema_editor):
    raise ValueError("half-way")

class Migration(migrations.Migration):
    dependencies = [("sluice", "NEWEST")]
    operations = [
        ops.CreateModel("Half", [("id", fields.IntField(primary_key=True))], {"table": "half", "app": "sluice"}),
        ops.RunPython(fail),
    ]
"""

ORPHANS = """
from tortoise import migrations
from tortoise.migrations import operations as ops

class Migration(migrations.Migration):
    dependencies = [("sluice", "NEWEST")]
    operations = [ops.RunSQL("DELETE FROM resource")]
"""


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Make the program a later version of itself, which has one more migration; or an earlier one."""

    def become(migration: str | None, before: Sequence[str] = NOW) -> None:
        package = tmp_path / "later_migrations"
        package.mkdir()
        (package / "__init__.py").touch()
        for name in before:
            (package / f"{name}.py").write_text(
                f"from importlib import import_module\n"
                f"Migration = import_module('sluice.storage.migrations.{name}').Migration\n"
            )
        if migration:
            (package / "0009_later.py").write_text(migration.replace("NEWEST", before[-1]))
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.setattr(config, "MIGRATIONS", package.name)

    yield become
    for name in [name for name in sys.modules if name.startswith("later_migrations")]:
        del sys.modules[name]


async def fill() -> None:
    await Tokens().add("ci", Role.READ, HASH, None)
    head = await ResourceRow.create(name="a.py", name_key="a.py", current=1)
    await ResourceRevisionRow.create(head=head, number=1, kind="script", sha256=HASH, size_bytes=1, warnings="[]")


async def write_rows(rows: Mapping[str, Mapping[str, object]]) -> None:
    """Write what an earlier version kept."""
    context = get_current_context()
    assert context
    for table, values in rows.items():
        columns = ", ".join(values)
        written = ", ".join(f"'{value}'" if isinstance(value, str) else str(value) for value in values.values())
        await context.db().execute_query(f"INSERT INTO {table} ({columns}) VALUES ({written})")


@contextmanager
def no_bar(total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _: None


async def applied() -> list[str]:
    context = get_current_context()
    assert context
    rows = (await context.db().execute_query("SELECT name FROM tortoise_migrations ORDER BY name"))[1]
    return [row["name"] for row in rows]


async def test_an_upgrade_keeps_every_row_and_what_refers_to_it(
    data_dir: Path, database_url: str | None, next_version: Callable[..., None]
) -> None:
    async with opened(data_dir, database_url):
        await fill()
    next_version(WIDER_NAMES)
    async with opened(data_dir, database_url):
        assert await applied() == [*NOW, "0009_later"]
        revision = await ResourceRevisionRow.get().select_related("head")
        assert revision.head.name == "a.py"
        assert len(await Tokens().all()) == 1


async def test_a_copy_of_a_sqlite_database_is_made_before_its_upgrade(
    data_dir: Path, next_version: Callable[..., None]
) -> None:
    async with opened(data_dir):
        await fill()
    next_version(WIDER_NAMES)
    async with opened(data_dir):
        pass
    copy = sqlite3.connect(data_dir / "sluice-before-0009_later.db")
    assert copy.execute("SELECT name FROM tortoise_migrations").fetchall() == [(name,) for name in NOW]
    assert copy.execute("SELECT name FROM resource").fetchall() == [("a.py",)]
    copy.close()


async def test_an_upgrade_that_fails_half_way_changes_nothing(
    data_dir: Path, database_url: str | None, next_version: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(data_dir, database_url):
        await fill()
    next_version(FAILS_HALF_WAY)
    with pytest.raises(CannotOpen, match="half-way"):
        async with opened(data_dir, database_url):
            pass
    monkeypatch.undo()
    async with opened(data_dir, database_url):
        assert await applied() == NOW
        context = get_current_context()
        assert context
        with pytest.raises(Exception, match="half"):
            await context.db().execute_query("SELECT * FROM half")


async def test_an_upgrade_that_would_leave_rows_without_their_parts_is_refused(
    data_dir: Path, database_url: str | None, next_version: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(data_dir, database_url):
        await fill()
    next_version(ORPHANS)
    with pytest.raises(CannotOpen):
        async with opened(data_dir, database_url):
            pass
    monkeypatch.undo()
    async with opened(data_dir, database_url):
        assert await ResourceRow.all().count() == 1


async def test_the_first_versions_rows_are_read_after_the_upgrade(
    data_dir: Path, database_url: str | None, next_version: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    next_version(None, NOW[:1])
    async with opened(data_dir, database_url):
        await write_rows(FIRST_ROWS)
    monkeypatch.undo()
    async with opened(data_dir, database_url):
        assert await applied() == NOW
        [resource] = await ResourceStore().all()
        assert (resource.name, resource.header) == ("a.py", None)
        [pipeline] = await PipelineStore().all()
        assert (pipeline.environment, pipeline.pre_processing) == ("standard-1", resource)
        assert (pipeline.model.active, pipeline.model.description) == (True, "")


@pytest.mark.any_database
@pytest.mark.parametrize("versions", range(2, len(NOW)), ids=lambda versions: NOW[versions - 1])
async def test_each_earlier_versions_rows_are_read_after_the_upgrade(
    data_dir: Path,
    database_url: str | None,
    next_version: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    versions: int,
) -> None:
    next_version(None, NOW[:versions])
    had_users = "0005_access" in NOW[:versions]
    async with opened(data_dir, database_url):
        await write_rows(FIRST_ROWS | FIRST_USERS if had_users else FIRST_ROWS)
    monkeypatch.undo()
    async with opened(data_dir, database_url):
        assert await applied() == NOW
        assert [pipeline.name for pipeline in await PipelineStore().all()] == ["p"]
        assert [(user.name, user.revision) for user, _ in await Users().all()] == [("Ada", 1)] * had_users


async def test_a_backup_that_an_earlier_version_made_is_restored_and_upgraded(
    data_dir: Path, database_url: str | None, next_version: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    next_version(None, NOW[:1])
    async with opened(data_dir, database_url):
        await write_rows(FIRST_ROWS)
    (data_dir / "blobs").mkdir()
    (data_dir / "blobs" / str(FILE["sha256"])).write_bytes(b"x")
    backup = data_dir.with_name("backup.tar")
    await back_up(data_dir, database_url, backup, no_bar)
    monkeypatch.undo()
    restored = data_dir.with_name("restored")
    await restore(backup, restored, None, no_bar)
    async with opened(restored):
        assert await applied() == NOW
        [pipeline] = await PipelineStore().all()
        assert (pipeline.environment, pipeline.model.active) == ("standard-1", True)
