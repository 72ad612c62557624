"""A real `sluice serve` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def serving(sluice: Path, data_dir: Path) -> Iterator[str]:
    """Run `sluice serve` with a data folder; give its address, and make sure that it ends well."""
    environment = os.environ | {"SLUICE_DATA_DIR": str(data_dir), "SLUICE_PORT": "0"}
    with subprocess.Popen([sluice, "serve"], env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            found = next(filter(None, (re.search(r"http://[\d.:]+", line) for line in server.stdout)))
            yield found[0]
        finally:
            server.send_signal(signal.SIGINT)
            status = server.wait(20)
    assert status == 0
