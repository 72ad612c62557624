"""What the scripts of one pipeline may use."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Network = Literal["off", "open"] | tuple[int, ...]
"""What scripts may reach: nothing, everything by TCP and UDP, or these TCP ports of any host."""


@dataclass(frozen=True)
class ScriptPolicy:
    """Held by the kernel while scripts run; the names of these settings stand in each refusal.

    Attributes:
        memory_mb: what a worker may allocate on top of the loaded model.
        scratch_mb: what its temporary folder may hold, and the largest file there; 0 means no such folder.
        network: what it may connect to, this machine's own ports included.
        threads: most threads of a worker; counted by the server, not by the kernel.
    """

    memory_mb: int = 1024
    scratch_mb: int = 64
    network: Network = "off"
    threads: int = 64

    @property
    def ports(self) -> tuple[int, ...] | None:
        """The only TCP ports that it may connect to; None where no list says so."""
        return self.network if isinstance(self.network, tuple) else None

    def to_json(self) -> dict[str, Any]:
        """Return its fields, as they cross to the worker."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> ScriptPolicy:
        """Return the policy that `to_json` told.

        Raises:
            TypeError: a field is unknown or has another type.
        """
        network = data.get("network")
        policy = cls(**{**data, "network": tuple(network)} if isinstance(network, list) else data)
        for number in (policy.memory_mb, policy.scratch_mb, policy.threads, *(policy.ports or ())):
            if type(number) is not int:
                raise TypeError(f"{number!r} is no int")
        if policy.ports is None and policy.network not in ("off", "open"):
            raise TypeError(f"{policy.network!r} is no network")
        return policy
