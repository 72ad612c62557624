"""Backing up and restoring: everything or nothing, and never over something."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from catalogs import opened_catalog
from tortoise.context import get_current_context

from sluice.entities import Role
from sluice.storage import config
from sluice.storage.backup import archive
from sluice.storage.backup.archive import Manifest
from sluice.storage.backup.making import NoBackup, back_up
from sluice.storage.backup.restoring import CannotRestore, restore
from sluice.storage.database import opened
from sluice.storage.failures import Failure, FailureStore
from sluice.storage.folder import CannotOpen
from sluice.storage.tables import AuditRow
from sluice.storage.tokens import Tokens
from sluice.storage.upgrade import known_tables

HASH = "0" * 64
CONTENT = b"content"
FAILURE = Failure("f1", "s1", 1.1, 2, "r", 0.1 + 0.2, True, '{"name": "\\u0000"}', 3, bytes(range(256)))
CHANGE = dict.fromkeys(("actor", "actor_key", "actor_by", "action", "dialect", "request_id", "detail"), "text")
CHANGE["at"] = "2026-11-30T12:00:00.123456+00:00"


@contextmanager
def no_bar(total: int) -> Iterator[Callable[[int], None]]:
    yield lambda _: None


async def made(folder: Path, url: str | None, target: Path) -> Manifest:
    return await back_up(folder, url, target, no_bar)


async def fill(folder: Path, url: str | None) -> str:
    """Add something of every kind that is kept; return the hash of a file."""
    async with opened(folder, url), opened_catalog(folder) as catalog:
        await Tokens().add("ci", Role.READ, HASH, None)
        await FailureStore().write([FAILURE])
        await AuditRow.create(**CHANGE)
        await catalog.model()
        return (await catalog.resource("kept.bin", CONTENT)).sha256


async def rows() -> dict[str, list[dict[str, object]]]:
    """Return all rows of the open database, as Tortoise reads them."""
    context = get_current_context()
    assert context and context.apps
    tables = context.apps[config.APP].values()
    return {table._meta.db_table: list(await table.all().order_by(table._meta.pk_attr).values()) for table in tables}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "backup.tar"


async def test_all_rows_and_files_are_as_they_were(
    data_dir: Path, database_url: str | None, target: Path, tmp_path: Path
) -> None:
    await fill(data_dir, database_url)
    settled = data_dir / "environments" / "key"
    settled.mkdir(parents=True)
    for name in ("record.json", "core.txt", "packages.txt", "log.txt"):
        (settled / name).write_text(name)
    async with opened(data_dir, database_url):
        before = await rows()
        manifest = await made(data_dir, database_url, target)  # as while a server runs
    assert {table: len(found) for table, found in before.items()} == manifest.tables
    restored = tmp_path / "restored"
    restored.mkdir()
    await restore(target, restored, None, no_bar)
    async with opened(restored), opened_catalog(restored) as catalog:
        assert await rows() == before
        assert await FailureStore().content("s1", "f1") == FAILURE.content
        assert await catalog.agrees()
        assert catalog.blobs() == set(os.listdir(data_dir / "blobs"))
    assert sorted(os.listdir(restored / "environments" / "key")) == ["core.txt", "packages.txt", "record.json"]
    private = [restored / "sluice.db", *(restored / "blobs").iterdir()]
    assert {file.stat().st_mode & 0o077 for file in private} == {0}


async def test_every_table_is_backed_up(data_dir: Path) -> None:
    async with opened(data_dir):
        assert set(await rows()) == known_tables()


async def test_a_file_that_is_missing_or_damaged_is_told(data_dir: Path, target: Path) -> None:
    sha256 = await fill(data_dir, None)
    (data_dir / "blobs" / sha256).write_bytes(b"altered")
    with pytest.raises(NoBackup, match=r"The file of resource 'kept.bin' is damaged"):
        await made(data_dir, None, target)
    (data_dir / "blobs" / sha256).unlink()
    with pytest.raises(NoBackup, match=r"The file of resource 'kept.bin' is missing"):
        await made(data_dir, None, target)
    assert not list(target.parent.glob("*.tar*"))


async def test_what_is_there_is_never_overwritten(data_dir: Path, database_url: str | None, target: Path) -> None:
    await fill(data_dir, database_url)
    await made(data_dir, database_url, target)
    with pytest.raises(NoBackup, match="is there already"):
        await made(data_dir, database_url, target)
    with pytest.raises(CannotRestore, match="isn't empty"):
        await restore(target, data_dir, database_url, no_bar)
    if database_url:
        with pytest.raises(CannotRestore, match=r"The database in SLUICE_DATABASE_URL isn't empty"):
            await restore(target, data_dir.with_name("other"), database_url, no_bar)
    async with opened(data_dir, database_url), opened_catalog(data_dir) as catalog:
        assert await catalog.resources.read_text("kept.bin") == CONTENT.decode()


async def test_a_folder_without_a_database_is_told(data_dir: Path, target: Path) -> None:
    with pytest.raises(CannotOpen, match="There is no data folder"):
        await made(data_dir, None, target)
    os.mkdir(data_dir)
    with pytest.raises(NoBackup, match="There is no database in the data folder"):
        await made(data_dir, None, target)


async def test_a_database_that_is_damaged_is_told(data_dir: Path, target: Path) -> None:
    await fill(data_dir, None)
    with (data_dir / "sluice.db").open("r+b") as file:
        file.seek(8192)
        file.write(b"x" * 4096)
    with pytest.raises(CannotOpen, match=r"sluice\.db' can't be read"):
        await made(data_dir, None, target)


@pytest.mark.empty_database
async def test_a_restore_that_was_interrupted_is_never_served_and_can_be_repeated(
    data_dir: Path, database_url: str | None, target: Path, tmp_path: Path
) -> None:
    await fill(data_dir, None)
    await made(data_dir, None, target)
    restored = tmp_path / "restored"
    for folder in (restored / "restoring" / "blobs", restored / "blobs"):  # as a kill -9 leaves it
        folder.mkdir(parents=True)
        (folder / HASH).write_bytes(b"half")
    with pytest.raises(CannotOpen, match=r"was interrupted\. Run 'sluice restore' again"):
        async with opened(restored, database_url):
            pass
    await restore(target, restored, database_url, no_bar)
    async with opened(restored, database_url):
        assert [row[0].name for row in await Tokens().all()] == ["ci"]
        await AuditRow.create(**CHANGE)  # numbers go on where they were
    assert set(os.listdir(restored / "blobs")) == set(os.listdir(data_dir / "blobs"))


async def test_one_that_does_not_fit_leaves_nothing(data_dir: Path, target: Path, tmp_path: Path) -> None:
    await fill(data_dir, None)
    await made(data_dir, None, target)
    os.truncate(target, os.stat(target).st_size // 2)
    restored = tmp_path / "restored"
    with pytest.raises(CannotRestore, match="Nothing was restored"):
        await restore(target, restored, None, no_bar)
    assert os.listdir(restored) == ["lock"]


async def test_one_of_a_newer_program_is_refused(data_dir: Path, target: Path, tmp_path: Path) -> None:
    await fill(data_dir, None)
    with archive.writing(target) as new, (data_dir / "folder-id").open("rb") as file:
        new.add(archive.ROWS, file)
        new.seal(Manifest("9.0", "", "sqlite", ["0001_initial", "9999_future"], {}, new.files))
    with pytest.raises(CannotOpen, match=r"newer version of Sluice.*9999_future"):
        await restore(target, tmp_path / "restored", None, no_bar)
