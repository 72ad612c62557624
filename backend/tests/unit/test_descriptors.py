"""Files for a process that reads late."""

from __future__ import annotations

import asyncio
import os
import socket

import pytest

from sluice.workers.descriptors import Descriptors

FILES = 100


def receive(theirs: socket.socket) -> list[bytes]:
    """Return the contents of all files that come."""
    found = []
    for _ in range(FILES):
        _, (descriptor,), _, _ = socket.recv_fds(theirs, 1, 1)
        found.append(os.pread(descriptor, 10, 0))
        os.close(descriptor)
    return found


@pytest.fixture
def sockets() -> tuple[socket.socket, socket.socket]:
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)  # the kernel's least
    return ours, theirs


async def test_what_the_kernel_doesnt_take_now_waits(sockets: tuple[socket.socket, socket.socket]) -> None:
    lost: list[bool] = []
    sender = Descriptors(sockets[0], lambda: lost.append(True))
    for number in range(FILES):
        file = os.memfd_create("file")
        os.write(file, b"%d" % number)
        sender.send(file)
        os.close(file)
    assert sender._waiting
    with sockets[1] as theirs:
        assert await asyncio.to_thread(receive, theirs) == [b"%d" % number for number in range(FILES)]
    assert (lost, len(sender._waiting)) == ([], 0)
    sender.send(0)
    assert lost == [True]
    sender.close()


async def test_closing_leaves_no_descriptor_open(sockets: tuple[socket.socket, socket.socket]) -> None:
    before = len(os.listdir("/proc/self/fd"))
    sender = Descriptors(sockets[0], lambda: None)
    for _ in range(FILES):
        sender.send(sockets[1].fileno())
    assert len(os.listdir("/proc/self/fd")) > before
    sender.close()
    sockets[1].close()
    assert len(os.listdir("/proc/self/fd")) == before - 2
