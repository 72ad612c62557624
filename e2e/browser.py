"""How the system's Chromium is launched."""

from __future__ import annotations

import os
import shutil
from typing import Any

# What Chromium does in the background would only look for the network.
QUIET = ["--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
STAY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1"


def launch_options() -> dict[str, Any]:
    """Return options for Playwright's `launch`; CHROMIUM names another browser than the one on the path."""
    # Chromium's own sandbox refuses to run as root.
    arguments = [*QUIET, STAY_HERE, *(["--no-sandbox"] if os.getuid() == 0 else [])]
    return {"executable_path": os.environ.get("CHROMIUM") or shutil.which("chromium"), "args": arguments}
