"""The command `sluice` as people and CI run it: in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from apps import environment
from forked_commands import forked


@dataclass
class Done:
    """How a command ended and what it said."""

    status: int
    out: str
    error: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Return its output, each line of which is JSON."""
        return [json.loads(line) for line in self.out.splitlines()]


def sluice(*arguments: str | Path, cwd: Path | None = None, typed: str = "", **settings: str) -> Done:
    """Run the command with these settings and no others, and with what is `typed` on its standard input."""
    with TemporaryFile() as output, TemporaryFile() as errors, TemporaryFile() as keyboard:
        keyboard.write(typed.encode())
        keyboard.seek(0)
        command = forked([*map(str, arguments)], environment(**settings), output, errors, keyboard, cwd)
        status = command.wait_blocking(120)
        said = [_content(file) for file in (output, errors)]
    return Done(status, *said)


def _content(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode()


def started(*arguments: str | Path, cwd: Path | None = None, **settings: str) -> subprocess.Popen[str]:
    """Start the command; it heeds SIGINT even where whoever runs the tests doesn't, as background jobs of a shell."""
    return subprocess.Popen(
        [sys.executable, "-m", "sluice", *map(str, arguments)],
        cwd=cwd,
        env=environment(**settings),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),
    )
