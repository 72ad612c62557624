"""`sluice backup` and `sluice restore`: everything that a server keeps, as one file, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluice.cli.options import DataDir
from sluice.cli.running import FAILED, fail, run, settings_of, told
from sluice.cli.teaching import taught

if TYPE_CHECKING:
    from sluice.storage.backup.archive import Manifest

BACKUP_HELP = taught(
    """Back up everything: models, resources, pipelines, tokens, settings and statistics, as one file.

    The server may run meanwhile. TARGET is a new file, or a folder in which one is made; its path is printed. Whoever
    has the file has all of that, so only you may read it.""",
    "sluice backup /var/backups",
    "sluice backup before-upgrade.tar --data-dir /srv/sluice",
)
RESTORE_HELP = taught(
    """Restore a backup into an empty data folder, and into an empty PostgreSQL database if SLUICE_DATABASE_URL is set.

    Everything is compared with what was backed up before anything counts. The database needn't be of the kind that the
    backup was made of. Nothing that is there is ever overwritten.""",
    "sluice restore /var/backups/sluice-20261130T120000Z.tar --data-dir /srv/sluice",
    "sluice restore sluice-20261130T120000Z.tar --check",
)


def backup(
    target: Annotated[Path, typer.Argument(help="A new file, or a folder.", metavar="TARGET", show_default=False)],
    data_dir: DataDir = None,
) -> None:
    """Make a backup."""
    settings = settings_of(data_dir=data_dir)
    from sluice.cli.progress import progress
    from sluice.storage.backup.making import NoBackup, back_up

    if target.is_dir():
        target /= f"sluice-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.tar"
    bar = partial(progress, lines_to_file=True)
    try:
        made = run(back_up(settings.data_dir, settings.database_url, target, bar), settings)
    except NoBackup as error:
        fail(str(error), FAILED)
    print(target)
    told(f"{_summary(made)} backed up, read again and found whole.")


def restore(
    file: Annotated[
        Path,
        typer.Argument(help="What `backup` made.", metavar="FILE", exists=True, dir_okay=False, show_default=False),
    ],
    check: Annotated[bool, typer.Option("--check", help="Only tell whether the backup is whole.")] = False,
    data_dir: DataDir = None,
) -> None:
    """Restore a backup."""
    settings = settings_of(data_dir=data_dir)
    from sluice.cli.progress import progress
    from sluice.storage.backup import restoring

    bar = partial(progress, lines_to_file=True)
    work = (
        restoring.check(file, bar) if check else restoring.restore(file, settings.data_dir, settings.database_url, bar)
    )
    try:
        found = run(work, settings)
    except restoring.CannotRestore as error:
        fail(str(error), FAILED)
    if check:
        told(f"whole: {_summary(found)}, of {found.made_at}.")
    else:
        told(f"{_summary(found)} of {found.made_at} restored into '{settings.data_dir}'.")


def _summary(manifest: Manifest) -> str:
    counts = [f"{manifest.tables.get(kind, 0)} {kind}s" for kind in ("model", "resource", "pipeline")]
    files = [content.size_bytes for content in manifest.files.values()]
    return f"{', '.join(counts)} ({len(files)} files, {sum(files) / (1 << 20):.1f} MiB)"
