"""What to do about an error that isn't the script's own: what the sandbox refused, and which packages are missing."""

from __future__ import annotations

import errno
import linecache
import os
import re
import socket
import sys
from collections.abc import Iterator
from types import TracebackType

from sluice.workers.child.packages import header_line, is_known, own_module
from sluice.workers.child.policy import ScriptPolicy

_SETTING = "`network` of the pipeline, SLUICE_NETWORK for all"
_NETWORK = f"The network is closed to scripts; an administrator opens it, if that is right ({_SETTING})."
_SOCKET_KIND = "Scripts may use TCP and UDP here; other kinds of sockets are not permitted in scripts."
_PROCESSES = (
    "Starting other programs or processes is not permitted in scripts; "
    "use a library that does it in this process, or threads."
)
_MULTIPROCESSING = (
    "Other processes are not permitted in scripts; use threads, "
    'e.g. `concurrent.futures.ThreadPoolExecutor` or `joblib.parallel_config(backend="threading")`.'
)
_OTHERS = "Reaching other processes is not permitted in scripts."
_SHARED = (
    "Shared memory is not permitted in scripts, because it can't be counted; "
    "use `bytearray`, or `mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)`."
)
_OTHER = "This operation of the system is not permitted in scripts."

# The first that is found counts: in the library's function or the script's line that was refused, the innermost first.
_BY_PLACE = (
    (re.compile(r"multiprocessing|SemLock|loky|ProcessPool"), _MULTIPROCESSING),
    (re.compile(r"subprocess|popen|posix_spawn|spawn[lv]|fork|exec[lv]|\bsystem\("), _PROCESSES),
    (re.compile(r"\bsocket\b|socketpair|connect|getaddrinfo|asyncio"), _NETWORK),
    (re.compile(r"kill|signal|ptrace|pidfd|setaffinity|setpriority|prlimit|setscheduler"), _OTHERS),
    (re.compile(r"\bmmap\b"), _SHARED),
)
_DNS = 53
_OUT_OF_MEMORY = re.compile(r"std::bad_alloc|[Ii]nsufficient memory|[Ff]ailed to allocate|[Cc]annot allocate memory")


def explain_refusal(error: BaseException, policy: ScriptPolicy | None = None) -> str | None:
    """Return what the sandbox has to do with an exception, or None if it is the script's own affair.

    Args:
        error: as it came out of the script; what it was caused by is looked at too.
        policy: in force.
    """
    policy = policy or ScriptPolicy()
    for one in _chain(error):
        if sentence := _explain(one, policy):
            return sentence
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield the exception and those before it: a library's own error often hides the system's."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        seen.add(id(at))
        yield at
        at = at.__cause__ or at.__context__


def _explain(error: BaseException, policy: ScriptPolicy) -> str | None:
    if isinstance(error, ImportError):
        return _not_importable(error)
    if isinstance(error, MemoryError) or _OUT_OF_MEMORY.search(str(error)):
        return (
            f"The script needs more memory than the {policy.memory_mb} MB that it may take "
            "(`memoryMb` of the pipeline, SLUICE_MEMORY_MB for all)."
        )
    if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
        return (
            f"No further thread starts: each takes 8 MB of the {policy.memory_mb} MB that scripts may take "
            f"(`memoryMb` of the pipeline, SLUICE_MEMORY_MB for all), and {policy.threads} may run "
            "(`threads` of the pipeline, SLUICE_THREADS for all)."
        )
    if isinstance(error, socket.gaierror):
        return _name_not_found(policy)
    if not isinstance(error, OSError):
        return None
    match error.errno:
        case errno.EFBIG:
            return (
                f"A file grew beyond the {policy.scratch_mb} MB that a file may have "
                "(`scratchMb` of the pipeline, SLUICE_SCRATCH_MB for all)."
            )
        case errno.EMFILE:
            return "More than 256 files are open at once, which is not permitted in scripts; close those that are done."
        case errno.ENOENT if "temporary directory" in str(error):
            return _no_scratch(policy)
        case errno.ENOENT:
            return _not_there(error)
        case errno.EPERM | errno.EACCES:
            return _not_permitted(error, policy)
    return None


