"""`sluice check`: tries a pipeline without a server."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sluice.cli.running import FAILED, USAGE, fail, run, settings_of
from sluice.cli.teaching import taught

if TYPE_CHECKING:
    from sluice.cli.manifest import Manifest

HELP = taught(
    """Try a pipeline here, without a server: does it load, does it fit, what does it answer?

    Scripts run confined as on a server, with the same checks and the same words; the server's settings (SLUICE_...)
    count, and nothing is left behind. Ends with 1 if the pipeline is broken.""",
    "sluice check pre.py --model m.onnx --post post.py --input sample.png",
    "sluice check --model m.onnx --post post.py --file labels.json",
    "sluice check pipeline.toml --json",
)
LIMITS = "Limits, as a pipeline has them"


def check(
    script: Annotated[
        Path | None,
        typer.Argument(
            help="Pre-processing script; or a pipeline.toml that says everything.",
            metavar="PRE.py",
            show_default=False,
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="The ONNX file.", metavar="FILE", exists=True, dir_okay=False)
    ] = None,
    post: Annotated[
        Path | None, typer.Option(help="Post-processing script.", metavar="FILE", exists=True, dir_okay=False)
    ] = None,
    input: Annotated[
        Path | None,
        typer.Option(
            help="A sample to send through it. Without one, zeros where the input is JSON.",
            metavar="FILE",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    file: Annotated[
        list[Path] | None,
        typer.Option(
            help="Data file or helper module that lies beside the scripts; again for each.",
            metavar="FILE",
            exists=True,
            dir_okay=False,
        ),
    ] = None,
    model_data: Annotated[
        list[Path] | None,
        typer.Option(
            help="External data of the model; again for each file.", metavar="FILE", exists=True, dir_okay=False
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
    deadline_s: Annotated[
        float | None, typer.Option(min=0.001, help="Seconds that one call may take.", rich_help_panel=LIMITS)
    ] = None,
    memory_mb: Annotated[
        int | None, typer.Option(min=16, help="MiB beside the loaded model.", rich_help_panel=LIMITS)
    ] = None,
    intra_op_threads: Annotated[
        int | None, typer.Option(min=1, max=256, help="Threads of the model.", rich_help_panel=LIMITS)
    ] = None,
    max_answer_bytes: Annotated[int | None, typer.Option(min=1, help="Longest answer.", rich_help_panel=LIMITS)] = None,
) -> None:
    """Try a pipeline without a server."""
    from sluice.cli.checking import check_all
    from sluice.cli.manifest import BadManifest
    from sluice.cli.report import print_report
    from sluice.client import temporary

    limits = {
        "deadlineS": deadline_s,
        "memoryMb": memory_mb,
        "intraOpThreads": intra_op_threads,
        "maxAnswerBytes": max_answer_bytes,
    }
    try:
        draft = _draft(script, model, post, file or [], model_data or [])
    except BadManifest as wrong:
        fail(str(wrong), USAGE)
    for pipeline in draft.pipelines:
        pipeline |= {key: value for key, value in limits.items() if value is not None}
    settings = settings_of()

    async def work() -> bool:
        ok = True
        async with temporary(settings) as client:
            async for report in check_all(client, draft, input):
                print_report(report, as_json=as_json)
                ok = ok and report["ok"]
        return ok

    if not run(work(), settings, "error"):  # what is wrong with a pipeline is in its report
        raise typer.Exit(FAILED)


def _draft(script: Path | None, model: Path | None, post: Path | None, files: list[Path], data: list[Path]) -> Manifest:
    """Return what is to be checked.

    Raises:
        BadManifest: the flags don't go together, or the manifest can't be used.
    """
    from sluice.cli.manifest import BadManifest, Manifest, ModelPart, ResourcePart, read_manifest

    if script is not None and script.suffix == ".toml":
        if model or post or files or data:
            raise BadManifest(f"{script} says which files make the pipeline; leave --model, --post and --file out.")
        read = read_manifest(script)
        if not read.pipelines:
            raise BadManifest(f"{script} names no pipeline to check.")
        return read
    if model is None:
        raise BadManifest("Name the model by --model, or give a pipeline.toml.")
    draft = Manifest()
    draft.add(ModelPart(model.stem, model, tuple(data)))
    scripts = {key: path for key, path in (("preProcessing", script), ("postProcessing", post)) if path}
    for path in scripts.values():
        if path.suffix != ".py":
            raise BadManifest(f"'{path}' is no Python file: its name doesn't end in .py.")
        draft.add(ResourcePart(path.name, path, "script"))
    for path in files:
        draft.add(ResourcePart(path.name, path, "module" if path.suffix == ".py" else "data"))
    body: dict[str, Any] = {key: path.name for key, path in scripts.items()}
    draft.pipelines.append(body | {"model": model.stem, "dataFiles": [path.name for path in files]})
    return draft
