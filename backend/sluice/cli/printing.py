"""How results look: tables for people at a terminal, plain lines for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text


def console() -> Console:
    """Return the standard output; what is printed there stands as it is, without markup."""
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows: with headings at a terminal, else as aligned columns, one line each."""
    out = console()
    if not out.is_terminal:
        widths = [max(len(row[column]) for row in rows) for column in range(len(headings))] if rows else []
        for row in rows:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        return
    made = Table(*headings, box=None, header_style="bold", pad_edge=False)
    for row in rows:
        made.add_row(*map(Text, row))
    out.print(made)


def may(caller: Mapping[str, Any]) -> str:
    """Return what a token or user may do, in a word."""
    bound = caller["pipelines"]
    return str(caller["role"]) if bound is None else f"{caller['role']}({','.join(bound)})"
