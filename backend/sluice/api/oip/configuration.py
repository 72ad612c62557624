"""A pipeline's or model's configuration as Triton tells it, for the programs that ask for it.

Source: Triton Inference Server, "Model Configuration Extension".
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sluice.api.oip.metadata import platform
from sluice.api.oip.names import served
from sluice.api.oip.signature import Port, inputs_of, outputs_of
from sluice.api.services import services
from sluice.entities import Pipeline, Policy


async def get_configuration(request: Request) -> Response:
    """Tell how one pipeline or model is run; nothing is batched."""
    found = served(request)
    policy = found.entity.policy if isinstance(found.entity, Pipeline) else Policy()
    workers = services(request).supervisor.limits.workers_of(policy)
    return JSONResponse(
        {
            "name": found.name,
            "platform": platform(found),
            "backend": "onnxruntime",
            "version_policy": {"latest": {"num_versions": 1}},
            "max_batch_size": 0,
            "input": [_tensor(port) for port in inputs_of(found.entity)],
            "output": [_tensor(port) for port in outputs_of(found.entity)],
            "instance_group": [{"name": found.name, "kind": "KIND_CPU", "count": workers}],
        }
    )


def _tensor(port: Port) -> dict[str, Any]:
    kind = "STRING" if port.datatype == "BYTES" else port.datatype
    return {"name": port.name, "data_type": f"TYPE_{kind}", "dims": port.shape}
