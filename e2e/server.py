"""A real `sluice serve` in a process of its own, with a fresh data folder."""

from __future__ import annotations

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

START_TIMEOUT_S = 60
STOP_TIMEOUT_S = 20
_SLUICE = Path(sys.executable).with_name("sluice")
LINK = re.compile(r"https?://\S+/welcome#code=\S+")


class Server:
    """Serves until `stop`; `url` is its own address, `link` signs the first visitor in."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")}
        environment |= {"SLUICE_DATA_DIR": str(data_dir), "SLUICE_PORT": "0", "PYTHONUNBUFFERED": "1"}
        environment |= {f"SLUICE_{name.upper()}": value for name, value in settings.items()}
        self._environment = environment
        self._process = subprocess.Popen(
            [_SLUICE, "serve"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._links: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.link = self._first_link()
        parts = urlsplit(self.link)
        self.url = f"{parts.scheme}://{parts.netloc}"

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            self.lines.append(line)
            if match := LINK.search(line):
                self._links.put(match[0])
        self._links.put("")

    def _first_link(self) -> str:
        try:
            link = self._links.get(timeout=START_TIMEOUT_S)
        except queue.Empty:
            link = ""
        if not link:
            self._process.kill()
            raise RuntimeError("The server printed no link:\n" + "".join(self.lines))
        return link

    def run(self, *arguments: str) -> str:
        """Run another command against this server, as on the same machine; return what it printed."""
        command = [_SLUICE, *arguments]
        return subprocess.run(command, env=self._environment, check=True, capture_output=True, text=True).stdout.strip()

    def stop(self) -> None:
        """End the server as Ctrl-C does; it must end by itself, and well."""
        self._process.send_signal(signal.SIGINT)
        try:
            status = self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        assert status in (0, -signal.SIGINT, 130), "".join(self.lines)
