"""User names and passwords that were found right: HTTP Basic sends them with each call, and argon2 would take too long.

What is kept is a keyed hash, whose key is made at each start and stays in memory.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata

PREFIX = "~"
"""Begins each key, and no digest of a token."""


class Verified:
    """By user, the password that was found right; one for each user, as there is no other."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._users: dict[str, str] = {}
        self._keys: dict[str, str] = {}

    def key(self, user_id: str, password: str) -> str:
        """Return the key of a user with a password, right or wrong."""
        pair = f"{user_id}:{unicodedata.normalize('NFC', password)}".encode("utf-8", "surrogateescape")
        return PREFIX + hashlib.blake2b(pair, key=self._secret, digest_size=32).hexdigest()

    def user_id(self, key: str) -> str | None:
        """Return whose right password it is."""
        return self._users.get(key)

    def remember(self, user_id: str, key: str) -> None:
        """Take notice that it is right."""
        self.forget(user_id)
        self._users[key] = user_id
        self._keys[user_id] = key

    def forget(self, user_id: str) -> None:
        """Have the user's next call verified anew."""
        self._users.pop(self._keys.pop(user_id, ""), None)
