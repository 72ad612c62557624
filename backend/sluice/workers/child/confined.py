"""The way into each child process: it confines itself first, and only then loads what reads uploaded files.

    python -I -B -u -m sluice.workers.child.confined ROLE DESCRIPTOR SERVER_PID RULES

ROLE is the module whose `main` goes on, RULES are the fields of `Stage1` as JSON.
"""

from __future__ import annotations

import importlib
import json
import sys
from typing import Any

from sluice.workers.child.belonging import die_with
from sluice.workers.child.sandbox import Stage1, enter_stage_one


def main() -> None:
    """Confine this process and become what the command line says."""
    role, descriptor, server_pid, rules = sys.argv[1:]
    die_with(int(server_pid))
    given: dict[str, Any] = json.loads(rules)
    held = enter_stage_one(Stage1(**given))
    importlib.import_module(f"sluice.workers.child.{role}").main(int(descriptor), held)


if __name__ == "__main__":
    main()