def _not_importable(error: ImportError) -> str | None:
    if "libGL.so" in str(error):
        return "The package `opencv-python` needs a desktop; name `opencv-python-headless` in the header instead."
    module = (error.name or "").partition(".")[0]
    if not isinstance(error, ModuleNotFoundError) or not module or module in sys.stdlib_module_names:
        return None
    if module in sys.modules:  # it is here, but hasn't got that part
        return None
    own = "" if is_known(module) else f" {own_module(module)}"
    return f"{header_line(module)}.{own}"


def _not_there(error: OSError) -> str | None:
    """Return what to do about a file that would lie beside the scripts."""
    if not isinstance(error.filename, str | bytes):
        return None
    folder, name = os.path.split(os.fsdecode(error.filename))
    if not name or folder not in ("", ".", os.getcwd()):
        return None
    return (
        f"Beside the scripts lie the pipeline's data files: upload '{name}' and add it to the pipeline's `dataFiles`."
    )


def _not_permitted(error: OSError, policy: ScriptPolicy) -> str:
    if isinstance(error.filename, str | bytes) and error.errno == errno.EACCES:
        return _file_refused(os.fsdecode(error.filename), policy)
    sentence = next((s for place in _places(error) for known, s in _BY_PLACE if known.search(place)), None)
    if sentence is _NETWORK:
        return _not_connected(policy)
    return sentence or _OTHER


def _name_not_found(policy: ScriptPolicy) -> str | None:
    """Return what the sandbox has to do with a host's name that can't be looked up."""
    if policy.ports is None:
        return _NETWORK if policy.network == "off" else None
    if _DNS in policy.ports:
        return None
    return (
        f"{_only(policy.ports)} Names are looked up at port {_DNS}: add that, and a name server that answers by TCP "
        "is asked; or use an address instead of the name."
    )


def _not_connected(policy: ScriptPolicy) -> str:
    if policy.ports is None:
        return _NETWORK if policy.network == "off" else _SOCKET_KIND
    return f"{_only(policy.ports)} Everything else is closed: other ports, UDP, listening, Unix sockets."


def _only(ports: tuple[int, ...]) -> str:
    named = ", ".join(map(str, ports))
    return f"Scripts may connect by TCP to port {named} here ({_SETTING})."


def _file_refused(path: str, policy: ScriptPolicy) -> str:
    if path.startswith("/dev/shm"):
        return _SHARED
    if not policy.scratch_mb:
        return f"'{os.path.basename(path)}' can't be used: {_no_scratch(policy)}"
    return (
        f"Using '{os.path.basename(path)}' where it lies is not permitted in scripts: they read the files of their "
        "pipeline and of libraries, and write in their temporary folder only (`tempfile.gettempdir()`)."
    )


def _no_scratch(policy: ScriptPolicy) -> str:
    if policy.scratch_mb:
        return "scripts write in their temporary folder only (`tempfile.gettempdir()`)."
    return (
        "scripts have no temporary folder here; "
        "`scratchMb` of the pipeline gives them one, or SLUICE_SCRATCH_MB to all."
    )


def _places(error: BaseException) -> Iterator[str]:
    """Yield where it happened, innermost first: file, function and source line."""
    frames = []
    at: TracebackType | None = error.__traceback__
    while at is not None:
        code = at.tb_frame.f_code
        folder, name = os.path.split(code.co_filename)
        line = linecache.getline(code.co_filename, at.tb_lineno).strip()
        frames.append(f"{os.path.basename(folder)}/{name} {code.co_name} {line}")
        at = at.tb_next
    yield from reversed(frames)
