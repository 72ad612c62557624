"""`sluice push`: a pipeline that is kept in git, deployed by one command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sluice.cli.options import DataDir, Secret, Url
from sluice.cli.running import FAILED, USAGE, call, fail
from sluice.cli.teaching import taught

if TYPE_CHECKING:
    import httpx2

    from sluice.cli.manifest import Manifest
    from sluice.cli.pushing import Change

HELP = taught(
    """Have the models, resources and pipelines of a pipeline.toml on a server.

    What is there with the same content is left alone, so pushing again does nothing. Parts go first, pipelines last;
    model and scripts that change together change at once. No call fails meanwhile.""",
    "sluice push --dry-run",
    "sluice push fraud/pipeline.toml --url https://sluice.example.com",
    "",
    "# pipeline.toml, in a folder with these files",
    "[pipeline]",
    'name = "digits"',
    'model = "digits.onnx"',
    'pre-processing = "digits_pre.py"',
    'sample = "digit-7.png"',
)


def push(
    manifest: Annotated[
        Path, typer.Argument(help="What to push; a folder means the file of that name in it.", metavar="FILE")
    ] = Path("pipeline.toml"),
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be done.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each change.")] = False,
    data_dir: DataDir = None,
    url: Url = None,
    token: Secret = None,
) -> None:
    """Have on a server what a manifest says."""
    from sluice.cli.manifest import BadManifest, read_manifest

    try:
        wanted = read_manifest(manifest / "pipeline.toml" if manifest.is_dir() else manifest)
    except BadManifest as wrong:
        fail(str(wrong), USAGE)

    async def work(client: httpx2.AsyncClient) -> str | None:
        return await _push(client, wanted, dry_run, as_json)

    if refused := call(work, data_dir, url, token, make_folder=not dry_run):
        fail(refused, FAILED)


async def _push(client: httpx2.AsyncClient, wanted: Manifest, dry_run: bool, as_json: bool) -> str | None:
    """Push all of it, telling each change; return why not all of it, if so."""
    from sluice.cli.deploying import deployed
    from sluice.cli.pushing import Pushing
    from sluice.client import CallFailed

    try:
        async for change in deployed(Pushing(client, dry_run), wanted):
            _tell(change, dry_run, as_json)
    except CallFailed as refused:
        return str(refused)
    return None


def _tell(change: Change, dry_run: bool, as_json: bool) -> None:
    if as_json:
        facts = {"kind": change.kind, "name": change.name, "change": change.deed, "notes": change.notes}
        print(json.dumps(facts | {"dryRun": dry_run}), flush=True)
        return
    deed = change.deed if change.deed == "unchanged" or not dry_run else f"would be {change.deed}"
    print(f"{deed.ljust(18 if dry_run else 9)}  {change.kind.ljust(8)}  {change.name}", flush=True)
    for note in change.notes:
        print(f"    {note}", flush=True)
