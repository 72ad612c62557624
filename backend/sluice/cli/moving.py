"""`sluice import`: moves in from the engine that Sluice replaces."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluice.cli.options import DataDir, Secret, Url
from sluice.cli.running import FAILED, USAGE, call, fail, run, settings_of, told
from sluice.cli.teaching import taught

if TYPE_CHECKING:
    import httpx2

    from sluice.cli.saved import Saved
    from sluice.cli.verdicts import Verdict

HELP = taught(
    """Move in: take the models, scripts and pipelines that you saved from the engine that you used.

    FOLDER has the .onnx and .py files, and the answer of GET .../pipelines as a .json file, if you have it. Everything
    is tried here first, and you are told of each pipeline whether it will run, or what to repair. Only --apply changes
    something, and may be repeated: what is there already is left alone.""",
    "sluice import saved/",
    "sluice import saved/ --apply --url https://sluice.example.com",
)


def import_folder(
    folder: Annotated[
        Path, typer.Argument(help="What you saved.", metavar="FOLDER", exists=True, file_okay=False, show_default=False)
    ],
    apply: Annotated[bool, typer.Option("--apply", help="Import what will run.")] = False,
    pipelines: Annotated[
        Path | None,
        typer.Option(
            help="Saved answer of GET .../pipelines, if it isn't in FOLDER.",
            metavar="FILE",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace what the server has under the same name with other content.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each verdict.")] = False,
    data_dir: DataDir = None,
    url: Url = None,
    token: Secret = None,
) -> None:
    """Import a folder."""
    from sluice.cli.imported import importing
    from sluice.cli.saved import CantBeRead, read_folder

    try:
        saved = read_folder(folder, pipelines)
    except CantBeRead as wrong:
        fail(str(wrong), USAGE)
    settings = settings_of(data_dir=data_dir)
    verdicts = run(_judged(saved), settings, "error")
    if apply or url or settings.data_dir.is_dir():

        async def work(client: httpx2.AsyncClient) -> list[Verdict]:
            return await importing(client, verdicts, dry_run=not apply, replace=replace)

        verdicts = call(work, data_dir, url, token)
    for verdict in verdicts:
        _tell(verdict, as_json)
    if saved.pipelines is None and not any(verdict.kind == "pipeline" for verdict in verdicts):
        told(
            "no pipeline: no saved answer of GET .../pipelines tells which files make one, and neither do their names."
        )
    _sum_up(verdicts, apply)


async def _judged(saved: Saved) -> list[Verdict]:
    from sluice.cli.verdicts import Judging
    from sluice.client import temporary
    from sluice.settings import Settings

    async with temporary(Settings.load()) as client:
        return await Judging(client, saved).all()


def _tell(verdict: Verdict, as_json: bool) -> None:
    if as_json:
        facts = {"kind": verdict.kind, "name": verdict.name, "ok": verdict.problem is None, "deed": verdict.deed}
        print(json.dumps(facts | {"problem": verdict.problem, "warnings": verdict.warnings, "notes": verdict.notes}))
        return
    notes = f"  ({'; '.join(verdict.notes)})" if verdict.notes else ""
    print(f"{'repair' if verdict.problem else verdict.deed or 'ready':<17}  {verdict.kind:<8}  {verdict.name}{notes}")
    if verdict.problem:
        print(f"    {verdict.problem}")
    for warning in verdict.warnings:
        print(f"    warning: {warning}")


def _sum_up(verdicts: list[Verdict], apply: bool) -> None:
    broken = sum(verdict.problem is not None for verdict in verdicts)
    good = len(verdicts) - broken
    if apply:
        told(f"{good} imported or there already, {broken} to repair.")
    else:
        told(f"{good} ready, {broken} to repair. Nothing was changed; --apply imports what is ready.")
    if broken:
        raise typer.Exit(FAILED)
