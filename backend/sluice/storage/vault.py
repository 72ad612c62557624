"""Seals secrets, so that a database and its backups hold nothing that can be read without the key.

AES-256 in GCM. What is sealed is tied to the pipeline and the name that it was sealed for: who can write rows
can't give one pipeline's secret to another.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sluice.storage.folder import CannotOpen

# Its library takes 8 MB of memory, and is imported only where there are secrets.
if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_NONCE_BYTES = 12
_LABEL_BYTES = 8
_KEY_FILE = "secret.key"

LEAST_CHARACTERS = 32
"""Of a key; 256 bits take 43 in base64."""


class CannotUnseal(Exception):
    """No key of the vault opens it, or it was sealed for something else."""


class Vault:
    """Seals with its first key and opens with each.

    Args:
        keys: texts with at least 256 bits of chance in them, such as `openssl rand -base64 32` prints.
        make_key: returns a key, kept from now on, where there is none yet.
    """

    def __init__(self, keys: Sequence[str], make_key: Callable[[], str]) -> None:
        self._keys = {_label(key): key for key in keys}
        self._make_key = make_key

    def seal(self, owner: str, name: str, value: str) -> str:
        """Return the value as only this vault can read it.

        Args:
            owner: id of the pipeline.
            name: of the secret.
            value: itself.
        """
        if not self._keys:
            key = self._make_key()
            self._keys = {_label(key): key}
        label, key = next(iter(self._keys.items()))
        nonce = os.urandom(_NONCE_BYTES)
        sealed = label + nonce + _cipher(key).encrypt(nonce, value.encode(), _bound_to(owner, name))
        return base64.b64encode(sealed).decode()

    def open(self, owner: str, name: str, sealed: str) -> str:
        """Return what `seal` was given.

        Raises:
            CannotUnseal: it has no key for it, or it isn't of this owner and name.
        """
        from cryptography.exceptions import InvalidTag

        raw = base64.b64decode(sealed)
        label, nonce, rest = raw[:_LABEL_BYTES], raw[_LABEL_BYTES:][:_NONCE_BYTES], raw[_LABEL_BYTES + _NONCE_BYTES :]
        key = self._keys.get(label)
        if key is None:
            raise CannotUnseal("it was sealed with another key")
        try:
            return _cipher(key).decrypt(nonce, rest, _bound_to(owner, name)).decode()
        except InvalidTag:
            raise CannotUnseal("it was changed, or sealed for another pipeline or name") from None

    def is_current(self, sealed: str) -> bool:
        """Tell whether it was sealed with the first key."""
        return base64.b64decode(sealed)[:_LABEL_BYTES] == next(iter(self._keys), None)


def vault_of(folder: Path, keys: Sequence[str]) -> Vault:
    """Return the vault of a data folder.

    A key that the folder holds opens too, behind those that are given; where there are none at all the folder gets one
    with the first secret.

    Raises:
        CannotOpen: the folder's key can't be read.
    """
    file = folder / _KEY_FILE
    try:
        own = [file.read_text("ascii").strip()] if file.exists() else []
    except (OSError, UnicodeDecodeError) as error:
        raise CannotOpen(f"The key of pipelines' secrets, '{file}', can't be read: {error}.") from None
    if own and len(own[0]) < LEAST_CHARACTERS:
        raise CannotOpen(f"'{file}' holds no key of pipelines' secrets. Bring it back from where you keep it.")
    return Vault([*keys, *own], lambda: _made(file))


def _made(file: Path) -> str:
    """Make a key that survives a power cut, for the folder's owner alone."""
    key = base64.b64encode(os.urandom(32)).decode()
    draft = file.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
        opened.write(key + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return key


def _cipher(key: str) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(hashlib.sha256(b"sluice secrets:" + key.encode()).digest())


def _label(key: str) -> bytes:
    """Return what tells which key sealed something, and nothing about the key."""
    return hashlib.sha256(b"sluice secrets' key:" + key.encode()).digest()[:_LABEL_BYTES]


def _bound_to(owner: str, name: str) -> bytes:
    return f"{owner}\0{name}".encode()
