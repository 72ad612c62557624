"""The zygote of inspectors: it has loaded what these need, and forks one for each uploaded file.

To import it all takes twenty times as long as to look at an ordinary model. It reads no uploaded file itself.
"""

from __future__ import annotations

# What inspectors import when they need it, for which a forked one finds it here.
from sluice.workers.child import (  # noqa: F401
    bad_script,
    inspector,
    onnx_file,
    script_changes,
    script_check,
    session,
    value_types,
    zygote,
)
from sluice.workers.child.sandbox import Held


def main(control: int, held: Held) -> None:
    """Be the one that forks, and whatever it forks."""
    zygote.main(control, held)
