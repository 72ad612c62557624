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
OPEN = re.compile(r"(?<=running on )https?://\S+")
"""What stands there instead of a link where nobody has to sign in."""


def environment(settings: dict[str, str]) -> dict[str, str]:
    """Return this process's environment with these settings and no others."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SLUICE_")} | settings


def run_sluice(*arguments: str, **settings: str) -> str:
    """Run another command than `serve`; return what it printed."""
    command = [_SLUICE, *arguments]
    return subprocess.run(command, env=environment(settings), check=True, capture_output=True, text=True).stdout.strip()


class Server:
    """Serves until `stop`; `url` is its own address, `link` signs the first visitor in."""

    def __init__(self, data_dir: Path, **settings: str) -> None:
        self._settings = {f"SLUICE_{name.upper()}": value for name, value in settings.items()}
        self._settings |= {"SLUICE_DATA_DIR": str(data_dir), "SLUICE_PORT": "0"}
        self.start()

    def start(self) -> None:
        """Begin to serve; also again, at the same address, after `stop`."""
        self._process = subprocess.Popen(
            [_SLUICE, "serve"],
            env=environment(self._settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._links: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.link = self._first_link()
        parts = urlsplit(self.link)
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._settings["SLUICE_PORT"] = str(parts.port)

    def _read(self) -> None:
        assert self._process.stdout
        way_in = OPEN if "SLUICE_NO_AUTH" in self._settings else LINK
        for line in self._process.stdout:
            self.lines.append(line)
            if match := way_in.search(line):
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
        return run_sluice(*arguments, **self._settings)

    def stop(self) -> None:
        """End the server as Ctrl-C does; it must end by itself, and well."""
        self._process.send_signal(signal.SIGINT)
        try:
            status = self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._process.wait()
            self._reader.join()
            assert self._process.stdout
            self._process.stdout.close()
        assert status == 0, "".join(self.lines)
