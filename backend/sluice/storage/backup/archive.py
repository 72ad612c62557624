"""The file that a backup is: a tar with everything in it by hash, whose last part says what must be there.

    blobs/<sha256>              uploaded files, as the data folder keeps them
    environments/<key>/<name>   which versions of packages were settled
    rows.jsonl                  every row of every table, of one moment
    manifest.json               what all of that must be
    manifest.sha256             what the manifest must be

A backup that was cut short has no manifest, and an altered one differs from it: neither is ever restored.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

FORMAT = 1
ROWS = "rows.jsonl"
BLOBS = "blobs/"
ENVIRONMENTS = "environments/"
_MANIFEST = "manifest.json"
_SEAL = "manifest.sha256"
_NAME = re.compile(
    r"rows\.jsonl|blobs/[0-9a-f]{64}|environments/[A-Za-z0-9_-][A-Za-z0-9._-]*/(record\.json|core\.txt|packages\.txt)"
)
_SEAL_BYTES = 64
_COPY_BYTES = 1024 * 1024


class NotWhole(Exception):
    """The backup can't be used; the message says what is wrong with it."""


class Damaged(Exception):
    """A file isn't what its name says."""


@dataclass(frozen=True)
class Content:
    """What a part of a backup must be."""

    sha256: str
    size_bytes: int


@dataclass(frozen=True)
class Manifest:
    """What a backup holds.

    Attributes:
        version: of the Sluice that made it.
        made_at: in UTC.
        dialect: of the database.
        migrations: that the database had, oldest first.
        tables: how many rows of each, those first that others refer to.
        files: every part, by its name in the tar.
    """

    version: str
    made_at: str
    dialect: str
    migrations: list[str]
    tables: dict[str, int]
    files: dict[str, Content]
    format: int = FORMAT

    @property
    def blobs(self) -> set[str]:
        """The hashes of all uploaded files."""
        return {name.removeprefix(BLOBS) for name in self.files if name.startswith(BLOBS)}


@dataclass
class Archive:
    """A backup that is being written."""

    _tar: tarfile.TarFile
    files: dict[str, Content] = field(default_factory=dict)

    def add(self, name: str, source: IO[bytes], sha256: str | None = None) -> int:
        """Write a file's content, and return how many bytes that are.

        Raises:
            Damaged: its hash isn't this one.
        """
        hashed = _Hashed(source)
        member = _member(name, os.fstat(source.fileno()).st_size)
        self._tar.addfile(member, hashed)  # type: ignore[arg-type]  # it only reads
        if sha256 is not None and hashed.sha256 != sha256:
            raise Damaged(name)
        self.files[name] = Content(hashed.sha256, member.size)
        return member.size

    def seal(self, manifest: Manifest) -> None:
        """Write what the backup must be; nothing may follow."""
        text = json.dumps(asdict(manifest)).encode()
        seal = hashlib.sha256(text).hexdigest().encode()
        for name, content in ((_MANIFEST, text), (_SEAL, seal)):
            self._tar.addfile(_member(name, len(content)), io.BytesIO(content))


@contextmanager
def writing(target: Path) -> Iterator[Archive]:
    """Lend an archive that is at `target`, and on the disk, once the block has ended well; only its owner may read it.

    Raises:
        FileExistsError: something is at `target`.
    """
    draft = target.with_name(f"{target.name}.part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield Archive(tar)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, target)  # unlike a rename it never replaces what is there
    finally:
        with suppress(FileNotFoundError):
            draft.unlink()
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read(path: Path, take: Callable[[str], Path | None], done: Callable[[int], None]) -> Manifest:
    """Read a backup to its end and return its manifest, which everything in it was compared with.

    Args:
        path: of the backup.
        take: tells where a part is written, or None where it is only looked at.
        done: told how many bytes were read.

    Raises:
        NotWhole: it isn't all there, or something in it isn't what it was. What was taken is worth nothing then.
    """
    found: dict[str, Content] = {}
    last: dict[str, bytes] = {}
    try:
        with tarfile.open(path, "r:") as tar:
            for member in tar:
                content = tar.extractfile(member) if member.isreg() else None
                if content is None:
                    raise NotWhole(f"'{member.name}' in it is no file.")
                if member.name in (_MANIFEST, _SEAL):
                    last[member.name] = content.read()
                elif not _NAME.fullmatch(member.name) or member.name in found:
                    raise NotWhole(f"'{member.name}' in it is nothing that a backup holds once.")
                else:
                    found[member.name] = _copied(content, take(member.name))
                done(member.size)
    except (tarfile.TarError, EOFError) as error:
        raise NotWhole(f"It isn't a whole backup: {error}.") from None
    manifest = _unsealed(last)
    for name, wanted in manifest.files.items():
        if name not in found:
            raise NotWhole(f"'{name}' is missing in it.")
        if found[name] != wanted:
            raise NotWhole(f"'{name}' in it was altered.")
    return manifest


def _unsealed(last: dict[str, bytes]) -> Manifest:
    text, seal = last.get(_MANIFEST), last.get(_SEAL)
    if text is None or seal is None:
        raise NotWhole("It has no end: whatever wrote or copied it didn't finish.")
    if hashlib.sha256(text).hexdigest().encode() != seal[:_SEAL_BYTES]:
        raise NotWhole("Its manifest was altered.")
    facts = json.loads(text)
    if facts["format"] != FORMAT:
        raise NotWhole(f"It was made by a newer version of Sluice ({facts['version']}). Install that version.")
    files = {name: Content(**content) for name, content in facts.pop("files").items()}
    return Manifest(**facts, files=files)


def _copied(source: IO[bytes], target: Path | None) -> Content:
    digest, size_bytes = hashlib.sha256(), 0
    with open(target or os.devnull, "xb" if target else "wb", opener=_private) as file:
        while block := source.read(_COPY_BYTES):
            digest.update(block)
            size_bytes += len(block)
            file.write(block)
        if target:
            file.flush()
            os.fsync(file.fileno())
    return Content(digest.hexdigest(), size_bytes)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _member(name: str, size_bytes: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size_bytes, 0o600, int(time.time())
    return member


class _Hashed:
    """Reads a file, and knows the hash of what was read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source = source
        self._digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self._source.read(size)
        self._digest.update(block)
        return block

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()
