"""What was counted of each pipeline and model since the server's start, as Triton tells it.

Durations come from histograms, so sums of them are within 2.5 %. What failed has no duration.

Source: Triton Inference Server, "Statistics Extension".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sluice.api.oip.names import Served, all_served, served
from sluice.api.services import services
from sluice.prediction.latency import WHOLE, middle_ms, total
from sluice.prediction.slot import Slot

_STEPS = {
    "success": (WHOLE,),
    "queue": ("queue",),
    "compute_input": ("pre-processing", "input"),
    "compute_infer": ("model",),
    "compute_output": ("post-processing", "output"),
}


async def get_all_statistics(request: Request) -> Response:
    """Tell what was counted of all."""
    return _answer(request, all_served(services(request).current.value))


async def get_statistics(request: Request) -> Response:
    """Tell what was counted of one."""
    return _answer(request, [served(request)])


def _answer(request: Request, wanted: Sequence[Served]) -> Response:
    found = services(request)
    calls = {subject.id: series.calls for subject, series in found.ledger.read()}
    last_at = {subject.id: history.last_at for subject, history in found.records.histories()}
    told = [_told(each, calls.get(each.entity.id, Slot()), last_at.get(each.entity.id)) for each in wanted]
    return JSONResponse({"model_stats": told})


def _told(each: Served, calls: Slot, last_at: float | None) -> dict[str, Any]:
    answered = total(calls.latency.get(WHOLE, {}))
    return {
        "name": each.name,
        "version": each.version,
        "last_inference": round((last_at or 0) * 1e3),
        "inference_count": answered,
        "execution_count": answered,
        "inference_stats": {
            "fail": {"count": calls.failures, "ns": 0},
            "cache_hit": {"count": 0, "ns": 0},
            "cache_miss": {"count": 0, "ns": 0},
            **{name: _duration(calls, answered, steps) for name, steps in _STEPS.items()},
        },
        "batch_stats": [],
    }


def _duration(calls: Slot, answered: int, steps: Sequence[str]) -> dict[str, int]:
    return {"count": answered, "ns": sum(_ns(calls.latency.get(step, {})) for step in steps)}


def _ns(counts: Mapping[int, int]) -> int:
    return round(sum(middle_ms(bucket) * times for bucket, times in counts.items()) * 1e6)
