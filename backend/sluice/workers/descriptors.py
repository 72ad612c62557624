"""The socket by which a process gets files: their descriptors, in the order of its calls."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections import deque
from collections.abc import Callable

_AGAIN_S = 0.01
# The socket is full, or so many descriptors are on their way to all processes that the kernel takes no more.
_FOR_NOW = frozenset({errno.EAGAIN, errno.ENOBUFS, errno.ENOMEM, errno.ETOOMANYREFS})


class Descriptors:
    """Sends descriptors; those that the kernel doesn't take now wait, and a process that reads one waits too.

    Args:
        ours: our end; closed by `close`.
        on_lost: called when the other end is gone.
    """

    def __init__(self, ours: socket.socket, on_lost: Callable[[], None]) -> None:
        ours.setblocking(False)
        self._socket = ours
        self._on_lost = on_lost
        self._waiting: deque[int] = deque()
        self._timer: asyncio.TimerHandle | None = None

    def send(self, descriptor: int) -> None:
        """Send a descriptor, which may be closed afterwards."""
        try:
            if self._waiting or not self._sent(descriptor):
                self._waiting.append(os.dup(descriptor))
                self._wait()
        except OSError:
            self._on_lost()

    def close(self) -> None:
        """Close the socket; what waits goes nowhere."""
        if self._timer:
            self._timer.cancel()
        while self._waiting:
            os.close(self._waiting.popleft())
        self._socket.close()

    def _go_on(self) -> None:
        self._timer = None
        try:
            while self._waiting and self._sent(self._waiting[0]):
                os.close(self._waiting.popleft())
        except OSError:
            self._on_lost()
        else:
            if self._waiting:
                self._wait()

    def _wait(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_AGAIN_S, self._go_on)

    def _sent(self, descriptor: int) -> bool:
        try:
            socket.send_fds(self._socket, [b"b"], [descriptor])
        except OSError as error:
            if error.errno in _FOR_NOW:
                return False
            raise
        return True
