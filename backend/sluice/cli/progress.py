"""A bar on standard error, for people only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def progress(total: int, *, lines_to_file: bool) -> Iterator[Callable[[int], None]]:
    """Give a function that is told how many more are done; at a terminal it moves a bar."""
    if not sys.stderr.isatty() or (sys.stdout.isatty() and not lines_to_file):
        # Lines and a bar in one terminal would be in each other's way; the lines tell enough.
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeElapsedColumn, TimeRemainingColumn

    columns = (BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total)
        yield lambda count: bar.advance(task, count)
