"""Which of the kernel's mechanisms confine child processes; the server's own choice, never a script's."""

from __future__ import annotations

from dataclasses import dataclass

from sluice.workers.child import landlock
from sluice.workers.child.syscalls import this_machine


@dataclass(frozen=True)
class Confinement:
    """What to use of what the kernel has.

    Attributes:
        landlock: newest version to use; 0 does without.
        seccomp: False does without filters.
        uid: user and group that processes change to; None stays the server's.
    """

    landlock: int = 99
    seccomp: bool = True
    uid: int | None = None

    @property
    def holds_ports(self) -> bool:
        """Whether scripts can be held to a list of ports here."""
        return min(landlock.abi(), self.landlock) >= landlock.KNOWS_PORTS and self.seccomp and bool(this_machine())


CANT_HOLD_PORTS = (
    "This machine can't hold scripts to a list of ports: that takes Linux 6.7 with Landlock and seccomp, "
    "and SLUICE_SANDBOX other than off."
)
CONFINED = Confinement()
UNCONFINED = Confinement(landlock=0, seccomp=False)
