"""One attempt to sign in: all that ties its end to its beginning follows from a secret that only its browser holds.

So nothing of it is kept here, and nobody can fill any memory by beginning many.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass

from sluice.access.secret import new_secret


@dataclass(frozen=True)
class Attempt:
    """An attempt.

    Attributes:
        secret: in the browser's cookie, until it comes back.
    """

    secret: str

    @classmethod
    def begin(cls) -> Attempt:
        """Return a new one."""
        return cls(new_secret())

    @property
    def state(self) -> str:
        """What the provider gives back with its answer, so that nobody can make a browser come back with another's."""
        return self._derived(b"state")

    @property
    def nonce(self) -> str:
        """What the identity must have in it, so that one that was made for another attempt is none."""
        return self._derived(b"nonce")

    @property
    def verifier(self) -> str:
        """What proves to the provider that it was begun here (RFC 7636)."""
        return self._derived(b"verifier")

    def is_of(self, state: str) -> bool:
        """Tell whether an answer of the provider belongs to it."""
        return hmac.compare_digest(state.encode("utf-8", "surrogatepass"), self.state.encode())

    def _derived(self, purpose: bytes) -> str:
        made = hmac.digest(self.secret.encode("utf-8", "surrogateescape"), purpose, hashlib.sha256)
        return base64.urlsafe_b64encode(made).rstrip(b"=").decode()
