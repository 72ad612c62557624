"""multiprocessing's locks, among the threads of one process.

Its `ThreadPool`, which joblib and others use too, takes them from named semaphores in /dev/shm. Scripts have neither
that folder nor processes, so a lock among threads does the same.
"""

from __future__ import annotations

import importlib
import threading
from typing import Any

_RECURSIVE = 0  # multiprocessing.synchronize.RECURSIVE_MUTEX


class ThreadSemaphore:
    """Stands in for `_multiprocessing.SemLock`.

    Source: Modules/_multiprocessing/semaphore.c of CPython.
    """

    SEM_VALUE_MAX = 2**31 - 1

    def __init__(self, kind: int, value: int, maxvalue: int, name: str, unlink: bool) -> None:
        self.kind = kind
        self.maxvalue = maxvalue
        self.handle = id(self)
        self.name = None  # none that another process could find it by
        self._value = value
        self._changed = threading.Condition(threading.Lock())
        self._owner: int | None = None
        self._depth = 0

    def acquire(self, block: bool = True, timeout: float | None = None) -> bool:
        """Return whether it was taken."""
        me = threading.get_ident()
        if self.kind == _RECURSIVE and self._owner == me:
            self._depth += 1
            return True
        with self._changed:
            wait_s = (None if timeout is None else max(timeout, 0.0)) if block else 0.0
            if not self._changed.wait_for(lambda: self._value > 0, wait_s):
                return False
            self._value -= 1
            self._owner = me
            self._depth = 1
            return True

    def release(self) -> None:
        """Give it back.

        Raises:
            AssertionError: it is another thread's.
            ValueError: it was given back too often.
        """
        if self.kind == _RECURSIVE:
            if self._owner != threading.get_ident():
                raise AssertionError("attempt to release recursive lock not owned by thread")
            self._depth -= 1
            if self._depth:
                return
        with self._changed:
            if self._value >= self.maxvalue:
                raise ValueError("semaphore or lock released too many times")
            self._owner = None
            self._value += 1
            self._changed.notify()

    def __enter__(self) -> bool:
        return self.acquire()

    def __exit__(self, *_: object) -> None:
        self.release()

    def _count(self) -> int:
        return self._depth if self._owner is not None else 0

    def _is_mine(self) -> bool:
        return self._owner == threading.get_ident()

    def _get_value(self) -> int:
        return self._value

    def _is_zero(self) -> bool:
        return self._value == 0

    def _after_fork(self) -> None:
        """Do nothing: there is no fork."""


def use_thread_locks() -> None:
    """Have multiprocessing, which may be imported later, use them in this process."""
    module: Any = importlib.import_module("_multiprocessing")
    module.SemLock = ThreadSemaphore
