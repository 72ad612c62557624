"""A real `sluice serve` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SLUICE = Path(sys.executable).with_name("sluice")


@contextmanager
def serving(sluice: Path, folder: Path, **settings: str) -> Iterator[str]:
    """Run `sluice serve` in a folder, with its data in `data` there; give its address; it must end well."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")}
    environment |= {"SLUICE_PORT": "0"} | settings
    command = [sluice, "serve"]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            found = next(filter(None, (re.search(r"http://[\d.:]+", line) for line in server.stdout)))
            yield found[0]
        finally:
            server.send_signal(signal.SIGINT)
            status = server.wait(20)
    assert status == 0
