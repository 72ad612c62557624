"""`sluice audit`: who changed what, and when."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sluice.cli.options import DataDir, Secret, Url
from sluice.cli.running import call
from sluice.cli.teaching import taught

if TYPE_CHECKING:
    import httpx2

WHICH = "Which entries"
HELP = taught(
    "Tell who changed what, newest first.",
    "sluice audit --limit 20",
    "sluice audit --subject digits --action pipeline",
    "sluice audit --json > audit.jsonl",
)


def audit(
    search: Annotated[
        str | None, typer.Option(help="Has this in its action or a name.", rich_help_panel=WHICH, metavar="TEXT")
    ] = None,
    actor: Annotated[str | None, typer.Option(help="Who did it.", rich_help_panel=WHICH, metavar="NAME")] = None,
    action: Annotated[
        str | None,
        typer.Option(help="What was done: pipeline.change, or pipeline for all.", rich_help_panel=WHICH),
    ] = None,
    subject: Annotated[
        str | None, typer.Option(help="Name or id of what it was done to.", rich_help_panel=WHICH, metavar="NAME")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="The most entries; all if not given.", rich_help_panel=WHICH)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One line of JSON for each, with all it tells.")] = False,
    data_dir: DataDir = None,
    url: Url = None,
    token: Secret = None,
) -> None:
    """Tell who changed what."""
    filters = {"q": search, "actor": actor, "action": action, "subject": subject}

    async def show(client: httpx2.AsyncClient) -> None:
        from sluice.cli.printing import table

        rows = []
        async for line in _lines(client, {key: value for key, value in filters.items() if value is not None}, limit):
            if as_json:
                print(line)
            else:
                rows.append(_row(json.loads(line)))
        if not as_json:
            table(("time", "who", "by", "what", "subject", "address"), rows)

    call(show, data_dir, url, token, make_folder=False)


async def _lines(client: httpx2.AsyncClient, filters: dict[str, str], limit: int | None) -> AsyncIterator[str]:
    from sluice.client import address, checked

    left = limit
    async with client.stream("GET", address("audit", "lines"), params=filters) as answer:
        if not answer.is_success:
            await answer.aread()
        checked(answer)
        async for line in answer.aiter_lines():
            if left == 0:
                return
            left = None if left is None else left - 1
            yield line


def _row(entry: dict[str, Any]) -> tuple[str, ...]:
    at = datetime.fromisoformat(entry["at"]).astimezone().isoformat(" ", "seconds")
    subject = entry["subject"]
    told = f"{subject['kind']} {subject['name']}" if subject else "-"
    actor = entry["actor"]
    return (at, actor["name"] or "-", actor["by"], entry["action"], told, entry["address"] or "-")
