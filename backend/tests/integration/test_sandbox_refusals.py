"""What scripts can't do in a confined worker is refused with the reason; their own errors stay as they are."""

from __future__ import annotations

import pytest
from locked import Zygote, run_script

from sluice.workers.child.policy import ScriptPolicy

REFUSED = {
    "subprocess": (
        "import subprocess\ndef process(content):\n    subprocess.run(['ls'], check=True)",
        "PermissionError",
        "Starting other programs or processes is not permitted in scripts",
    ),
    "os.fork": (
        "import os\ndef process(content):\n    os.fork()",
        "PermissionError",
        "Starting other programs or proc",
    ),
    "multiprocessing": (
        "import multiprocessing\ndef process(content):\n    multiprocessing.Process(target=print).start()",
        "PermissionError",
        "Other processes are not permitted in scripts; use threads",
    ),
    "multiprocessing pool": (
        "import multiprocessing\ndef process(content):\n    multiprocessing.Pool(2)",
        "PermissionError",
        "Other processes are not permitted in scripts; use threads",
    ),
    "process pool": (
        "import concurrent.futures\ndef process(content):\n"
        "    list(concurrent.futures.ProcessPoolExecutor(2).map(abs, [1]))",
        "",
        "Other processes are not permitted in scripts; use threads",
    ),
    "urllib": (
        "import urllib.request\ndef process(content):\n    urllib.request.urlopen('http://127.0.0.1:9/')",
        "URLError",
        "an administrator opens it, if that is right (`network` of the pipeline, SLUICE_NETWORK for all)",
    ),
    "name lookup": (
        "import socket\ndef process(content):\n    socket.getaddrinfo('example.org', 80)",
        "gaierror",
        "an administrator opens it, if that is right (`network` of the pipeline, SLUICE_NETWORK for all)",
    ),
    "httpx2": (
        "import httpx2\ndef process(content):\n    httpx2.get('http://127.0.0.1:9/', trust_env=False)",
        "ConnectError",
        "an administrator opens it, if that is right (`network` of the pipeline, SLUICE_NETWORK for all)",
    ),
    "asyncio connection": (
        "import asyncio\ndef process(content):\n    asyncio.run(asyncio.open_connection('127.0.0.1', 9))",
        "PermissionError",
        "an administrator opens it, if that is right (`network` of the pipeline, SLUICE_NETWORK for all)",
    ),
    "another folder": (
        "def process(content):\n    open('/var/tmp/result.txt', 'w')",
        "PermissionError",
        "'result.txt' where it lies is not permitted in scripts",
    ),
    "a file beside the script": (
        "def process(content):\n    open('cache.bin', 'wb')",
        "PermissionError",
        "'cache.bin' where it lies is not permitted in scripts",
    ),
    "large file": (
        "import tempfile\ndef process(content):\n    tempfile.TemporaryFile().write(bytes(17 << 20))",
        "OSError",
        "16 MB that a file may have (`scratchMb` of the pipeline, SLUICE_SCRATCH_MB for all)",
    ),
    "a data file that isn't attached": (
        "def process(content):\n    open('labels.json')",
        "FileNotFoundError",
        "upload 'labels.json' and add it to the pipeline's `dataFiles`",
    ),
    "much memory": (
        "def process(content):\n    return len(bytearray(2 << 30))",
        "MemoryError",
        "1024 MB that it may take (`memoryMb` of the pipeline, SLUICE_MEMORY_MB for all)",
    ),
    "much memory in numpy": (
        "import numpy as np\ndef process(content):\n    return np.zeros((1 << 28,)).size",
        "MemoryError: Unable to allocate",
        "1024 MB that it may take (`memoryMb` of the pipeline, SLUICE_MEMORY_MB for all)",
    ),
    "shared memory": (
        "import mmap\ndef process(content):\n    mmap.mmap(-1, 100)",
        "PermissionError",
        "Shared memory is not permitted in scripts",
    ),
    "named shared memory": (
        "from multiprocessing import shared_memory\ndef process(content):\n"
        "    shared_memory.SharedMemory(create=True, size=10)",
        "PermissionError",
        "is not permitted in scripts",
    ),
    "another process": (
        "import os\ndef process(content):\n    os.kill(os.getppid(), 15)",
        "PermissionError",
        "Reaching other processes is not permitted in scripts",
    ),
    "many open files": (
        "import tempfile\ndef process(content):\n    return len([tempfile.TemporaryFile() for _ in range(300)])",
        "OSError",
        "More than 256 files",
    ),
}

OWN = {
    "a missing file": "def process(content):\n    open('folder/labels.csv')",
    "a mistake": "def process(content):\n    return content['a']",
    "an error of its own": "def process(content):\n    raise PermissionError('you may not')",
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_with_the_reason(confined: Zygote, name: str) -> None:
    source, raised, explanation = REFUSED[name]
    outcome = run_script(confined, source)
    assert outcome.error and raised in outcome.error, outcome.error
    assert outcome.explained and explanation in outcome.explained, outcome.traceback


@pytest.mark.parametrize("name", OWN)
def test_the_scripts_own_errors_are_not_explained_away(confined: Zygote, name: str) -> None:
    outcome = run_script(confined, OWN[name])
    assert outcome.error and outcome.explained is None


def test_without_scratch_the_setting_is_named(confined: Zygote) -> None:
    source = "import tempfile\ndef process(content):\n    tempfile.mkdtemp()"
    outcome = run_script(confined, source, ScriptPolicy(scratch_mb=0))
    assert outcome.error and outcome.explained and "SLUICE_SCRATCH_MB" in outcome.explained, outcome.traceback
