"""The way into a process that imports an environment's libraries, and none of the server's own.

    python -I -B -u -S .../boot.py PACKAGE CORE ROLE DESCRIPTOR SERVER_PID RULES

It is run by its path, because without `site` nothing but the standard library is found. PACKAGE is the folder of
`sluice`, the only thing of the server that can be imported then; CORE holds numpy, onnxruntime and the codec. The rest
is as in `confined`.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys


def main() -> None:
    """Make `sluice` and the environment's core importable, and go on confined."""
    package, core = sys.argv[1:3]
    del sys.argv[1:3]
    sys.path.append(core)
    spec = importlib.util.spec_from_file_location(
        "sluice", f"{package}/__init__.py", submodule_search_locations=[package]
    )
    assert spec and spec.loader
    sys.modules["sluice"] = module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    importlib.import_module("sluice.workers.child.confined").main()


if __name__ == "__main__":
    main()
