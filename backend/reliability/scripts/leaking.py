"""Deeds that take and never give back."""

import mmap
import os
import tempfile
import threading

kept = []


def grow():
    """Keep 24 MiB for ever."""
    kept.append(bytearray(os.urandom(1 << 20) * 24))


def swell():
    """Take memory until there is none."""
    while True:
        kept.append(bytearray(8 << 20))


def claim():
    """Ask for more memory than any machine has."""
    kept.append(bytearray(1 << 50))


def claim_by_numpy():
    """Ask for a large array and write all of it."""
    import numpy as np

    kept.append(np.ones(1 << 30, np.float64))


def map_memory():
    """Take memory past Python's allocator."""
    while True:
        kept.append(mmap.mmap(-1, 64 << 20, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
        kept[-1].write(bytes(64 << 20))


def keep_descriptors():
    """Use up the descriptors."""
    while True:
        os.dup(0)


def keep_files():
    """Leave open files and their content behind, 4 MiB each time."""
    file = tempfile.NamedTemporaryFile(delete=False)  # that is the point
    file.write(bytes(4 << 20))
    file.flush()
    kept.append(file)


def keep_deleted_files():
    """Fill the disk with what no folder shows."""
    while True:
        file = tempfile.TemporaryFile()
        kept.append(file)
        file.write(bytes(16 << 20))
        file.flush()


def keep_threads():
    """Leave ten threads waiting."""
    for _ in range(10):
        threading.Thread(target=threading.Event().wait, daemon=True).start()
