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
import time
from pathlib import Path

import numpy as np

from sluice.workers.child.allocator import give_back, held_bytes
from sluice.workers.child.context import provide, shared
from sluice.workers.child.failing import StepFailed
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.prints import Prints
from sluice.workers.child.session import Session
from sluice.workers.child.steps import Steps
from sluice.workers.child.weighing import Scales
from sluice.workers.messages import (
    PREFIX,
    STATUS,
    STEP_AT,
    STEP_TIMES,
    STEP_TIMES_AT,
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
    times = memoryview(page)[STEP_TIMES_AT : STEP_TIMES_AT + STEP_TIMES.size].cast("d")
    begun = 0

    def enter(step: int, at: float) -> None:
        times[step] = at
        page[STEP_AT] = step

    first = channel.receive()
    if first is None:
        return
    load, _ = first
    assert isinstance(load, Load)
    sys.path.insert(0, str(folder))
    provide()
    prints = Prints()
    try:
        steps = Steps(load, folder, session, policy, enter)
        prints.keep_streams()
        if load.warm:
            steps.warm(folder, load.sample)
            prints.end()
    except StepFailed as failed:
        prints.end()
        channel.send(LoadFailed(_with_printed(failed.failure, prints.read())))
        return
    scales = Scales(str(folder))
    channel.send(Ready())
    while (frame := channel.receive()) is not None:
        message, body = frame
        if isinstance(message, Run):
            if shared:
                shared.clear()  # by a thread of an earlier call
            prints.begin()
            begun += 1
            times[0] = time.perf_counter()
            STATUS.pack_into(page, 0, begun, 0)
            _answer(channel, steps, prints, message, body, begun)
        elif isinstance(message, Tidy):
            gc.collect()
            give_back()
            channel.send(Tidied(held_bytes()))
        else:
            assert isinstance(message, Weigh)
            channel.send(Weighed(scales.tell()))


def _answer(channel: Channel, steps: Steps, prints: Prints, message: Run, body: bytes, number: int) -> None:
    content = channel.receive_file() if message.by_descriptor else body
    timings_ms: dict[str, float] = {}
    trace = steps.new_trace() if message.trace else None
    answer = b""
    reply: Message
    try:
        answer = steps.run(content, timings_ms, trace)
    except StepFailed as failed:
        prints.end()
        printed = prints.read()
        told = failed.trace.steps(timings_ms) if failed.trace else []
        facts = {"printed": printed, "steps": told, "frames": failed.frames}
        reply = Failed(_with_printed(failed.failure, printed), timings_ms, facts, number)
    else:
        prints.end()
        if trace is None:
            reply = Answer(timings_ms, number)
        else:
            reply = Traced(timings_ms, {"printed": prints.read(), "steps": trace.steps(timings_ms)}, number)
    if shared:
        shared.clear()
    channel.send(reply, answer)


def _with_printed(failure: Failure, printed: str | None) -> Failure:
    return dataclasses.replace(failure, printed=printed) if printed else failure
