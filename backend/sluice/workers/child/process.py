"""A worker: loads one pipeline, then answers calls in order until the server hangs up.

It is forked by a zygote with four descriptors: `frames` carries the frames and `descriptors` the descriptors of large
bodies; `output`, already its standard output, is an anonymous file that the server holds too, emptied before each call;
`status` is a shared page in which each call and step is noted as it begins, so that the server can name them after
killing or losing this process.
"""

from __future__ import annotations

import dataclasses
import gc
import mmap
import os
import socket
import sys
from pathlib import Path

import numpy as np

from sluice.workers.child.allocator import give_back, held_bytes
from sluice.workers.child.failing import StepFailed
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.session import Session
from sluice.workers.child.steps import Steps
from sluice.workers.messages import (
    PREFIX,
    STATUS,
    Answer,
    Failed,
    Failure,
    Load,
    LoadFailed,
    Message,
    Ready,
    Run,
    Tidied,
    Tidy,
    Traced,
    Weigh,
    Weighed,
    decode,
    encode,
)

PRINTED_CAP_BYTES = 64 << 10
_JOINED_BYTES = 64 << 10  # below that one system call costs more than a copy


class Channel:
    """The worker's end of the two sockets; blocking."""

    def __init__(self, frames: int, descriptors: int) -> None:
        self._socket = socket.socket(fileno=frames)
        self._reader = self._socket.makefile("rb", buffering=1 << 16)
        self._descriptors = socket.socket(fileno=descriptors)

    def receive(self) -> tuple[Message, bytes] | None:
        """Return the next message and its body; None when the server hung up."""
        prefix = self._reader.read(PREFIX.size)
        if len(prefix) < PREFIX.size:
            return None
        header_size, body_size = PREFIX.unpack(prefix)
        return decode(self._reader.read(header_size)), self._reader.read(body_size)

    def receive_file(self) -> bytes:
        """Return the whole content of the file whose descriptor comes next."""
        _, (descriptor,), _, _ = socket.recv_fds(self._descriptors, 1, 1)
        with os.fdopen(descriptor, "rb") as file:
            file.seek(0)
            return file.read()

    def send(self, message: Message, body: bytes = b"") -> None:
        """Send one frame."""
        head = encode(message, len(body))
        if len(body) < _JOINED_BYTES:
            self._socket.sendall(head + body)
        else:
            self._socket.sendall(head)
            self._socket.sendall(body)


def work(
    frames: int, descriptors: int, status: int, folder: Path, session: Session | None, policy: ScriptPolicy
) -> None:
    """Load, then answer until the server hangs up.

    Args:
        frames: descriptor of the frames' socket.
        descriptors: of the socket over which descriptors come.
        status: of the shared page.
        folder: holds the scripts and the files beside them.
        session: shared with other workers, or None to open one.
        policy: in force already.
    """
    np.random.seed()  # a fork begins with its zygote's state; the standard library's own sees to itself
    channel = Channel(frames, descriptors)
    page = mmap.mmap(status, mmap.PAGESIZE)
    begun = 0

    def enter(step: int) -> None:
        STATUS.pack_into(page, 0, begun, step)

    first = channel.receive()
    if first is None:
        return
    load, _ = first
    assert isinstance(load, Load)
    sys.path.insert(0, str(folder))
    try:
        steps = Steps(load, folder, session, policy, enter)
    except StepFailed as failed:
        channel.send(LoadFailed(_with_printed(failed.failure)))
        return
    channel.send(Ready())
    while (frame := channel.receive()) is not None:
        message, body = frame
        if isinstance(message, Run):
            begun += 1
            enter(0)
            _answer(channel, steps, message, body, begun)
        elif isinstance(message, Tidy):
            gc.collect()
            give_back()
            channel.send(Tidied(held_bytes()))
        else:
            assert isinstance(message, Weigh)
            channel.send(Weighed(""))


def _answer(channel: Channel, steps: Steps, message: Run, body: bytes, number: int) -> None:
    content = channel.receive_file() if message.by_descriptor else body
    if os.lseek(1, 0, os.SEEK_END):
        os.ftruncate(1, 0)
    timings_ms: dict[str, float] = {}
    try:
        answer = steps.run(content, timings_ms)
    except StepFailed as failed:
        channel.send(Failed(_with_printed(failed.failure), timings_ms, number=number))
    else:
        channel.send(Traced(timings_ms, {}, number) if message.trace else Answer(timings_ms, number), answer)


def _with_printed(failure: Failure) -> Failure:
    printed = os.pread(1, PRINTED_CAP_BYTES, 0).decode(errors="replace")
    return dataclasses.replace(failure, printed=printed) if printed else failure
