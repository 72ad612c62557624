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
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sluice.workers.child.allocator import give_back, held_bytes
from sluice.workers.child.context import provide, shared
from sluice.workers.child.failing import StepFailed
from sluice.workers.child.forms import Written
from sluice.workers.child.policy import ScriptPolicy
from sluice.workers.child.prints import Prints
from sluice.workers.child.session import Session
from sluice.workers.child.steps import Steps
from sluice.workers.child.weighing import Scales
from sluice.workers.encoding import PREFIX, decode, encode
from sluice.workers.messages import (
    STATUS,
    STEP_AT,
    STEP_TIMES,
    STEP_TIMES_AT,
    Answer,
    Failed,
    Failure,
    Inference,
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
)

_JOINED_BYTES = 64 << 10  # below that one system call costs more than a copy
_NOTHING = Written(())


class Channel:
    """The worker's end of the two sockets; blocking."""

    def __init__(self, frames: int, descriptors: int) -> None:
        self._socket = socket.socket(fileno=frames)
        self._reader = self._socket.makefile("rb", buffering=1 << 16)
        self._descriptors = socket.socket(fileno=descriptors)

    def receive(self) -> tuple[Message, bytes, bytes] | None:
        """Return the next message, its body and the tensors behind that; None when the server hung up."""
        prefix = self._reader.read(PREFIX.size)
        if len(prefix) < PREFIX.size:
            return None
        header_size, body_size = PREFIX.unpack(prefix)
        message = decode(self._reader.read(header_size))
        head_size = _head_bytes(message.inference) if isinstance(message, Run) else 0
        # Each in memory of its own: tensors must begin where the processor likes it.
        head = self._reader.read(min(head_size, body_size) or body_size)
        return message, head, self._reader.read(body_size - len(head))

    def receive_file(self, inference: Inference | None) -> tuple[bytes, bytes]:
        """Return the content of the file whose descriptor comes next, and the tensors behind it."""
        _, (descriptor,), _, _ = socket.recv_fds(self._descriptors, 1, 1)
        with os.fdopen(descriptor, "rb", buffering=0) as file:
            file.seek(0)
            head_size = _head_bytes(inference)
            return (file.read(head_size), file.readall()) if head_size else (file.readall(), b"")

    def send(self, message: Message, pieces: Sequence[bytes | memoryview] = ()) -> None:
        """Send one frame."""
        size = sum(map(len, pieces))
        head = encode(message, size)
        if size < _JOINED_BYTES:
            self._socket.sendall(b"".join((head, *pieces)))
        else:
            self._socket.sendall(head)
            for piece in pieces:
                self._socket.sendall(piece)


def _head_bytes(inference: Inference | None) -> int:
    """Return how much of a body is read apart; 0 where it is all of one kind."""
    return (inference.head_bytes or 0) if inference else 0


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
    load = first[0]
    assert isinstance(load, Load)
    # Not before: neither a zygote nor /proc/PID/environ ever has them.
    os.environ.update(load.variables)
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
        message, body, tensors = frame
        if isinstance(message, Run):
            if shared:
                shared.clear()  # by a thread of an earlier call
            prints.begin()
            begun += 1
            times[0] = time.perf_counter()
            STATUS.pack_into(page, 0, begun, 0)
            _answer(channel, steps, prints, message, body, tensors, begun)
        elif isinstance(message, Tidy):
            gc.collect()
            give_back()
            channel.send(Tidied(held_bytes()))
        else:
            assert isinstance(message, Weigh)
            channel.send(Weighed(scales.tell()))


def _answer(
    channel: Channel, steps: Steps, prints: Prints, message: Run, body: bytes, tensors: bytes, number: int
) -> None:
    if message.by_descriptor:
        body, tensors = channel.receive_file(message.inference)
    timings_ms: dict[str, float] = {}
    trace = steps.new_trace() if message.trace else None
    form = steps.new_form(message.inference, tensors) if message.inference else None
    answer = _NOTHING
    reply: Message
    try:
        answer = steps.run(body, timings_ms, trace, form)
    except StepFailed as failed:
        prints.end()
        printed = prints.read()
        told = failed.trace.steps(timings_ms) if failed.trace else []
        facts = {"printed": printed, "steps": told, "frames": failed.frames}
        reply = Failed(_with_printed(failed.failure, printed), timings_ms, facts, number)
    else:
        prints.end()
        if trace is None:
            reply = Answer(timings_ms, number, answer.head_bytes, answer.compressed)
        else:
            reply = Traced(timings_ms, {"printed": prints.read(), "steps": trace.steps(timings_ms)}, number)
    if shared:
        shared.clear()
    channel.send(reply, answer.pieces)


def _with_printed(failure: Failure, printed: str | None) -> Failure:
    return dataclasses.replace(failure, printed=printed) if printed else failure
