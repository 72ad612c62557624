"""The command `sluice`: one small module for each command, and beside them what they share.

What a command needs is imported when it runs, so that `--help` and errors are quick. Results go to standard output,
whatever else is said to standard error; `running.py` has the exit codes.
"""

from sluice.cli.app import main

__all__ = ["main"]
