"""Deeds that never end, but for `nap`."""

import os
import re
import select
import signal
import stat
import threading
import time


def loop():
    """Compute for ever in Python."""
    while True:
        pass


def sleep():
    """Wait for ever."""
    time.sleep(1e9)


def nap():
    """Wait for a moment."""
    time.sleep(0.3)


def compute():
    """Compute for hours in native code, which no Python signal handler interrupts."""
    pow(7, 10**10)


def search():
    """Match a pattern that takes exponential time."""
    re.match(r"(a+)+$", "a" * 64 + "b")


def lock():
    """Wait for itself."""
    turn = threading.Lock()
    turn.acquire()
    turn.acquire()


def refuse():
    """Wait for ever with every signal blocked that can be."""
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    select.select([], [], [])


def stop():
    """Have the kernel stop this process."""
    os.kill(os.getpid(), signal.SIGSTOP)


def steal():
    """Read what the server sends to this worker."""
    sockets = [number for number in range(256) if _is_socket(number)]
    while True:
        for number in select.select(sockets, [], [])[0]:
            if not os.read(number, 1 << 20):
                sockets.remove(number)


def swallow():
    """Take every exception for no reason to end."""
    while True:
        try:
            time.sleep(1)
        except BaseException:
            continue


def burn():
    """Answer well, and leave threads behind that compute for ever."""
    for _ in range(4):
        threading.Thread(target=loop, daemon=True).start()


def _is_socket(descriptor):
    try:
        return stat.S_ISSOCK(os.fstat(descriptor).st_mode)
    except OSError:
        return False
