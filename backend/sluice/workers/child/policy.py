"""What the scripts of one pipeline may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class ScriptPolicy:
    """Held by the kernel while scripts run; the names of these settings stand in each refusal.

    Attributes:
        memory_mb: what a worker may allocate on top of the loaded model.
        scratch_mb: what its temporary folder may hold, and the largest file there; 0 means no such folder.
        network: whether TCP and UDP are open to it, this machine's own ports included.
        threads: most threads of a worker; counted by the server, not by the kernel.
    """

    memory_mb: int = 1024
    scratch_mb: int = 64
    network: bool = False
    threads: int = 64

    def to_json(self) -> dict[str, Any]:
        """Return its fields, as they cross to the worker."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ScriptPolicy:
        """Return the policy that `to_json` told.

        Raises:
            TypeError: a field is unknown or has another type.
        """
        policy = cls(**data)
        for value, kind in (
            (policy.network, bool),
            *((n, int) for n in (policy.memory_mb, policy.scratch_mb, policy.threads)),
        ):
            if type(value) is not kind:
                raise TypeError(f"{value!r} is no {kind.__name__}")
        return policy
