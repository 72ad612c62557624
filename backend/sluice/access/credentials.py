"""The API token that a request carries in its header `Authorization`.

Source: RFC 6750, section 2.1; RFC 7617.
"""

from __future__ import annotations

import base64
import binascii

from sluice.errors import NotSignedIn

_HOW = "Send the API token as 'Authorization: Bearer slc_...', or as the password of HTTP Basic with any user name."


def token_of(authorization: str) -> str:
    """Return the API token: what Bearer has, or the password of Basic, whose user name says nothing.

    Raises:
        NotSignedIn: there is none.
    """
    scheme, _, credentials = authorization.partition(" ")
    kind = scheme.lower()
    if kind == "bearer":
        return credentials.strip()
    if kind == "basic":
        try:
            pair = base64.b64decode(credentials.strip(), validate=True).decode()
        except (binascii.Error, ValueError):
            raise NotSignedIn(_HOW) from None
        _, colon, password = pair.partition(":")
        if colon:
            return password
    raise NotSignedIn(_HOW)


def may_come_by_itself(authorization: str) -> bool:
    """Tell whether a browser that knows the credentials sends them along with what other sites make it ask for."""
    return authorization[:6].lower() == "basic "
