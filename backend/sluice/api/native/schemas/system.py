"""The server itself."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sluice.api.native.schemas.base import Body


class SandboxBody(Body):
    """What confines scripts on this machine, found by trying: `full`, `partial` or `none`."""

    level: str
    landlock_abi: int
    seccomp: bool
    ports: bool
    uid: int
    uid_reason: str | None
    machine: str
    tried: bool
    missing: tuple[str, ...]


class DiskBody(Body):
    """The file system that holds the data folder, and what the folder takes of it."""

    free_bytes: int
    total_bytes: int
    data_bytes: int


class SystemBody(Body):
    """Versions and limits of the server, and the room that it has."""

    version: str
    started_at: datetime
    max_upload_bytes: int
    max_body_bytes: int
    deadline_s: float
    workers: int
    intra_op_threads: int
    memory_mb: int
    scratch_mb: int
    threads: int
    network: Literal["off", "open"] | tuple[int, ...]
    max_answer_bytes: int
    onnxruntime: str
    sandbox: SandboxBody
    disk: DiskBody
