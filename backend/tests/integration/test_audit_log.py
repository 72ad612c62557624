"""What the audit log keeps and finds: on both databases, together with the change or not at all."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from sluice.acting import Acting, Actor, acting
from sluice.entities import Role
from sluice.storage import audit
from sluice.storage.audit import AuditLog, Entry, Subject, Wanted
from sluice.storage.database import Database
from sluice.storage.tables import AuditRow, TokenRow
from sluice.storage.tokens import Tokens
from sluice.storage.transaction import note, transaction

pytestmark = pytest.mark.usefixtures("database")
EVERYTHING = Wanted()
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


async def write(*actions: str, subject: Subject | None = None) -> None:
    for action in actions:
        await note(Entry(action, subject))


async def actions(wanted: Wanted = EVERYTHING) -> list[str]:
    return [entry.action for entry in await AuditLog().page(wanted, 100)]


async def test_no_change_without_its_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        async with transaction([Entry("token.add")]):
            await TokenRow.create(name="a", role="READ", secret_hash="0" * 64)
            raise ZeroDivisionError
    assert await actions() == [] and not await TokenRow.exists()

    async def fail(**columns: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(AuditRow, "create", fail)
    with pytest.raises(ZeroDivisionError):
        await Tokens().add("a", Role.READ, "0" * 64, None)
    assert not await TokenRow.exists()


async def test_newest_first_and_told_apart_though_of_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime.now(UTC)
    monkeypatch.setattr(audit, "now", lambda: moment)
    await write("a.a", "b.b", "c.c", "d.d")
    log = AuditLog()
    first = await log.page(Wanted(), 2)
    second = await log.page(Wanted(), 2, first[-1].id)
    assert [entry.action for entry in (*first, *second)] == ["d.d", "c.c", "b.b", "a.a"]
    assert [entry.action async for entry in log.each(Wanted())] == ["d.d", "c.c", "b.b", "a.a"]
    assert first[0].at == moment


async def test_found_by_what_one_knows_of_them() -> None:
    token = acting.set(Acting(Actor("Zoë", "password"), "mle", "10.0.0.7"))
    try:
        await write("pipeline.add", subject=Subject("pipeline", "Straße_1%", "p1"))
        await write("pipelines.odd", "model.add", subject=Subject("model", "StraßeX1", "m1"))
    finally:
        acting.reset(token)
    await write("session.end")
    everything = ["session.end", "model.add", "pipelines.odd", "pipeline.add"]
    for wanted, found in [
        (Wanted(), everything),
        (Wanted(q="STRASSE_1%"), ["pipeline.add"]),  # nothing in it stands for other characters
        (Wanted(q="strasse"), everything[1:]),
        (Wanted(q="ZOË"), everything[1:]),
        (Wanted(q="line.ad"), ["pipeline.add"]),
        (Wanted(q="10.0.0.7"), everything[1:]),
        (Wanted(actor="zoe\u0308"), everything[1:]),
        (Wanted(actor="zo"), []),
        (Wanted(action="pipeline"), ["pipeline.add"]),
        (Wanted(action="session.end"), ["session.end"]),
        (Wanted(subject="strassex1"), ["model.add", "pipelines.odd"]),
        (Wanted(subject="p1"), ["pipeline.add"]),
        (Wanted(actor="zoë", action="model"), ["model.add"]),
        (Wanted(q="'; --\\"), []),
        (Wanted("0" * 200, "0" * 200, "0" * 50, "0" * 200), []),
        (Wanted(subject="ß" * 200), []),
    ]:
        assert await actions(wanted) == found, wanted


async def test_names_of_any_characters_are_kept() -> None:
    entry = Entry(
        "a.a", Subject("user", "\u202e🐟\\"), {"text": "\x00\ud800", "🐟": [None, 1.5]}, Actor("🐟", "password")
    )
    await note(entry)
    (found,) = await AuditLog().page(Wanted(), 1)
    assert (found.subject, found.detail, found.actor) == (entry.subject, entry.detail, entry.actor)


async def test_what_is_old_goes_and_failed_attempts_cant_drown_the_rest(database: Database) -> None:
    log = AuditLog()
    await write("old.a")
    await AuditRow.all().update(at=LONG_AGO)
    await write("model.add", *["session.refuse"] * 20, "model.delete")
    assert await log.keep(datetime.now(UTC) - timedelta(days=1), 50) == 1 + 15
    assert await actions() == ["model.delete", *["session.refuse"] * 5, "model.add"]
    await write(*["pipeline.change"] * 10)
    assert await log.keep(LONG_AGO, 10) == 7
    assert await actions() == [*["pipeline.change"] * 9, "session.refuse"]
    highest = (await log.page(Wanted(), 1))[0].id
    await log.keep(datetime.now(UTC) + timedelta(days=1), 10)
    await write("model.add")
    assert (await log.page(Wanted(), 1))[0].id > highest  # no id comes twice
