"""The trace of one call as its caller gets it: what the worker told, and what only the server knows."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise
from mmap import mmap
from typing import Any

from sluice.workers.messages import STATUS, STEP_TIMES, STEP_TIMES_AT, STEPS


def trace_of(
    queued_at: float,
    sent_at: float,
    steps: Sequence[dict[str, Any]] = (),
    steps_ms: float = 0.0,
    printed: str | None = None,
    frames: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Return the trace of a call that has just ended.

    Args:
        queued_at: when it came, by `time.perf_counter`.
        sent_at: when it went to a worker; 0.0 if it never did.
        steps: those that ran, with what is known of each.
        steps_ms: how long they took together.
        printed: by the scripts.
        frames: of the script that failed.
    """
    total_ms = (time.perf_counter() - queued_at) * 1e3
    queue_ms = (sent_at - queued_at) * 1e3 if sent_at else total_ms
    return {
        "queueMs": round(queue_ms, 3),
        "overheadMs": round(max(0.0, total_ms - queue_ms - steps_ms), 3),
        "totalMs": round(total_ms, 3),
        "printed": printed,
        "steps": list(steps),
        "frames": list(frames),
    }


def answered(queued_at: float, sent_at: float, timings_ms: dict[str, float], told: dict[str, Any]) -> dict[str, Any]:
    """Return the trace of a call whose worker told its part."""
    printed, steps, frames = told.get("printed"), told.get("steps"), told.get("frames")
    return trace_of(
        queued_at,
        sent_at,
        steps if isinstance(steps, list) else [],
        sum(timings_ms.values()),
        printed if isinstance(printed, str) else None,
        frames if isinstance(frames, list) else [],
    )


def noted_steps(page: mmap, since: float) -> list[dict[str, Any]]:
    """Return the steps that the last call entered, from the page that its worker shares with the server.

    Args:
        page: may hold anything: a script can write in it.
        since: when the call went to the worker.
    """
    _, current = STATUS.unpack_from(page)
    began = STEP_TIMES.unpack_from(page, STEP_TIMES_AT)[: current + 1]
    now = time.perf_counter()
    # Later steps may not have run in this call: what stands there is of an earlier one.
    entered = [(STEPS[index], at) for index, at in enumerate(began) if since <= began[0] <= at <= now]
    if len(entered) > 1 and entered[1][0] == "pre-processing":
        del entered[0]  # a call enters the first step to begin; only without pre-processing it takes time
    entered.append(("", now))
    steps = [{"step": step, "ms": round((end - at) * 1e3, 3)} for (step, at), (_, end) in pairwise(entered)]
    return [step for step in steps if step["ms"] >= 0]
