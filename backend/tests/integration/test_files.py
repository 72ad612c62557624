"""The file store: what arrives whole is kept under its hash, everything else leaves nothing behind."""

import asyncio
import hashlib
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sluice.errors import DiskFull, EmptyUpload, TooLarge, UploadCutOff
from sluice.storage.files import FileStore

MIB = 1024 * 1024


async def chunks_of(*chunks: bytes) -> AsyncIterator[bytes]:
    for chunk in chunks:
        yield chunk


def files_in(folder: Path) -> list[str]:
    return sorted(str(f.relative_to(folder)) for f in folder.rglob("*") if f.is_file())


@pytest.fixture
async def store(tmp_path: Path) -> FileStore:
    store = FileStore(tmp_path)
    await store.prepare()
    return store


async def test_a_received_file_has_its_hash_and_size(store: FileStore) -> None:
    content = [b"x" * 700_000, b"y" * 700_000, b"z"]
    staged = await store.receive(chunks_of(*content), limit_bytes=2 * MIB)
    assert staged.size_bytes == 1_400_001
    assert staged.sha256 == hashlib.sha256(b"".join(content)).hexdigest()
    assert staged.path.read_bytes() == b"".join(content)


async def test_a_kept_file_lies_under_its_hash_and_is_no_longer_staged(store: FileStore, tmp_path: Path) -> None:
    staged = await store.receive(chunks_of(b"kept"), limit_bytes=MIB)
    await store.flush(staged)
    await store.keep(staged)
    assert store.path(staged.sha256).read_bytes() == b"kept"
    await store.discard(staged)
    assert files_in(tmp_path) == [f"blobs/{staged.sha256}"]


async def test_the_same_content_twice_is_kept_once(store: FileStore, tmp_path: Path) -> None:
    for _ in range(2):
        staged = await store.receive(chunks_of(b"same"), limit_bytes=MIB)
        await store.flush(staged)
        await store.keep(staged)
    assert files_in(tmp_path) == [f"blobs/{staged.sha256}"]
    assert store.path(staged.sha256).stat().st_nlink == 1


async def test_an_upload_that_is_cut_off_leaves_nothing(store: FileStore, tmp_path: Path) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 3 * MIB
        raise UploadCutOff("The client left.")

    with pytest.raises(UploadCutOff):
        await store.receive(broken(), limit_bytes=10 * MIB)
    assert files_in(tmp_path) == []


async def test_a_cancelled_upload_leaves_nothing(store: FileStore, tmp_path: Path) -> None:
    first_block_taken = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        yield b"x" * MIB
        first_block_taken.set()
        await asyncio.Event().wait()

    upload = asyncio.create_task(store.receive(endless(), limit_bytes=10 * MIB))
    await first_block_taken.wait()
    assert len(files_in(tmp_path)) == 1
    upload.cancel()
    with pytest.raises(asyncio.CancelledError):
        await upload
    assert files_in(tmp_path) == []


@pytest.mark.parametrize("content", [(), (b"",), (b"", b"")])
async def test_an_empty_upload_is_refused(store: FileStore, tmp_path: Path, content: tuple[bytes, ...]) -> None:
    with pytest.raises(EmptyUpload):
        await store.receive(chunks_of(*content), limit_bytes=MIB)
    assert files_in(tmp_path) == []


async def test_a_file_of_exactly_the_limit_is_taken(store: FileStore) -> None:
    staged = await store.receive(chunks_of(b"x" * MIB), limit_bytes=MIB)
    assert staged.size_bytes == MIB


async def test_an_upload_above_the_limit_is_refused_while_it_streams(store: FileStore, tmp_path: Path) -> None:
    taken = 0

    async def large() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(100):
            taken += 1
            yield b"x" * MIB

    with pytest.raises(TooLarge) as refused:
        await store.receive(large(), limit_bytes=3 * MIB)
    assert refused.value.limit_bytes == 3 * MIB
    assert taken == 4
    assert files_in(tmp_path) == []


@contextmanager
def largest_file(size_bytes: int) -> Iterator[None]:
    """Let the operating system refuse to grow a file beyond this, as a quota does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


async def test_a_file_above_the_quota_is_disk_full_and_leaves_nothing(store: FileStore, tmp_path: Path) -> None:
    with largest_file(2 * MIB), pytest.raises(DiskFull):
        await store.receive(chunks_of(*[b"x" * MIB] * 5), limit_bytes=10 * MIB)
    assert files_in(tmp_path) == []


async def test_a_full_disk_refuses_uploads_and_keeps_what_is_there(small_disk: Path) -> None:
    store = FileStore(small_disk)
    await store.prepare()
    first = await store.receive(chunks_of(b"first"), limit_bytes=MIB)
    await store.flush(first)
    await store.keep(first)
    with pytest.raises(DiskFull, match="stays readable"):
        await store.receive(chunks_of(*[b"x" * MIB] * 10), limit_bytes=20 * MIB)
    assert files_in(small_disk) == [f"blobs/{first.sha256}"]
    assert store.path(first.sha256).read_bytes() == b"first"
    again = await store.receive(chunks_of(b"room again"), limit_bytes=MIB)
    assert again.size_bytes == 10


async def test_the_sweep_removes_what_no_row_names(store: FileStore, tmp_path: Path) -> None:
    kept = []
    for content in (b"named", b"unnamed"):
        staged = await store.receive(chunks_of(content), limit_bytes=MIB)
        await store.flush(staged)
        await store.keep(staged)
        kept.append(staged.sha256)
    await store.receive(chunks_of(b"left behind by a crash"), limit_bytes=MIB)
    assert await store.remove_unnamed({kept[0]}) == 2
    assert files_in(tmp_path) == [f"blobs/{kept[0]}"]
    assert await store.missing({*kept}) == {kept[1]}


async def test_a_file_made_here_is_adopted(store: FileStore, tmp_path: Path) -> None:
    async with store.reserved() as path:
        path.write_bytes(b"merged")
        staged = await store.adopt(path)
        assert (staged.path, staged.size_bytes) == (path, 6)
        assert staged.sha256 == hashlib.sha256(b"merged").hexdigest()
    assert files_in(tmp_path) == []
