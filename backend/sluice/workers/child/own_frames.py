"""Where in the user's own files an exception came from, with the lines around.

Exceptions are a script's own objects: whatever they are, looking at them raises nothing.
"""

from __future__ import annotations

import linecache
import os
from typing import Any

_AROUND = 2
_OUTERMOST, _INNERMOST = 5, 15  # of a recursion the middle says nothing
_LINE_CHARACTERS = 400


def own_frames(error: BaseException, folder: str) -> list[dict[str, Any]]:
    """Return `script`, `line`, `function` and `source` of each frame in the folder's files, the innermost last.

    Where a file isn't Python, the last one is the place in it, without `function`.
    """
    places = []
    try:
        # Not as an attribute of the exception: its class may have one of its own by that name.
        at = BaseException.__dict__["__traceback__"].__get__(error)
        while at is not None:
            code = at.tb_frame.f_code
            if name := name_in(folder, code.co_filename):
                places.append((name, at.tb_lineno, code.co_name))
            at = at.tb_next
        if isinstance(error, SyntaxError) and type(error.lineno) is int and type(error.filename) is str:
            if name := name_in(folder, error.filename):
                places.append((name, error.lineno, None))
    except BaseException:
        pass  # what was found so far is true
    if len(places) > _OUTERMOST + _INNERMOST:
        places[_OUTERMOST:-_INNERMOST] = []
    return [frame(folder, *place) for place in places]


def frame(folder: str, script: str, line: int, function: str | None = None) -> dict[str, Any]:
    """Return one frame as a trace has it."""
    told: dict[str, Any] = {"script": script, "line": line}
    if function is not None:
        told["function"] = function[:_LINE_CHARACTERS]
    return told | {"source": _source(folder, script, line)}


def line_text(folder: str, script: str, line: int) -> str | None:
    """Return one line of a file, or None if there is no text in it."""
    found = [at["text"] for at in _source(folder, script, line) if at["line"] == line]
    return found[0] if found and found[0] else None


def name_in(folder: str, path: str) -> str | None:
    """Return a file's name if it lies in the folder itself."""
    head, name = os.path.split(path)
    return name if head == folder else None


def _source(folder: str, script: str, line: int) -> list[dict[str, Any]]:
    try:
        lines = linecache.getlines(os.path.join(folder, script))
        first = max(1, line - _AROUND)
        around = lines[first - 1 : line + _AROUND]
        return [{"line": first + i, "text": text.rstrip("\n")[:_LINE_CHARACTERS]} for i, text in enumerate(around)]
    except BaseException:
        return []  # linecache is a module that scripts can change
