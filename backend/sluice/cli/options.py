"""What several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

WHERE = "Which server"

DataDir = Annotated[
    str | None,
    typer.Option(
        help=r"Data folder: of the server that runs on it, else used directly. \[SLUICE_DATA_DIR]",
        rich_help_panel=WHERE,
        metavar="FOLDER",
    ),
]
Url = Annotated[
    str | None,
    typer.Option(envvar="SLUICE_URL", help="Address of a running server.", rich_help_panel=WHERE, metavar="URL"),
]
Secret = Annotated[
    str | None,
    typer.Option(
        "--token", envvar="SLUICE_TOKEN", help="An API token of that server.", rich_help_panel=WHERE, metavar="TOKEN"
    ),
]
ROLES = "PREDICT runs the given pipelines, READ looks and predicts, ADMIN also changes, METRICS scrapes."
Pipelines = Annotated[
    list[str] | None,
    typer.Option("--pipeline", help="One that the role PREDICT may run; may be repeated.", metavar="NAME"),
]
