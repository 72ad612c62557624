"""What one revision of a pipeline or model tells its history of each call."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sluice.errors import SluiceError
from sluice.prediction.history import History
from sluice.prediction.latency import count
from sluice.prediction.outcome import REFUSALS, outcome_of, step_of
from sluice.storage.failures import Failure
from sluice.storage.ids import new_id
from sluice.workers.body import Body
from sluice.workers.call import Call

_MOST_PROBLEM_CHARS = 1 << 20

Tell = Callable[[SluiceError, str], dict[str, Any]]
"""Returns the problem that the caller of a request gets for an error."""


@dataclass(frozen=True)
class Book:
    """What all accounts share.

    Attributes:
        tell: writes problems.
        clock: seconds since 1970.
        most_input_bytes: of an input that is kept.
        note_kept: told how many bytes of an input are in memory until they are stored.
    """

    tell: Tell
    clock: Callable[[], float]
    most_input_bytes: int
    note_kept: Callable[[int], None]


class Account:
    """Counts the calls of one revision, as their `Witness`.

    Args:
        history: of the pipeline or model.
        revision: its number.
        keep_inputs: whether the inputs of calls that fail are kept.
        book: what all accounts share.
    """

    __slots__ = ("_book", "_history", "_keep_inputs", "_revision")

    def __init__(self, history: History, revision: int, keep_inputs: bool, book: Book) -> None:
        self._history = history
        self._revision = revision
        self._keep_inputs = keep_inputs
        self._book = book

    def answered(self, call: Call, ended_at: float, timings_ms: dict[str, float], size_bytes: int) -> None:
        """Count an answer."""
        history = self._history
        untold = history.untold
        untold.input_bytes += len(call.body)
        untold.output_bytes += size_bytes
        count(history.now.latency, (ended_at - call.queued_at) * 1e3, timings_ms)
        history.used_at = ended_at

    def failed(self, call: Call, error: SluiceError) -> None:
        """Count a call that failed, and remember why."""
        self._history.untold.input_bytes += len(call.body)
        self._note(error, call.request, call.body, len(call.body), call.queued_at)

    def refused(self, error: SluiceError, request: str, size_bytes: int | None) -> None:
        """Count a call that wasn't taken, and remember why."""
        self._note(error, request, None, size_bytes, time.perf_counter())

    def _note(
        self, error: SluiceError, request: str, body: Body | None, size_bytes: int | None, queued_at: float
    ) -> None:
        outcome = outcome_of(error)
        if outcome is None:
            return
        history, now = self._history, time.perf_counter()
        history.now.failed[outcome, step_of(error)] += 1
        history.used_at = history.failed_at = now
        content = self._content(body) if self._keep_inputs and outcome not in REFUSALS else None
        history.note(
            Failure(
                id=new_id(),
                subject_id=history.subject_id,
                at=self._book.clock(),
                revision=self._revision,
                request_id=request,
                duration_ms=(now - queued_at) * 1e3,
                refusal=outcome in REFUSALS,
                problem=self._problem(error, request),
                size_bytes=size_bytes,
                content=content,
            )
        )
        if content:
            self._book.note_kept(len(content))

    def _content(self, body: Body | None) -> bytes | None:
        """Return the input if it may be kept; an empty one says nothing that its size doesn't."""
        if not body or len(body) > self._book.most_input_bytes:
            return None
        return body if isinstance(body, bytes) else os.pread(body.descriptor, len(body), 0)

    def _problem(self, error: SluiceError, request: str) -> str:
        # Written at once: it mustn't hold on to what the error refers to, and its size must be known.
        problem = self._book.tell(error, request)
        text = json.dumps(problem)
        if len(text) > _MOST_PROBLEM_CHARS:
            text = json.dumps({key: value for key, value in problem.items() if key not in ("trace", "printed")})
        return text if len(text) <= _MOST_PROBLEM_CHARS else json.dumps(_shortened(problem))


def _shortened(problem: dict[str, Any]) -> dict[str, Any]:
    """Return what fits of a problem that a hostile script made long."""
    texts = {key: value[:1000] if isinstance(value, str) else value for key, value in problem.items()}
    return {key: value for key, value in texts.items() if isinstance(value, str | int)}
