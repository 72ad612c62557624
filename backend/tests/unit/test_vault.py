"""Only the key that sealed a secret opens it, and only for the pipeline and the name that it was sealed for."""

from __future__ import annotations

import base64
import stat
from pathlib import Path

import pytest

from sluice.storage.folder import CannotOpen
from sluice.storage.vault import CannotUnseal, Vault, vault_of

ONE, TWO = "one" * 20, "two" * 20
VALUE = "s3cr3t \N{SNOWMAN}"


def vault(*keys: str) -> Vault:
    return Vault(keys, lambda: pytest.fail("it has a key"))


def test_what_is_sealed_opens_and_tells_nothing() -> None:
    sealed = vault(ONE).seal("p", "KEY", VALUE)
    assert vault(ONE).open("p", "KEY", sealed) == VALUE
    assert VALUE.encode() not in base64.b64decode(sealed)
    assert sealed != vault(ONE).seal("p", "KEY", VALUE)


@pytest.mark.parametrize(("owner", "name"), [("q", "KEY"), ("p", "OTHER")])
def test_it_opens_for_nothing_else(owner: str, name: str) -> None:
    with pytest.raises(CannotUnseal, match="another pipeline or name"):
        vault(ONE).open(owner, name, vault(ONE).seal("p", "KEY", VALUE))


def test_what_was_changed_doesnt_open() -> None:
    raw = bytearray(base64.b64decode(vault(ONE).seal("p", "KEY", VALUE)))
    for at in (0, 10, 25, len(raw) - 1):
        changed = raw.copy()
        changed[at] ^= 1
        with pytest.raises(CannotUnseal):
            vault(ONE).open("p", "KEY", base64.b64encode(changed).decode())


def test_several_keys_open_and_the_first_seals() -> None:
    old = vault(ONE).seal("p", "KEY", VALUE)
    both = vault(TWO, ONE)
    assert both.open("p", "KEY", old) == VALUE
    assert not both.is_current(old)
    new = both.seal("p", "KEY", VALUE)
    assert both.is_current(new)
    assert vault(TWO).open("p", "KEY", new) == VALUE
    with pytest.raises(CannotUnseal, match="another key"):
        vault(TWO).open("p", "KEY", old)


def test_a_folder_gets_a_key_with_the_first_secret(tmp_path: Path) -> None:
    opened = vault_of(tmp_path, ())
    assert list(tmp_path.iterdir()) == []
    sealed = opened.seal("p", "KEY", VALUE)
    (file,) = tmp_path.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert vault_of(tmp_path, ()).open("p", "KEY", sealed) == VALUE
    # Given keys go first; the folder's still opens.
    given = vault_of(tmp_path, (ONE,))
    assert given.open("p", "KEY", sealed) == VALUE
    assert vault(ONE).open("p", "KEY", given.seal("p", "KEY", VALUE)) == VALUE


@pytest.mark.parametrize("content", [b"", b"short", b"\xff" * 50])
def test_a_folder_with_a_broken_key_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(CannotOpen, match=r"secret\.key"):
        vault_of(tmp_path, ())
