"""The command `sluice`. What a command needs is imported when it runs, so that `--help` and errors are quick."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, NoReturn
from urllib.parse import quote

import typer

from sluice import __version__

if TYPE_CHECKING:
    import httpx2

    from sluice.settings import Settings

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
token_app = typer.Typer(no_args_is_help=True, help="Make, list and revoke API tokens.")
app.add_typer(token_app, name="token")

DataDir = Annotated[str | None, typer.Option(help="Folder for the database and all files. [SLUICE_DATA_DIR]")]
Url = Annotated[str | None, typer.Option(envvar="SLUICE_URL", help="Of a running server; else the data folder's.")]
Secret = Annotated[str | None, typer.Option("--token", envvar="SLUICE_TOKEN", help="An API token of that server.")]


def main() -> None:
    """Run the command line."""
    app()


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Serve ONNX pipelines: pre-processing, a model, post-processing."""
    if version:
        print(__version__)
        raise typer.Exit


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on. [SLUICE_HOST, 127.0.0.1]")] = None,
    port: Annotated[str | None, typer.Option(help="Port; 0 takes a free one. [SLUICE_PORT, 8000]")] = None,
    data_dir: DataDir = None,
    root_path: Annotated[str | None, typer.Option(help="Path prefix behind a proxy. [SLUICE_ROOT_PATH]")] = None,
    workers: Annotated[str | None, typer.Option(help="Processes for each pipeline. [SLUICE_WORKERS]")] = None,
    log_level: Annotated[str | None, typer.Option(help="debug, info, warning or error. [SLUICE_LOG_LEVEL]")] = None,
    log_format: Annotated[str | None, typer.Option(help="text or json. [SLUICE_LOG_FORMAT]")] = None,
) -> None:
    """Start the server; every setting is also an environment variable SLUICE_..."""
    # Checked as text by the settings, so that a wrong flag and a wrong variable are told in the same way.
    settings = _settings(
        host=host,
        port=port,
        data_dir=data_dir,
        root_path=root_path,
        workers=workers,
        log_level=log_level,
        log_format=log_format,
    )
    from sluice import logs, server
    from sluice.storage.folder import CannotOpen

    logs.configure(settings.log_level, settings.log_format)
    try:
        server.run(settings)
    except (CannotOpen, server.CannotListen) as error:
        _fail(str(error), 1)


@app.command()
def demo(data_dir: DataDir = None, url: Url = None, token: Secret = None) -> None:
    """Load the examples into a running server, or into the data folder when none runs on it."""
    from sluice.demo import load_examples

    async def load(client: httpx2.AsyncClient) -> None:
        examples = await load_examples(client)
        for example in examples:
            if example.problem is not None:
                print(f"{example.pipeline}: {example.problem}", file=sys.stderr)
            else:
                done = "is there now" if example.created else "was there already"
                print(
                    f"The pipeline '{example.pipeline}' {done}. Its answer to {example.sample.name}: {example.answer}"
                )
                if client.base_url.host != IDLE_HOST:
                    print(f"  {example.curl(str(client.base_url))}")
        if any(example.problem is not None for example in examples):
            raise typer.Exit(1)

    from sluice.client import IDLE_HOST

    _call(load, data_dir, url, token)


@token_app.command("create")
def create_token(
    name: Annotated[str, typer.Argument(help="What it is for.")],
    role: Annotated[str, typer.Option(help="READ looks and predicts, ADMIN also changes, METRICS scrapes.")] = "READ",
    days: Annotated[float | None, typer.Option(help="How long it lasts; for ever if not given.")] = None,
    data_dir: DataDir = None,
    url: Url = None,
    token: Secret = None,
) -> None:
    """Make a token and print its secret, which can't be read again."""
    from sluice.client import checked

    async def create(client: httpx2.AsyncClient) -> None:
        new = {"name": name, "role": role.upper()}
        if days is not None:
            new["expiresAt"] = (datetime.now(UTC) + timedelta(days=days)).isoformat()
        print(checked(await client.post("/api/v1/tokens", json=new)).json()["secret"])

    _call(create, data_dir, url, token)


@token_app.command("list")
def list_tokens(data_dir: DataDir = None, url: Url = None, token: Secret = None) -> None:
    """List the tokens: id, role, end, name."""
    from sluice.client import checked

    async def show(client: httpx2.AsyncClient) -> None:
        for item in checked(await client.get("/api/v1/tokens")).json()["items"]:
            print(item["id"], item["role"].ljust(5), (item["expiresAt"] or "never").ljust(27), item["name"], sep="  ")

    _call(show, data_dir, url, token)


@token_app.command("revoke")
def revoke_token(
    id: Annotated[str, typer.Argument(help="As `list` shows it.")],
    data_dir: DataDir = None,
    url: Url = None,
    token: Secret = None,
) -> None:
    """Make a token invalid at once, and every session that it opened."""
    from sluice.client import checked

    async def revoke(client: httpx2.AsyncClient) -> None:
        checked(await client.delete(f"/api/v1/tokens/{quote(id, safe='')}"))

    _call(revoke, data_dir, url, token)


def _settings(**flags: str | None) -> Settings:
    from sluice.settings import Settings, SettingsError

    try:
        return Settings.load(**flags)
    except SettingsError as error:
        _fail(str(error), 2)


def _call(
    work: Callable[[httpx2.AsyncClient], Awaitable[object]], data_dir: str | None, url: str | None, secret: str | None
) -> None:
    settings = _settings(data_dir=data_dir)
    from sluice import logs
    from sluice.client import CallFailed, connected
    from sluice.storage.folder import CannotOpen

    logs.configure("warning", settings.log_format)

    async def call() -> None:
        async with connected(settings, url, secret) as client:
            await work(client)

    try:
        asyncio.run(call())
    except (CallFailed, CannotOpen) as error:
        _fail(str(error), 1)


def _fail(message: str, status: int) -> NoReturn:
    print(f"sluice: {message}", file=sys.stderr)
    raise typer.Exit(status)
