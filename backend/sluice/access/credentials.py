"""What a request carries in its header `Authorization`: an API token, or a user's name and password.

Source: RFC 6750, section 2.1; RFC 7617.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field

from sluice.errors import NotSignedIn

_HOW = (
    "Send the API token as 'Authorization: Bearer slc_...', or by HTTP Basic: a user's name and password, or any name "
    "and an API token as the password."
)


@dataclass(frozen=True)
class Credentials:
    """What it says.

    Attributes:
        secret: the token, or the password.
        name: before the password; None where there is only a token.
    """

    secret: str = field(repr=False)
    name: str | None = None


def credentials_of(authorization: str) -> Credentials:
    """Return what the header says.

    Raises:
        NotSignedIn: it isn't Bearer or Basic.
    """
    scheme, _, credentials = authorization.partition(" ")
    kind = scheme.lower()
    if kind == "bearer":
        return Credentials(credentials.strip())
    if kind == "basic":
        try:
            pair = base64.b64decode(credentials.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            raise NotSignedIn(_HOW) from None
        name, colon, password = pair.partition(":")
        if colon:
            return Credentials(password, name)
    raise NotSignedIn(_HOW)


def may_come_by_itself(authorization: str) -> bool:
    """Tell whether a browser that knows the credentials sends them along with what other sites make it ask for."""
    return authorization[:6].lower() == "basic "
