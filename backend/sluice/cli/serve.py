"""`sluice serve`: starts the server."""

from __future__ import annotations

from typing import Annotated

import typer

from sluice.cli.running import FAILED, fail, settings_of
from sluice.cli.teaching import taught

HELP = taught(
    """Start the server, and print a link that signs a browser in.

    Every setting is also an environment variable SLUICE_...; the README lists them.""",
    "sluice serve",
    "sluice serve --host 0.0.0.0 --port 80 --data-dir /srv/sluice",
)


def serve(
    host: Annotated[str | None, typer.Option(help=r"Address to listen on. \[SLUICE_HOST, 127.0.0.1]")] = None,
    port: Annotated[str | None, typer.Option(help=r"Port; 0 takes a free one. \[SLUICE_PORT, 8000]")] = None,
    data_dir: Annotated[
        str | None, typer.Option(help=r"Folder for the database and all files. \[SLUICE_DATA_DIR, data]")
    ] = None,
    root_path: Annotated[str | None, typer.Option(help=r"Path prefix behind a proxy. \[SLUICE_ROOT_PATH]")] = None,
    no_auth: Annotated[
        bool, typer.Option("--no-auth", help=r"Ask nobody who they are; on loopback only. \[SLUICE_NO_AUTH]")
    ] = False,
    workers: Annotated[str | None, typer.Option(help=r"Processes for each pipeline. \[SLUICE_WORKERS]")] = None,
    log_level: Annotated[str | None, typer.Option(help=r"debug, info, warning or error. \[SLUICE_LOG_LEVEL]")] = None,
    log_format: Annotated[str | None, typer.Option(help=r"text or json. \[SLUICE_LOG_FORMAT]")] = None,
) -> None:
    """Start the server."""
    # Checked as text by the settings, so that a wrong flag and a wrong variable are told in the same way.
    settings = settings_of(
        host=host,
        port=port,
        data_dir=data_dir,
        root_path=root_path,
        no_auth="true" if no_auth else None,
        workers=workers,
        log_level=log_level,
        log_format=log_format,
    )
    from sluice import logs, serving, tls
    from sluice.storage.folder import CannotOpen

    logs.configure(settings.log_level, settings.log_format)
    try:
        serving.run(settings)
    except (CannotOpen, serving.CannotListen, tls.CannotEncrypt) as error:
        fail(str(error), FAILED)
