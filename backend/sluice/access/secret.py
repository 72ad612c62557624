"""Secrets that callers hold, and the hashes that the server keeps of them."""

from __future__ import annotations

import hashlib
import secrets

TOKEN_PREFIX = "slc_"
"""Begins every API token, so that scanners find one that was published by mistake."""


def new_secret(prefix: str = "") -> str:
    """Return 256 random bits as text that is safe in addresses and headers."""
    return prefix + secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """Return the SHA-256 of a secret, in hexadecimal.

    With 256 random bits behind it nothing slower is needed. Looking a caller's secret up by its hash also keeps the
    comparison's timing from telling anything about the secrets that are stored.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
