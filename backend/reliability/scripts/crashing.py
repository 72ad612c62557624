"""Deeds that end or break the process that does them."""

import ctypes
import os
import signal
import sys
import threading
import time


def segfault():
    """Read where nothing is."""
    ctypes.string_at(0)


def corrupt():
    """Free what was never allocated."""
    ctypes.CDLL(None).free(ctypes.c_void_p(16))


def overflow():
    """Use up the stack in native code."""
    nested = ()
    for _ in range(200_000):
        nested = (nested,)
    hash(nested)


def leave():
    """End the process as if all were well."""
    os._exit(0)


def abort():
    """End the process with a signal, as a failed assertion in native code does."""
    os.abort()


def kill():
    """End the process by the signal that nobody can catch."""
    os.kill(os.getpid(), signal.SIGKILL)


def sabotage():
    """Take away what the worker itself needs."""
    for name, module in list(sys.modules.items()):
        if name.startswith("sluice.workers"):
            for thing in list(vars(module)):
                if not thing.startswith("__"):
                    setattr(module, thing, None)


def complain():
    """Raise what isn't even an `Exception`."""
    raise SystemExit(3)


def recurse():
    """Call itself until Python refuses."""
    recurse()


def die_later():
    """Answer well, and crash some time after."""
    threading.Thread(target=_die, daemon=True).start()


def alarm():
    """Answer well, and have the kernel end the process some time after."""
    signal.setitimer(signal.ITIMER_REAL, 0.02)


def _die():
    time.sleep(0.02)
    ctypes.string_at(0)
