"""Who somebody is here, and what they may do, by what the provider says of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sluice.entities import Role

_MOST_CHARACTERS = 200
_NAMES = ("preferred_username", "email", "name", "sub")


@dataclass(frozen=True)
class Rights:
    """How claims become a name and a role; where nothing fits nobody gets in.

    Attributes:
        name_claim: has the name; empty takes the first that is there of those that providers usually have.
        role_claim: has a text or a list of texts; a dot leads into an object, as in `realm_access.roles`.
        admin: who has one of these there is an administrator.
        read: who has one of these may look and predict.
    """

    name_claim: str
    role_claim: str
    admin: tuple[str, ...]
    read: tuple[str, ...]

    def role(self, claims: Mapping[str, Any]) -> Role | None:
        """Return the highest role that somebody has, or None."""
        said = _found(claims, self.role_claim)
        values = {value for value in said if isinstance(value, str)} if isinstance(said, list) else {said}
        if not values.isdisjoint(self.admin):
            return Role.ADMIN
        return Role.READ if not values.isdisjoint(self.read) else None

    def name(self, claims: Mapping[str, Any]) -> str:
        """Return what to call somebody; the provider's own id where nothing else can be shown."""
        for claim in (self.name_claim,) if self.name_claim else _NAMES:
            said = _found(claims, claim)
            if isinstance(said, str) and (name := _shown(said)):
                return name
        return _shown(str(claims["sub"])) or "somebody"


def _found(claims: Mapping[str, Any], path: str) -> Any:
    if path in claims:  # some have dots in their names, or are addresses
        return claims[path] if not isinstance(claims[path], dict) else None
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found if isinstance(found, str | list) else None


def _shown(text: str) -> str:
    name = unicodedata.normalize("NFC", text)[:_MOST_CHARACTERS]
    return "".join(char for char in name if unicodedata.category(char)[0] != "C").strip()
