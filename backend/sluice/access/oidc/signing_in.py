"""From a person who comes back from the provider to who they are here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from sluice.access.oidc.attempt import Attempt
from sluice.access.oidc.refused import Refused
from sluice.access.oidc.rights import Rights
from sluice.entities import Identity


class Provider(Protocol):
    """Who knows the people; `provider.Provider` is one over the network, which needs the extra `oidc`."""

    async def address(self, attempt: Attempt, return_to: str) -> str:
        """Return where to send a browser, which will come back to `return_to`; may raise `Refused`."""

    async def claims(self, attempt: Attempt, answer: Mapping[str, str], return_to: str) -> Mapping[str, Any]:
        """Return what is said of the person who came back; may raise `Refused`."""


@dataclass(frozen=True)
class SingleSignOn:
    """The single sign-on of one running server.

    Attributes:
        title: what the page calls it.
        lifetime: of its sessions, after which the provider is asked again who somebody is.
    """

    title: str
    provider: Provider
    rights: Rights
    lifetime: timedelta

    async def identity(self, attempt: Attempt, answer: Mapping[str, str], return_to: str) -> Identity:
        """Return who came back.

        Args:
            attempt: with which the browser was sent to the provider.
            answer: the parameters with which it came back.
            return_to: as it was sent there with.

        Raises:
            Refused: nobody, or nobody who may do anything here.
        """
        claims = await self.provider.claims(attempt, answer, return_to)
        role, name = self.rights.role(claims), self.rights.name(claims)
        if role is None:
            raise Refused("no-role", f"'{name}' has none of the roles that let somebody in")
        return Identity(name, role, by="oidc")
