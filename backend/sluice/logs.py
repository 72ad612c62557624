"""Log lines as text or JSON, each with the id of the request it belongs to.

A line has a message and, under `extra={"facts": {...}}`, facts that JSON carries as keys and text as `key=value`.
Payloads, tokens and codes are never logged.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Set by the outermost middleware for as long as a request runs."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def configure(level: str, form: str) -> None:
    """Send everything from `level` up to standard error, as `text` or `json`."""
    # No line says which source line, thread or process wrote it, so none need be found out.
    logging._srcfile = None  # as logging's HOWTO says, "Optimization"
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Libraries are told about only when something is wrong, or when looking for it.
    for name in ("uvicorn.error", "uvicorn.access", "tortoise", "aiosqlite", "asyncio", "python_multipart", "httpx2"):
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" and name == "uvicorn.error" else "WARNING")


def one_line(text: str) -> str:
    """Return `text` with control characters escaped, so that no caller can forge a line."""
    if text.isprintable():
        return text
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


def _time(record: logging.LogRecord) -> str:
    return f"{_second(int(record.created))}.{int(record.msecs):03d}Z"


@lru_cache(maxsize=8)
def _second(timestamp: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(timestamp))


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    return getattr(record, "facts", {})


class TextFormatter(logging.Formatter):
    """Writes one readable line, and a traceback below it where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return `time LEVEL logger [request] message key=value ...`."""
        facts = "".join([f" {key}={one_line(str(value))}" for key, value in _facts(record).items()])
        message = one_line(record.getMessage())
        line = f"{_time(record)} {record.levelname} {record.name} [{request_id.get()}] {message}{facts}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


class JsonFormatter(logging.Formatter):
    """Writes one JSON object to a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return `time`, `level`, `logger`, `requestId`, `message`, the facts and perhaps `traceback`."""
        data = {
            "time": _time(record),
            "level": record.levelname,
            "logger": record.name,
            "requestId": request_id.get(),
            "message": record.getMessage(),
            **_facts(record),
        }
        if record.exc_info:
            data["traceback"] = self.formatException(record.exc_info)
        return json.dumps(data, default=str)
