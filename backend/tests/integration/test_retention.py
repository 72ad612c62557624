"""Nothing grows for ever: every table says what holds it, and what is aged goes, in memory, database and folder."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apps import running

from sluice.access.tokens import SHOWN_AFTER_END
from sluice.entities import Role
from sluice.storage import tables
from sluice.storage.audit import REFUSED, AuditLog, Entry, Subject, Wanted
from sluice.storage.database import Database
from sluice.storage.tables import AuditRow, LinkRow, SessionRow, TokenRow
from sluice.storage.tokens import Links, Sessions, Tokens, claimed
from sluice.storage.transaction import note
from sluice.storage.upkeep import Upkeep

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=400)
HASH = "0" * 63

HELD_BY = {
    "audit": "upkeep: SLUICE_AUDIT_DAYS and SLUICE_AUDIT_ENTRIES",
    "failure": "records: 20 for each pipeline and model, SLUICE_STATISTICS_DAYS",
    "failure_input": "records: SLUICE_KEPT_INPUTS_BYTES and SLUICE_KEPT_INPUTS_DAYS",
    "link": "upkeep: the last used one stays; each start removes the unused",
    "meta": "a fixed number of facts",
    "model": "people delete them",
    "model_revision": "the current one stays",
    "pipeline": "people delete them",
    "pipeline_data_file": "those of the current revision stay",
    "pipeline_revision": "the current one stays",
    "resource": "people delete them",
    "resource_revision": "the current one stays",
    "session": "upkeep, and each sign-in: those that ended",
    "statistics": "records: SLUICE_STATISTICS_DAYS",
    "token": "each new one: those that ended a month ago",
    "user_account": "people delete them",
}


def test_every_table_says_what_holds_it() -> None:
    rows = [found for _, found in inspect.getmembers(tables, inspect.isclass) if issubclass(found, tables.Row)]
    names = {row._meta.db_table for row in rows if not getattr(row.Meta, "abstract", False)}
    assert names - {""} == set(HELD_BY)


async def test_what_has_had_its_time_goes(database: Database) -> None:
    await note(Entry("model.add", Subject("model", "old")))
    await AuditRow.all().update(at=LONG_AGO)
    for number in range(3):
        await Links().add(f"{HASH}{number}", None)
        assert await Links().use(f"{HASH}{number}", LONG_AGO + timedelta(days=number))
    await Links().add(f"{HASH}9", None)
    for number, end in enumerate((LONG_AGO, NOW + timedelta(days=1))):
        await SessionRow.create(id_hash=f"{HASH}{number}", name="ann", role="READ", expires_at=end)
    for migration in ("0003_models", "0004_statistics", "0005_access"):
        (database.folder / f"sluice-before-{migration}.db").touch()
    await note(Entry("model.delete", Subject("model", "new")))

    await Upkeep(database.folder, audit_days=365, audit_entries=1000).tidy(NOW)
    assert [entry.action for entry in await AuditLog().page(Wanted(), 10)] == ["model.delete"]
    assert set(await LinkRow.all().values_list("code_hash", flat=True)) == {f"{HASH}2", f"{HASH}9"}
    assert await claimed()  # who owns the server isn't forgotten
    assert [session.id_hash for session in await Sessions().all()] == [f"{HASH}1"]
    assert sorted(path.name for path in database.folder.glob("sluice-before-*")) == [
        "sluice-before-0004_statistics.db",
        "sluice-before-0005_access.db",
    ]


async def test_a_year_of_changes_is_no_more_than_the_setting_says(database: Database) -> None:
    moments = [NOW - timedelta(hours=number) for number in range(3000)]
    rows = {"actor": "ann", "actor_key": "ann", "actor_by": "token", "dialect": "native", "request_id": "r"}
    await AuditRow.bulk_create(
        AuditRow(at=at, action=REFUSED if number % 2 else "model.change", detail="{}", **rows)
        for number, at in reversed(list(enumerate(moments)))
    )
    await Upkeep(database.folder, audit_days=365, audit_entries=1000).tidy(NOW)
    left = await AuditLog().page(Wanted(), 3000)
    changes = [entry for entry in left if entry.action == "model.change"]
    assert (len(changes), len(left) - len(changes)) == (900, 100)
    assert changes[0].at == moments[0] and changes[-1].at == moments[2 * 899]


async def test_a_server_tidies_when_it_starts(data_dir: Path, database_url: str | None) -> None:
    async with running(data_dir, database_url) as app:
        await app.access.tokens.create("old", Role.READ)
        await AuditRow.all().update(at=LONG_AGO)
        tokens = app.access.tokens
        ends = NOW + timedelta(hours=1)
        token, _ = await tokens.create("ended", Role.READ, ends)
        await tokens.forget_ended(ends)
        assert token.id in {each.id for each in tokens.all()}  # it has just ended
        await tokens.forget_ended(ends + SHOWN_AFTER_END)
        assert token.id not in {each.id for each in tokens.all()}
        assert [each[0].name for each in await Tokens().all()] == ["old"]
        assert await TokenRow.all().count() == 1
    async with running(data_dir, database_url) as app, await app.caller(Role.ADMIN) as admin:
        found = [entry["subject"]["name"] for entry in (await admin.get("/api/v1/audit")).json()["items"]]
        assert "old" not in found and "ended" in found
