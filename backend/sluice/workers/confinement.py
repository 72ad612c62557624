"""Which of the kernel's mechanisms confine child processes; the server's own choice, never a script's."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Confinement:
    """What to use of what the kernel has.

    Attributes:
        landlock: newest version to use; 0 does without.
        seccomp: False does without filters.
    """

    landlock: int = 99
    seccomp: bool = True


CONFINED = Confinement()
UNCONFINED = Confinement(landlock=0, seccomp=False)
