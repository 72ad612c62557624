"""Deeds that start processes or threads, or that reach for those of others."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading


def fork():
    """Fork, and have the child stay."""
    if os.fork() == 0:
        signal.pause()


def bomb():
    """Fork for ever."""
    while True:
        os.fork()


def detach():
    """Fork twice and begin a session, as daemons do."""
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            signal.pause()
        os._exit(0)


def run():
    """Run a program."""
    subprocess.run([sys.executable, "-c", "import time; time.sleep(1e6)"])


def shell():
    """Run a shell in the background."""
    if os.system("sleep 1000000 &") != 0:
        raise OSError("The shell didn't run.")


def spawn():
    """Run a program the newer way."""
    os.posix_spawn("/bin/sleep", ["sleep", "1000000"], {})


def pool():
    """Use multiprocessing."""
    multiprocessing.get_context("fork").Process(target=signal.pause).start()


def start_threads():
    """Start threads until it is refused."""
    while True:
        threading.Thread(target=threading.Event().wait, daemon=True).start()


def breed():
    """Start threads that start threads."""

    def grow():
        while True:
            threading.Thread(target=grow, daemon=True).start()

    grow()


def kill_parent():
    """End the process that forked this one."""
    os.kill(os.getppid(), signal.SIGKILL)


def kill_all():
    """End everything that may be signalled."""
    os.kill(-1, signal.SIGKILL)


def kill_group():
    """End the process group."""
    os.killpg(0, signal.SIGKILL)


def stop_parent():
    """Stop the process that forked this one."""
    os.kill(os.getppid(), signal.SIGSTOP)
