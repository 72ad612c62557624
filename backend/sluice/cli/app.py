"""Puts the commands together, and tells what is wrong with a command line in one line."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from sluice import __version__
from sluice.cli import apply, audit, backup, check, demo, moving, push, serve, token, user
from sluice.cli.running import USAGE, told

PIPELINES = "Pipelines"
SERVER = "Server"
_CODES = "Exit codes: 0 done, 1 it failed, 2 the command line or a setting is wrong, 130 interrupted."

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    epilog=_CODES,
)
app.command("check", help=check.HELP, rich_help_panel=PIPELINES)(check.check)
app.command("push", help=push.HELP, rich_help_panel=PIPELINES)(push.push)
app.command("apply", help=apply.HELP, rich_help_panel=PIPELINES)(apply.apply)
app.command("import", help=moving.HELP, rich_help_panel=PIPELINES)(moving.import_folder)
app.command("serve", help=serve.HELP, rich_help_panel=SERVER)(serve.serve)
app.add_typer(token.app, name="token", rich_help_panel=SERVER)
app.add_typer(user.app, name="user", rich_help_panel=SERVER)
app.command("audit", help=audit.HELP, rich_help_panel=SERVER)(audit.audit)
app.command("backup", help=backup.BACKUP_HELP, rich_help_panel=SERVER)(backup.backup)
app.command("restore", help=backup.RESTORE_HELP, rich_help_panel=SERVER)(backup.restore)
app.command("demo", help=demo.HELP, rich_help_panel=SERVER)(demo.demo)


def main() -> None:
    """Run the command line and exit."""
    try:
        status = app(prog_name="sluice", standalone_mode=False)
    except typer.TyperException as wrong:
        context = getattr(wrong, "ctx", None)
        path = context.command_path if context else "sluice"
        if said := wrong.format_message():  # without a command there is its help already
            told(f"{said.rstrip('.')}. See '{path} --help'.")
        status = USAGE
    except typer.Abort:
        status = 1
    sys.exit(status or 0)


@app.callback(invoke_without_command=True)
def _root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """Serve ONNX pipelines: pre-processing, a model, post-processing.

    Commands reach the server that --url names, else the one that runs on the data folder, else the idle folder itself.
    """
    if version:
        print(__version__)
        raise typer.Exit
