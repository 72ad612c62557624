"""Makes a backup, also while a server runs, takes uploads and deletes.

The rows are those of one moment, and every file that they name is in the backup. Kept files never change, so most are
copied beforehand; of the few that came since, descriptors are opened at that moment, before anybody can have removed
them all. Where one has gone nevertheless, a later moment is taken.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from sluice import __version__
from sluice.storage.backup import archive, moments, rows
from sluice.storage.backup.archive import BLOBS, ENVIRONMENTS, ROWS, Archive, Damaged, Manifest, NotWhole
from sluice.storage.backup.moments import Moment
from sluice.storage.folder import DataFolder, owned_if_idle

MIB = 1024 * 1024
_MOST_OPEN = 200
_MOST_MOMENTS = 200
_NO_FILE_AFTER = 5
"""Moments in a row at which a file was named and not there: nobody deletes and uploads it as often as that."""
_SETTLED = ("record.json", "core.txt", "packages.txt")

Bar = Callable[[int], AbstractContextManager[Callable[[int], None]]]
"""Shows how many of all MiB are done."""


class NoBackup(Exception):
    """No backup could be made; the message says why and what to do."""


async def back_up(folder: Path, url: str | None, target: Path, bar: Bar) -> Manifest:
    """Write everything that a data folder and its database hold to a new file, and read it again to the end.

    Args:
        folder: the data folder.
        url: of a PostgreSQL database; without it the database is in the folder.
        target: where nothing is yet.
        bar: shows how far it is.

    Raises:
        NoBackup: a file is missing or damaged, or something is at `target`.
        CannotOpen: the folder or the database can't be used.
    """
    with owned_if_idle(folder) as data_folder:
        if url is None and not (data_folder.path / "sluice.db").is_file():
            raise NoBackup(
                f"There is no database in the data folder '{data_folder.path}'. If it is in PostgreSQL, "
                "set SLUICE_DATABASE_URL."
            )
        try:
            with archive.writing(target) as made:
                manifest = await _Making(data_folder, url, made, target.parent).make(bar)
        except FileExistsError as error:
            raise NoBackup(f"'{error.filename}' is there already. Choose another name, or remove it.") from None
    try:
        await asyncio.to_thread(archive.read, target, lambda _: None, lambda _: None)
    except NotWhole as error:
        raise NoBackup(f"'{target}' can't be read as it was written: {error} Use another disk.") from error
    return manifest


class _Making:
    def __init__(self, folder: DataFolder, url: str | None, made: Archive, spare: Path) -> None:
        self._folder = folder
        self._blobs = folder.path / "blobs"
        self._url = url
        self._archive = made
        self._spare = spare
        self._there: set[str] = set()
        self._absent: Counter[str] = Counter()

    async def make(self, bar: Bar) -> Manifest:
        sizes = [file.stat().st_size for file in self._blobs.iterdir()] if self._blobs.is_dir() else []
        with bar(sum(sizes) // MIB + 1) as done, tempfile.TemporaryFile(dir=self._spare) as lines:
            manifest = await self._at_one_moment(lines, done)
            self._archive.seal(manifest)
        return manifest

    async def _at_one_moment(self, lines: IO[bytes], done: Callable[[int], None]) -> Manifest:
        """Write everything, and return what that is."""
        for _ in range(_MOST_MOMENTS):
            with ExitStack() as opened:
                async with moments.moment_of(self._folder.path / "sluice.db", self._url) as moment:
                    await self._check_folder(moment)
                    named = await moments.named_at(moment)
                    fresh = sorted(named - self._there)
                    held = {} if len(fresh) > _MOST_OPEN else await self._held(moment, fresh, opened)
                    whole = len(held) == len(fresh)
                    if whole:
                        tables = await _write_rows(moment, lines)
                        migrations = await moments.migrations_at(moment)
                await self._copy(held, done)
                if whole:
                    return await self._finished(moment.dialect, named, tables, migrations, lines)
            await self._copy_early(fresh, done)
        raise NoBackup("The data changes more quickly than it can be copied. Try again when less is deleted.")

    async def _held(self, moment: Moment, hashes: Iterable[str], opened: ExitStack) -> dict[str, IO[bytes]]:
        """Open files; one that isn't there is left out, unless that is no coincidence any more."""
        held: dict[str, IO[bytes]] = {}
        for sha256 in hashes:
            try:
                held[sha256] = opened.enter_context((self._blobs / sha256).open("rb"))
            except FileNotFoundError:
                self._absent[sha256] += 1
                if self._absent[sha256] >= _NO_FILE_AFTER:
                    raise await _unfit(moment, sha256, "is missing") from None
        return held

    async def _copy(self, held: dict[str, IO[bytes]], done: Callable[[int], None]) -> None:
        for sha256, file in held.items():
            try:
                size_bytes = await asyncio.to_thread(self._archive.add, BLOBS + sha256, file, sha256)
            except Damaged:
                async with moments.moment_of(self._folder.path / "sluice.db", self._url) as moment:
                    raise await _unfit(moment, sha256, "is damaged") from None
            self._there.add(sha256)
            done(size_bytes // MIB)

    async def _copy_early(self, hashes: Iterable[str], done: Callable[[int], None]) -> None:
        """Copy what is still there, so that few files are left for the moment that counts."""
        for sha256 in hashes:
            with suppress(FileNotFoundError):
                if sha256 not in self._there:
                    with (self._blobs / sha256).open("rb") as file:
                        await self._copy({sha256: file}, done)

    async def _finished(
        self, dialect: str, named: set[str], tables: dict[str, int], migrations: list[str], lines: IO[bytes]
    ) -> Manifest:
        lines.flush()
        lines.seek(0)
        await asyncio.to_thread(self._archive.add, ROWS, lines)
        self._add_environments()
        gone = {BLOBS + sha256 for sha256 in self._there - named}
        files = {name: content for name, content in self._archive.files.items() if name not in gone}
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        return Manifest(__version__, made_at, dialect, migrations, tables, files)

    def _add_environments(self) -> None:
        """Add which versions were settled; the packages themselves are installed again."""
        for record in sorted((self._folder.path / "environments").glob("*/record.json")):
            for name in _SETTLED:
                with suppress(FileNotFoundError), (record.parent / name).open("rb") as file:
                    self._archive.add(f"{ENVIRONMENTS}{record.parent.name}/{name}", file)

    async def _check_folder(self, moment: Moment) -> None:
        if await moments.folder_id_at(moment) != self._folder.read_id():
            raise NoBackup(
                f"The database belongs to another data folder than '{self._folder.path}'. "
                "Set SLUICE_DATA_DIR and SLUICE_DATABASE_URL to a pair that belongs together."
            )


async def _write_rows(moment: Moment, lines: IO[bytes]) -> dict[str, int]:
    """Write all rows anew, and return how many each table has."""
    lines.seek(0)
    lines.truncate()
    counts = {}
    for table in await moments.tables_at(moment):
        counts[table] = 0
        async for row in moment.rows(table):
            lines.write(rows.to_line(table, row))
            counts[table] += 1
    return counts


async def _unfit(moment: Moment, sha256: str, how: str) -> NoBackup:
    users = ", ".join(await moments.users_at(moment, sha256)) or "something deleted meanwhile"
    return NoBackup(
        f"The file of {users} {how} ({sha256}): no backup can be made with it. Upload it again, restore the data "
        "from an earlier backup, or delete what needs it."
    )
