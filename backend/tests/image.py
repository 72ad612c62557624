"""What the Dockerfile says; no container engine runs here."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def instructions() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions with their arguments, continued lines joined."""
    text = (ROOT / "backend/Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return [(word, rest) for word, _, rest in (line.strip().partition(" ") for line in lines)]


def is_healthy(port: int, **settings: str) -> bool:
    """Tell what the image's health check says of a server, in a container of which these are the settings."""
    python, *arguments = json.loads(dict(instructions())["HEALTHCHECK"].partition("CMD ")[2])
    assert python == "python"
    environment = {**os.environ, "SLUICE_PORT": str(port), **settings}
    return subprocess.run([sys.executable, *arguments], env=environment, capture_output=True).returncode == 0
