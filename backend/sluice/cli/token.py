"""`sluice token`: makes, lists and revokes API tokens."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sluice.cli.options import ROLES, DataDir, Pipelines, Secret, Url
from sluice.cli.running import call
from sluice.cli.teaching import taught

if TYPE_CHECKING:
    import httpx2

app = typer.Typer(no_args_is_help=True, help="Make, list and revoke API tokens.")


@app.command(
    "create",
    help=taught(
        "Make a token and print its secret, which can't be read again.",
        "export SLUICE_TOKEN=$(sluice token create my-program)",
        "sluice token create deploy --role ADMIN --days 90",
        "sluice token create camera --role PREDICT --pipeline digits",
    ),
)
def create_token(
    name: Annotated[str, typer.Argument(help="What it is for.", metavar="NAME", show_default=False)],
    role: Annotated[str, typer.Option(help=ROLES)] = "READ",
    pipeline: Pipelines = None,
    days: Annotated[float | None, typer.Option(help="How long it lasts; for ever if not given.")] = None,
    data_dir: DataDir = None,
    url: Url = None,
    token: Secret = None,
) -> None:
    """Make a token."""
    from sluice.client import checked

    async def create(client: httpx2.AsyncClient) -> None:
        new: dict[str, Any] = {"name": name, "role": role.upper()}
        if pipeline:
            new["pipelines"] = pipeline
        if days is not None:
            new["expiresAt"] = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        print(checked(await client.post("/api/v1/tokens", json=new)).json()["secret"])

    call(create, data_dir, url, token)


@app.command("list", help=taught("List the tokens: id, role, end, last use, name.", "sluice token list"))
def list_tokens(data_dir: DataDir = None, url: Url = None, token: Secret = None) -> None:
    """List the tokens."""
    from sluice.cli.printing import may, table
    from sluice.client import listed

    async def show(client: httpx2.AsyncClient) -> None:
        found = await listed(client, "tokens")
        rows = [
            (item["id"], may(item), item["expiresAt"] or "never", item["lastUsedAt"] or "never", item["name"])
            for item in found
        ]
        table(("id", "role", "end", "last use", "name"), rows)

    call(show, data_dir, url, token)


@app.command(
    "revoke",
    help=taught("Make a token invalid at once, and every session that it opened.", "sluice token revoke 3f0c2b..."),
)
def revoke_token(
    id: Annotated[str, typer.Argument(help="As `list` shows it.", metavar="ID", show_default=False)],
    data_dir: DataDir = None,
    url: Url = None,
    token: Secret = None,
) -> None:
    """Revoke a token."""
    from sluice.client import address, checked

    async def revoke(client: httpx2.AsyncClient) -> None:
        checked(await client.delete(address("tokens", id)))

    call(revoke, data_dir, url, token)
