"""Deeds with the answer, and with the descriptors over which it goes."""

import json
import os
import socket
import stat
import struct
import sys
import time


def giant():
    """Answer with 64 MiB."""
    return "x" * (64 << 20)


def nested():
    """Answer with what no JSON parser takes."""
    deep = []
    for _ in range(100_000):
        deep = [deep]
    return deep


def endless():
    """Answer with what never ends."""
    ring = []
    ring.append(ring)
    return ring


def many_keys():
    """Answer with many keys."""
    return {str(number): number for number in range(200_000)}


def forge():
    """Send an answer of one's own making before the real one."""
    number = sys.modules["obeying"].calls
    _write(_frame({"kind": "answer", "timings_ms": {"model": 0.1}, "number": number}, b'{"number":-1}'))


def forge_failure():
    """Send a failure with a step that doesn't exist and megabytes of text."""
    failure = {"step": "elsewhere", "kind": "k", "message": "m" * (8 << 20)}
    _write(_frame({"kind": "failed", "failure": failure, "timings_ms": {}, "number": sys.modules["obeying"].calls}))
    _stay()


def forge_ready():
    """Say for a second time that all is loaded."""
    _write(_frame({"kind": "ready"}))
    _stay()


def forge_depth():
    """Send a message that is nested too deep to be parsed."""
    _write(struct.pack("!IQ", 200_000, 0) + b"[" * 200_000)
    _stay()


def claim():
    """Announce exabytes."""
    _write(struct.pack("!IQ", 40, 1 << 62) + bytes(40))
    _stay()


def begin():
    """Announce a megabyte, send half of it and never the rest."""
    _write(struct.pack("!IQ", 2, 1 << 20) + b"{}" + bytes(1 << 19))
    _stay()


def junk():
    """Send noise over every descriptor."""
    _write(os.urandom(1 << 20))
    _stay()


def drown():
    """Send noise without end."""
    block = bytes(1 << 20)
    while True:
        _write(block)


def give():
    """Send the server descriptors that it never asked for."""
    for number in _sockets():
        for _ in range(100):
            with socket.socket(fileno=os.dup(number)) as copy:
                copy.setblocking(False)
                socket.send_fds(copy, [b"x"], [0, 1, 2] * 80)


def close():
    """Close every descriptor."""
    os.closerange(0, 65536)
    _stay()


def shut():
    """Shut the sockets and stay."""
    for number in _sockets():
        with socket.socket(fileno=os.dup(number)) as copy:
            copy.shutdown(socket.SHUT_RDWR)
    _stay()


def replace():
    """Put something else in the place of every descriptor."""
    for number in range(256):
        if number:
            os.dup2(0, number)
    _stay()


def empty():
    """Empty, or else enlarge, every file that is open, the ones that the server reads included."""
    for number in range(256):
        for size in (0, 1 << 40):
            try:
                os.ftruncate(number, size)
            except OSError:
                continue


def overwrite():
    """Write over every file that is open."""
    for number in range(256):
        try:
            os.pwrite(number, b"\xff" * 4096, 0)
        except OSError:
            continue


def block():
    """Make the sockets non-blocking, which the worker doesn't expect."""
    for number in _sockets():
        os.set_blocking(number, False)
    return "x" * (900 << 10)


def _frame(message, body=b""):
    header = json.dumps(message).encode()
    return struct.pack("!IQ", len(header), len(body)) + header + body


def _stay():
    time.sleep(1e9)  # so that the server knows in which step it was


def _write(data):
    for number in _sockets():
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(number, rest) :]
        except OSError:
            continue


def _sockets():
    found = []
    for number in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                found.append(number)
        except OSError:
            continue
    return found
