"""Writes the next version of the standard environment where the locks hold other versions than the newest one.

    python standard.py REQUIREMENTS_FOLDER

Called by `make lock`. A version that isn't released yet may be removed by hand before.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

STANDARDS = Path(__file__).parents[1] / "sluice/environments/standard"
CORE = ("ml-dtypes", "numpy", "onnxruntime", "orjson", "pydantic-core")
BESIDE = ("pillow",)
HEAD = "# Never edit: a version of the standard environment stays as it is. `make lock` writes the next one.\n"


def entries(lock: Path) -> dict[str, str]:
    """Return the lines of each package of a lock file, without comments."""
    text = re.sub(r"^ *#.*\n", "", lock.read_text("utf-8"), flags=re.MULTILINE)
    found = re.findall(r"^\S.*\n(?:[ \t]+\S.*\n?)*", text, re.MULTILINE)
    return {entry.partition("==")[0]: entry.rstrip() + "\n" for entry in found}


def closure(names: tuple[str, ...], lock: Path) -> set[str]:
    """Return these packages and all that they need."""
    command = ["uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11", "--no-header", "--no-annotate"]
    done = subprocess.run([*command, "-c", lock, "-"], input="\n".join(names), text=True, stdout=-1, check=True)
    return {line.partition("==")[0] for line in done.stdout.splitlines()}


def main() -> None:
    """Compare, and write."""
    run, scripts = (Path(sys.argv[1], name) for name in ("run.txt", "scripts.txt"))
    core = closure(CORE, run)
    own = entries(run)
    beside = {name: own[name] for name in closure(BESIDE, run)} | entries(scripts)
    locks = {
        "core.txt": HEAD + "".join(own[name] for name in sorted(core)),
        "packages.txt": HEAD + "".join(beside[name] for name in sorted(beside) if name not in core),
    }
    newest = max((int(path.name) for path in STANDARDS.iterdir() if path.name.isdigit()), default=0)
    folder = STANDARDS / str(newest)
    if newest and all(pins((folder / name).read_text("utf-8")) == pins(text) for name, text in locks.items()):
        return
    folder = STANDARDS / str(newest + 1)
    folder.mkdir()
    for name, text in locks.items():
        (folder / name).write_text(text, "utf-8")
    print(
        f"The standard environment has a new version, {newest + 1}; tell in backend/docs/environments.md what changed."
    )


def pins(lock: str) -> list[str]:
    """Return the versions that a lock names."""
    return re.findall(r"^\S+==[^\s\\]+", lock, re.MULTILINE)


if __name__ == "__main__":
    main()
