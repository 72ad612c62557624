"""Names of users: they travel in HTTP Basic, whose user name ends at a colon, perhaps with a tenant before a slash."""

from __future__ import annotations

import unicodedata

from sluice.errors import InvalidName

MAX_CHARACTERS = 200
_REFUSED = {"Cc", "Cf", "Cs", "Cn", "Co", "Zl", "Zp"}


def checked_user_name(text: str) -> str:
    """Return a user's name in the form in which it is kept (NFC).

    Raises:
        InvalidName: it is empty, too long, or has characters that can't be seen or that Basic can't carry.
    """
    name = unicodedata.normalize("NFC", text)
    if not name or name != name.strip():
        raise _invalid("Give the user a name that neither begins nor ends with a space.")
    if len(name) > MAX_CHARACTERS:
        raise _invalid(f"The name has {len(name)} characters; at most {MAX_CHARACTERS} are possible.")
    for character in name:
        if character in ":/\\":
            raise _invalid(f"The name contains '{character}', which HTTP Basic has a use of its own for. Leave it out.")
        if unicodedata.category(character) in _REFUSED or (character.isspace() and character != " "):
            raise _invalid(f"The name contains the character U+{ord(character):04X}, which can't be seen.")
    return name


def user_key(text: str) -> str:
    """Return the form by which users' names are compared: two that differ by case only are the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def without_tenant(name: str) -> str:
    """Return the user of `tenant/user`, as clients of multi-tenant servers send it."""
    return name.rpartition("/")[2]


def _invalid(message: str) -> InvalidName:
    return InvalidName(message, fields={"name": message})
