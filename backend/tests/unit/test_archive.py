"""The file that a backup is: whole and as it was written, or refused."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sluice.storage.backup import archive
from sluice.storage.backup.archive import BLOBS, ROWS, Damaged, Manifest, NotWhole

CONTENT = b"content of a file"
HASH = hashlib.sha256(CONTENT).hexdigest()
LINES = b'["meta", {"key": "folder-id"}]\n'


def written(folder: Path) -> Path:
    target = folder / "backup.tar"
    (folder / "content").write_bytes(CONTENT)
    (folder / "lines").write_bytes(LINES)
    with archive.writing(target) as made:
        for name, source in ((BLOBS + HASH, "content"), (ROWS, "lines")):
            with (folder / source).open("rb") as file:
                made.add(name, file)
        made.seal(Manifest("1.0", "2026-11-30T12:00:00+00:00", "sqlite", ["0001"], {"meta": 1}, dict(made.files)))
    return target


def read(path: Path, folder: Path) -> dict[str, bytes]:
    """Return what is in a backup that is whole."""
    folder.mkdir()
    archive.read(path, lambda name: folder / name.replace("/", "-"), lambda _: None)
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_what_was_written_is_read(tmp_path: Path) -> None:
    target = written(tmp_path)
    assert read(target, tmp_path / "out") == {f"blobs-{HASH}": CONTENT, ROWS: LINES}
    assert target.stat().st_mode & 0o777 == 0o600
    assert {file.stat().st_mode & 0o777 for file in (tmp_path / "out").iterdir()} == {0o600}


def test_one_that_was_cut_short_is_refused(tmp_path: Path) -> None:
    content = written(tmp_path).read_bytes()
    cut = tmp_path / "cut.tar"
    for length in range(0, len(content.rstrip(b"\0")), 97):
        cut.write_bytes(content[:length])
        with pytest.raises(NotWhole):
            archive.read(cut, lambda _: None, lambda _: None)


def test_one_that_was_altered_is_refused_or_holds_the_same(tmp_path: Path) -> None:
    content = written(tmp_path).read_bytes()
    right = read(tmp_path / "backup.tar", tmp_path / "right")
    altered = tmp_path / "altered.tar"
    refused = 0
    for number, place in enumerate([*range(512, 512 + len(CONTENT)), *range(0, len(content.rstrip(b"\0")), 31)]):
        altered.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        try:
            assert read(altered, tmp_path / f"out-{number}") == right
        except NotWhole:
            refused += 1
    assert refused > len(CONTENT)


def test_a_part_that_leads_elsewhere_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "backup.tar"
    (tmp_path / "content").write_bytes(CONTENT)
    with archive.writing(target) as made, (tmp_path / "content").open("rb") as file:
        made.add("blobs/../../escaped", file)
        made.seal(Manifest("1.0", "", "sqlite", [], {}, dict(made.files)))
    with pytest.raises(NotWhole, match="nothing that a backup holds"):
        read(target, tmp_path / "out")


def test_a_file_that_differs_from_its_name_is_told(tmp_path: Path) -> None:
    (tmp_path / "content").write_bytes(CONTENT)
    with pytest.raises(Damaged), archive.writing(tmp_path / "backup.tar") as made:
        with (tmp_path / "content").open("rb") as file:
            made.add(BLOBS + "0" * 64, file, "0" * 64)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["content"]


def test_another_backup_is_never_replaced(tmp_path: Path) -> None:
    content = written(tmp_path).read_bytes()
    with pytest.raises(FileExistsError):
        written(tmp_path)
    assert (tmp_path / "backup.tar").read_bytes() == content
    assert not (tmp_path / "backup.tar.part").exists()
