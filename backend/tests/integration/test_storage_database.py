"""Opening a database: once, by one server, for the right folder, at the right version."""

import os
import shutil
import sqlite3
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext, get_current_context
from tortoise.exceptions import IntegrityError
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.transactions import in_transaction

from sluice.entities import Role
from sluice.storage import config
from sluice.storage.database import Database, opened
from sluice.storage.folder import CannotOpen
from sluice.storage.tables import MetaRow, ModelRevisionRow
from sluice.storage.tokens import Tokens

pytestmark = pytest.mark.empty_database

HASH = "0" * 64


async def test_what_was_kept_is_there_after_a_restart(data_dir: Path, database_url: str | None) -> None:
    async with opened(data_dir, database_url):
        kept = await Tokens().add("ci", Role.READ, HASH, None)
    async with opened(data_dir, database_url):
        assert await Tokens().all() == [(kept, HASH, None)]


async def test_a_second_server_on_the_folder_is_refused(database: Database) -> None:
    with pytest.raises(CannotOpen, match="A server runs on the data folder"):
        async with opened(database.folder):
            pass
    assert await Tokens().all() == []


async def test_a_database_of_a_newer_program_is_refused(data_dir: Path, database_url: str | None) -> None:
    async with opened(data_dir, database_url), in_transaction() as transaction:
        await transaction.execute_query(
            "INSERT INTO tortoise_migrations (app, name, applied_at) VALUES ('sluice', '9999_future', '2030-01-01')"
        )
    with pytest.raises(CannotOpen, match=r"newer version of Sluice.*9999_future"):
        async with opened(data_dir, database_url):
            pass


async def test_a_database_of_another_folder_is_refused(data_dir: Path, database_url: str | None) -> None:
    async with opened(data_dir, database_url):
        pass
    other = data_dir.with_name("other")
    other.mkdir()
    if database_url is None:
        shutil.copy(data_dir / "sluice.db", other)
    with pytest.raises(CannotOpen, match="belongs to another data folder"):
        async with opened(other, database_url):
            pass
    async with opened(data_dir, database_url):
        pass


async def test_a_new_database_does_not_take_over_the_files_of_another(data_dir: Path) -> None:
    async with opened(data_dir):
        pass
    blob = data_dir / "blobs" / HASH
    blob.parent.mkdir()
    blob.write_bytes(b"kept")
    async with opened(data_dir):
        await MetaRow.all().delete()
    with pytest.raises(CannotOpen, match="holds files of another database"):
        async with opened(data_dir):
            pass
    assert blob.read_bytes() == b"kept"


@pytest.mark.parametrize(("content", "how"), [(None, "missing"), (b"", "empty")])
async def test_a_database_that_is_gone_is_never_made_anew(data_dir: Path, content: bytes | None, how: str) -> None:
    async with opened(data_dir):
        pass
    file = data_dir / "sluice.db"
    file.unlink()
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CannotOpen, match=rf"sluice\.db' is {how}.*SLUICE_DATABASE_URL.*sluice restore"):
        async with opened(data_dir):
            pass
    assert [name for name in os.listdir(data_dir) if name.startswith("sluice.db")] == [file.name] * (
        content is not None
    )


@pytest.mark.parametrize("offset", [0, 100, 4096, 8192, 40_960, 81_920])
async def test_a_damaged_database_is_refused_and_left_as_it_is(data_dir: Path, offset: int) -> None:
    async with opened(data_dir):
        pass
    with (data_dir / "sluice.db").open("r+b") as file:
        file.seek(offset)
        file.write(b"\xa5" * 3000)
    before = (data_dir / "sluice.db").read_bytes()
    with pytest.raises(CannotOpen, match=r"sluice\.db' is damaged: .*sluice restore"):
        async with opened(data_dir):
            pass
    assert (data_dir / "sluice.db").read_bytes() == before


async def test_a_first_start_that_was_cut_short_is_done_again(data_dir: Path, database_url: str | None) -> None:
    async with opened(data_dir, database_url):
        folder_id = (await MetaRow.get(key="folder-id")).value
        await MetaRow.all().delete()
    async with opened(data_dir, database_url):
        assert (await MetaRow.get(key="folder-id")).value == folder_id


async def test_a_file_that_is_no_database_is_refused(data_dir: Path) -> None:
    async with opened(data_dir):
        pass
    (data_dir / "sluice.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(CannotOpen, match=r"sluice\.db' is damaged: file is not a database.*sluice restore"):
        async with opened(data_dir):
            pass


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("mysql://localhost/x", "must begin with postgresql://"),
        ("postgresql://nobody:secret@127.0.0.1:1/none", "SLUICE_DATABASE_URL can't be used"),
    ],
)
async def test_a_database_that_cannot_be_reached_is_refused_without_its_password(
    data_dir: Path, url: str, reason: str
) -> None:
    with pytest.raises(CannotOpen, match=reason) as refused:
        async with opened(data_dir, url):
            pass
    assert "secret" not in str(refused.value)
    async with opened(data_dir):
        pass


async def test_a_data_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(CannotOpen, match="can't be written"):
        async with opened(tmp_path / "file" / "data"):
            pass


async def test_sqlite_is_set_up_to_survive_a_power_cut(data_dir: Path) -> None:
    async with opened(data_dir), in_transaction() as connection:
        for pragma, value in {
            "journal_mode": "wal",
            "synchronous": 2,
            "foreign_keys": 1,
            "busy_timeout": 10_000,
        }.items():
            assert (await connection.execute_query(f"PRAGMA {pragma}"))[1][0][0] == value


async def test_a_transaction_that_cannot_begin_gives_the_connection_back(data_dir: Path) -> None:
    async with opened(data_dir):
        context = get_current_context()
        assert context
        await context.db().execute_query("PRAGMA busy_timeout = 0")
        other = sqlite3.connect(data_dir / "sluice.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Exception, match="database is locked"):
            async with in_transaction():
                pass
        other.execute("ROLLBACK")
        other.close()
        await Tokens().add("works again", Role.READ, HASH, None)


async def test_no_row_may_name_what_is_not_there(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await ModelRevisionRow.create(head_id="nobody", number=1, file_name="x", sha256=HASH, size_bytes=1, facts="{}")


async def test_the_migrations_make_exactly_the_tables(data_dir: Path) -> None:
    settings = config.sqlite_config(data_dir / "unused.db")
    async with TortoiseContext() as context:
        await context.init(settings, init_connections=False)
        assert context.apps
        assert await MigrationAutodetector(context.apps, settings["apps"]).changes() == []
        # What keeps Tortoise from looking for comments is its own secret; without it a start takes longer.
        assert {table.__dict__.get("_no_comments") for table in context.apps["sluice"].values()} == {True}
