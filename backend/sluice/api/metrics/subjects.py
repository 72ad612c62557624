"""What is told of each pipeline, under the label `pipeline`, and of each model called by itself, under `model`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from sluice.api.metrics import histogram
from sluice.api.metrics.family import Family, Sample
from sluice.prediction.latency import WHOLE, total
from sluice.prediction.ledger import Series
from sluice.prediction.outcome import OUTCOMES
from sluice.workers.state import Occupancy, State

_QUEUE = "queue"


@dataclass(frozen=True)
class Seen:
    """One pipeline or model as it is now.

    Attributes:
        labels: that name it.
        series: what was counted of it since the start.
        state: of its workers as a whole.
        occupancy: of its pool, if it has one.
        memory_bytes: that its workers take.
    """

    labels: Mapping[str, str]
    series: Series
    state: State
    occupancy: Occupancy | None
    memory_bytes: int


def _calls(seen: Seen) -> Iterator[Sample]:
    calls = seen.series.calls
    yield Sample(total(calls.latency.get(WHOLE, {})), {"outcome": "ok"})
    for outcome in OUTCOMES:
        yield Sample(sum(n for (how, _), n in calls.failed.items() if how == outcome), {"outcome": outcome})


def _failures(seen: Seen) -> Iterator[Sample]:
    for (outcome, step), times in sorted(seen.series.calls.failed.items()):
        yield Sample(times, {"outcome": outcome, "step": step})


def _durations(seen: Seen) -> Iterator[Sample]:
    if counts := seen.series.calls.latency.get(WHOLE):
        yield from histogram.samples(counts)


def _waits(seen: Seen) -> Iterator[Sample]:
    if counts := seen.series.calls.latency.get(_QUEUE):
        yield from histogram.samples(counts)


def _steps(seen: Seen) -> Iterator[Sample]:
    for step, counts in seen.series.calls.latency.items():
        if step not in (WHOLE, _QUEUE):
            yield from histogram.samples(counts, {"step": step})


def _workers(seen: Seen) -> Iterator[Sample]:
    if now := seen.occupancy:
        for state in ("ready", "busy", "starting", "leaving"):
            yield Sample(getattr(now, state), {"state": state})


def _states(seen: Seen) -> Iterator[Sample]:
    for state in get_args(State):
        yield Sample(seen.state == state, {"state": state})


def _one(value: float) -> Iterator[Sample]:
    yield Sample(value)


FAMILIES: tuple[Family[Seen], ...] = (
    Family(
        "sluice_predictions",
        "counter",
        "Predictions that ended, by outcome: ok, unfit (the input doesn't fit), failed (a script or the model), "
        "crashed, deadline, broken (no worker starts) or refused (the queue is full, or the server stops).",
        _calls,
    ),
    Family(
        "sluice_prediction_failures",
        "counter",
        "Predictions that didn't end well, by outcome and the step in which that was.",
        _failures,
    ),
    Family(
        "sluice_prediction_duration_seconds",
        "histogram",
        "How long predictions took that were answered, waiting included; within 2.5 %.",
        _durations,
    ),
    Family(
        "sluice_step_duration_seconds",
        "histogram",
        "How long each step of predictions took that were answered; within 2.5 %.",
        _steps,
    ),
    Family(
        "sluice_queue_wait_seconds",
        "histogram",
        "How long predictions waited for a worker that were answered; within 2.5 %.",
        _waits,
    ),
    Family(
        "sluice_prediction_input_bytes",
        "counter",
        "Bytes of the inputs of predictions that weren't refused.",
        lambda seen: _one(seen.series.input_bytes),
    ),
    Family(
        "sluice_prediction_output_bytes",
        "counter",
        "Bytes of the answers of predictions.",
        lambda seen: _one(seen.series.output_bytes),
    ),
    Family(
        "sluice_queue_calls",
        "gauge",
        "Predictions that wait for a worker.",
        lambda seen: _one(seen.occupancy.waiting) if seen.occupancy else (),
    ),
    Family(
        "sluice_queue_bytes",
        "gauge",
        "Bytes of predictions that wait for a worker, or whose body arrives.",
        lambda seen: _one(seen.occupancy.waiting_bytes) if seen.occupancy else (),
    ),
    Family(
        "sluice_queue_oldest_seconds",
        "gauge",
        "How long the first of the predictions that wait has waited; 0 without any.",
        lambda seen: _one(seen.occupancy.oldest_s) if seen.occupancy else (),
    ),
    Family(
        "sluice_predictions_running",
        "gauge",
        "Predictions that workers have.",
        lambda seen: _one(seen.occupancy.running) if seen.occupancy else (),
    ),
    Family(
        "sluice_workers",
        "gauge",
        "Worker processes by state: ready, busy, starting, or leaving (they get no further calls).",
        _workers,
    ),
    Family(
        "sluice_worker_starts",
        "counter",
        "Starts of worker processes, by outcome: ok or failed.",
        lambda seen: (Sample(seen.series.starts[how], {"outcome": how}) for how in ("ok", "failed")),
    ),
    Family(
        "sluice_worker_ends",
        "counter",
        "Ends of worker processes that had loaded, by cause.",
        lambda seen: (Sample(times, {"cause": cause}) for cause, times in sorted(seen.series.ends.items())),
    ),
    Family(
        "sluice_worker_memory_bytes",
        "gauge",
        "Memory of the worker processes, what they share counted once; pipelines of one model share that too.",
        lambda seen: _one(seen.memory_bytes) if seen.occupancy else (),
    ),
    Family(
        "sluice_state",
        "gauge",
        "1 for the state that it is in: ready, starting, idle (starts on demand), broken or inactive; 0 for others.",
        _states,
    ),
)
