"""Says whether an answer is one that the server may give."""

from __future__ import annotations

import json
import re
from typing import Any

from benchmarks.client import Answer
from reliability.deeds import RIGHT, STATUS, Deed

_ALWAYS = {"type", "title", "status", "code", "detail", "requestId"}
# Nothing of the server's inside: no traceback, no path of its files, no place in memory.
_LEAKS = re.compile(r'Traceback \(|File \\"/|/blobs/|/incoming/|/run/|site-packages')


def outcome(answer: Answer) -> str:
    """Return `right`, or the code of an error; `?` with the status if it is neither."""
    if answer.status == 200:
        return RIGHT
    code = problem(answer).get("code")
    return code if isinstance(code, str) else f"? {answer.status}"


def problem(answer: Answer) -> dict[str, Any]:
    """Return an error's body, or nothing where it is none."""
    try:
        told = json.loads(answer.body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def fault_of(answer: Answer, deed: Deed, right: bytes) -> str | None:
    """Return what is wrong with the answer to a deed, if anything.

    Args:
        answer: that came.
        deed: that was done.
        right: body of a good answer.
    """
    came = outcome(answer)
    if came not in deed.outcomes:
        return f"came {came}, not {' or '.join(deed.outcomes)}"
    if came == RIGHT:
        return None if deed.forges or answer.body == right else "a wrong answer"
    told = problem(answer)
    if answer.status != STATUS[came] or told.get("status") != answer.status or not told.keys() >= _ALWAYS:
        return "an undocumented error"
    # A full folder is found by who looks now and then: the call may be in a later step by then.
    found_later = told.get("kind") == "scratch-limit"
    if not deed.lasts and not found_later and told.get("step") not in (deed.step, "output"):
        return f"the step {told.get('step')} was named, not {deed.step}"
    # What it printed is the script's own, whatever it is; the trace repeats it.
    own = {**told, "printed": None, "trace": {**(told.get("trace") or {}), "printed": None}}
    if leak := _LEAKS.search(json.dumps(own)):
        return f"the server's inside is told: {leak[0]}"
    return None


def shown(answer: Answer) -> str:
    """Return an answer in short."""
    return f"{answer.status} {answer.body[:600].decode(errors='replace')}"
