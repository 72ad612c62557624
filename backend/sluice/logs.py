"""Log lines as text or JSON, each with the id of the request it belongs to.

A line has a message and, under `extra={"facts": {...}}`, facts that JSON carries as keys and text as `key=value`. Facts
whose key ends in `Ms` are numbers.
Payloads, tokens and codes are never logged.
"""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sys
import time
from collections.abc import Mapping
from contextvars import ContextVar
from functools import lru_cache
from typing import Any, TextIO

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""Set by the outermost middleware for as long as a request runs."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_to_json = json.JSONEncoder(default=str).encode
_ours: list[logging.Handler] = []  # the root logger's, where nobody else listens


def configure(level: str, form: str) -> None:
    """Send everything from `level` up to standard error, as `text` or `json`."""
    # No line says which source line, thread or process wrote it, so none need be found out.
    logging._srcfile = None  # as logging's HOWTO says, "Optimization"
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    _ours[:] = [Lines(sys.stderr, JsonFormatter() if form == "json" else TextFormatter())]
    root = logging.getLogger()
    root.handlers[:] = _ours
    root.setLevel(level.upper())
    # Libraries are told about only when something is wrong, or when looking for it.
    for name in ("uvicorn.error", "uvicorn.access", "tortoise", "aiosqlite", "asyncio", "python_multipart", "httpx2"):
        logging.getLogger(name).setLevel(logging.DEBUG if level == "debug" and name == "uvicorn.error" else "WARNING")


def info(log: logging.Logger, message: str, facts: Mapping[str, Any], request: str) -> None:
    """Log as `log.info(message, extra={"facts": facts})` inside that request does, for a fraction of its cost."""
    if log.root.handlers != _ours:
        token = request_id.set(request)
        log.info(message, extra={"facts": facts})
        request_id.reset(token)
    elif log.isEnabledFor(logging.INFO):
        lines = _ours[0]
        assert isinstance(lines, Lines)
        lines.add(lines.form.line(time.time(), "INFO", log.name, request, message, facts))


def one_line(text: str) -> str:
    """Return `text` with control characters escaped, so that no caller can forge a line."""
    if text.isprintable():
        return text
    return _CONTROL.sub(lambda match: match[0].encode("unicode_escape").decode(), text)


class Lines(logging.Handler):
    """Writes lines to a stream: those of one turn of the event loop together, all others at once."""

    def __init__(self, stream: TextIO, form: TextFormatter | JsonFormatter) -> None:
        super().__init__()
        self.form = form
        self._stream = stream
        self._waiting: list[str] = []
        self.setFormatter(form)

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record."""
        try:
            self.add(self.format(record))
        except Exception:
            self.handleError(record)

    def add(self, line: str) -> None:
        """Write a line."""
        self._waiting.append(line)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # another thread, or before and after the loop
            self.flush()
        else:
            if len(self._waiting) == 1:
                loop.call_soon(self.flush)

    def flush(self) -> None:
        """Write what waits."""
        lock = self.lock
        assert lock
        with lock:
            waiting, self._waiting = self._waiting, []
            if waiting:
                waiting.append("")
                self._stream.write("\n".join(waiting))
                self._stream.flush()


def _time(created: float) -> str:
    return f"{_second(int(created))}.{int(created % 1 * 1000):03d}Z"


@lru_cache(maxsize=8)
def _second(timestamp: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(timestamp))


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    return getattr(record, "facts", {})


class TextFormatter(logging.Formatter):
    """Writes one readable line, and a traceback below it where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Return `time LEVEL logger [request] message key=value ...`."""
        said = record.getMessage()
        line = self.line(record.created, record.levelname, record.name, request_id.get(), said, _facts(record))
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line

    def line(
        self, created: float, level: str, logger: str, request: str, message: str, facts: Mapping[str, Any]
    ) -> str:
        """Return the same without a record."""
        told = _form(*facts) % tuple(facts.values())
        return one_line(f"{_time(created)} {level} {logger} [{request}] {message}{told}")


@lru_cache(maxsize=64)
def _form(*keys: str) -> str:
    return "".join([f" {key}=%{'.2f' if key.endswith('Ms') else 's'}" for key in keys])


class JsonFormatter(logging.Formatter):
    """Writes one JSON object to a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return `time`, `level`, `logger`, `requestId`, `message`, the facts and perhaps `traceback`."""
        facts = _facts(record)
        if record.exc_info:
            facts = {**facts, "traceback": self.formatException(record.exc_info)}
        return self.line(record.created, record.levelname, record.name, request_id.get(), record.getMessage(), facts)

    def line(
        self, created: float, level: str, logger: str, request: str, message: str, facts: Mapping[str, Any]
    ) -> str:
        """Return the same without a record."""
        data = {
            "time": _time(created),
            "level": level,
            "logger": logger,
            "requestId": request,
            "message": message,
            **{key: round(value, 2) if type(value) is float else value for key, value in facts.items()},
        }
        return _to_json(data)
