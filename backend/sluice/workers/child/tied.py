"""Becomes another program, which ends with the server and leaves the processor to predictions.

python -I -B -m sluice.workers.child.tied SERVER_PID PROGRAM ARGUMENT...
"""

from __future__ import annotations

import os
import sys

from sluice.workers.child.belonging import die_with
from sluice.workers.child.limits import no_core_files, prefer_for_oom_kill

_NICE = 10


def main() -> None:
    """Tie this process to the server and go on as the program."""
    server_pid, program, *arguments = sys.argv[1:]
    die_with(int(server_pid))
    prefer_for_oom_kill()
    no_core_files()
    os.nice(_NICE)
    os.execv(program, [program, *arguments])


if __name__ == "__main__":
    main()
