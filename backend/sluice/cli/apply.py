"""`sluice apply`: sends many files through a pipeline or a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluice.cli.options import DataDir, Secret, Url
from sluice.cli.running import FAILED, USAGE, call, fail, told
from sluice.cli.teaching import taught

if TYPE_CHECKING:
    import httpx2

    from sluice.cli.applying import Sums

HELP = taught(
    """Send files through a pipeline; each gives one line of JSON.

    A line has "file", "ok", "output" (or "problem", as the server told it) and "ms". It is written as soon as its
    answer is there, so with more than one job lines come in any order. Ends with 1 if a file has no answer.""",
    "sluice apply digits pictures/ > answers.jsonl",
    "sluice apply digits '/scans/**/*.png' --out answers.jsonl --resume",
    "sluice apply iris flowers.json --model --url https://sluice.example.com",
)
RUN = "How it is run"


def apply(
    name: Annotated[
        str, typer.Argument(help="Of the pipeline, or with --model of the model.", metavar="NAME", show_default=False)
    ],
    files: Annotated[
        list[str],
        typer.Argument(
            help="Files, folders (all files in them) and patterns such as 'scans/**/*.png'.",
            metavar="FILE...",
            show_default=False,
        ),
    ],
    model: Annotated[
        bool, typer.Option("--model", help="NAME is a model; files are JSON: input name to lists.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="File to write instead of standard output.", metavar="FILE", dir_okay=False)
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with --out: skip the files that have an answer there.")
    ] = False,
    jobs: Annotated[
        int, typer.Option("--jobs", "-j", min=1, max=256, help="Files on their way at once.", rich_help_panel=RUN)
    ] = 4,
    deadline_s: Annotated[
        float | None,
        typer.Option(min=0.001, help="Seconds that one file may take; can only shorten it.", rich_help_panel=RUN),
    ] = None,
    wait_s: Annotated[
        float,
        typer.Option(min=0, help="Seconds to go on trying while the server is busy or away.", rich_help_panel=RUN),
    ] = 60,
    data_dir: DataDir = None,
    url: Url = None,
    token: Secret = None,
) -> None:
    """Send files through a pipeline."""
    from sluice.cli.applying import Applying, Asked
    from sluice.cli.outlines import OutFile
    from sluice.cli.paths import NothingThere, expanded
    from sluice.cli.progress import progress

    if resume and out is None:
        fail("--resume needs --out: it goes on with that file.", USAGE)
    try:
        paths = expanded(files)
        lines = OutFile(out, resume=resume)
    except (NothingThere, OSError) as wrong:
        fail(str(wrong), USAGE)
    with lines, progress(len(paths), lines_to_file=out is not None) as advance:
        left = [path for path in paths if str(path) not in lines.answered]
        skipped = len(paths) - len(left)
        advance(skipped)

        async def send(client: httpx2.AsyncClient) -> Sums:
            asked = Asked("models" if model else "pipelines", name, deadline_s, wait_s)
            return await Applying(client, asked, lines.write, advance).all(left, jobs)

        sums = call(send, data_dir, url, token, make_folder=False)
    told(f"{sums.answered} answered, {sums.failed} failed" + (f", {skipped} skipped." if skipped else "."))
    if sums.stopped:
        fail(sums.stopped, FAILED)
    if sums.failed:
        raise typer.Exit(FAILED)
