"""Deeds that say or write far too much."""

import logging
import os
import sys
import tempfile
import warnings


def print_gigabytes():
    """Print 4 GB, a mebibyte at a time."""
    text = "x" * (1 << 20)
    for _ in range(4_000):
        print(text)


def print_lines():
    """Print many short lines to both outputs."""
    for number in range(100_000):
        print(number)
        print(number, file=sys.stderr)


def write_output():
    """Write to the output's descriptors as native code does."""
    block = bytes(1 << 20)
    for _ in range(1_000):
        os.write(1, block)
        os.write(2, block)


def grow_output():
    """Make the output a huge file without writing."""
    os.ftruncate(1, 1 << 40)


def log_much():
    """Log and warn without end."""
    logging.basicConfig(level=logging.DEBUG)
    for number in range(20_000):
        logging.debug("a message of a hundred characters or so, which nobody will ever read again: %s", number)
        warnings.warn(f"warning {number}", stacklevel=1)


def print_odd():
    """Print what no text has: half characters, zeros, escapes."""
    os.write(1, b"\xff\xfe\x00\x1b[2J\xf0\x9f" * 10_000)
    raise ValueError("\ud800 \x00 \x1b[31m" + "\N{PILE OF POO}" * 100_000)


def fill_scratch():
    """Write large files until there is no room."""
    for number in range(100):
        with open(f"{tempfile.gettempdir()}/{number}", "wb") as file:
            for _ in range(60):
                file.write(bytes(1 << 20))


def many_files():
    """Make small files without end."""
    for number in range(20_000):
        open(f"{tempfile.gettempdir()}/{number}", "wb").close()


def deep_folders():
    """Nest folders deeper than any path may be long, and close them to all."""
    os.chdir(tempfile.gettempdir())
    for _ in range(2_000):
        os.mkdir("deeper", 0o700)
        os.chdir("deeper")
    os.mkdir("closed", 0)
