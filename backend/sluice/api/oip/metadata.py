"""What the server is, and what each pipeline and model is in the protocol's terms.

Source: Open Inference Protocol, "Server Metadata" and "Model Metadata".
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sluice import __version__
from sluice.api.oip.names import Served, served
from sluice.api.oip.signature import Port, inputs_of, outputs_of
from sluice.entities import Pipeline

EXTENSIONS = ("binary_tensor_data", "model_configuration", "model_repository", "statistics")
"""As Triton names them."""

ONNX = "onnx_onnxv1"
PIPELINE = "sluice_pipeline"
_CONTENT_TYPES = {"json": "application/json", "bytes": "application/octet-stream"}


async def get_server(request: Request) -> Response:
    """Tell what the server is."""
    return JSONResponse({"name": "sluice", "version": __version__, "extensions": EXTENSIONS})


async def get_model(request: Request) -> Response:
    """Tell what goes into one pipeline or model, and what comes out."""
    found = served(request)
    return JSONResponse(
        {
            "name": found.name,
            "versions": [found.version],
            "platform": platform(found),
            "inputs": [_tensor(port) for port in inputs_of(found.entity)],
            "outputs": [_tensor(port) for port in outputs_of(found.entity)],
            "parameters": _parameters(found),
        }
    )


def platform(found: Served) -> str:
    """Return what runs it."""
    return PIPELINE if found.kind == "pipeline" else ONNX


def _parameters(found: Served) -> dict[str, Any]:
    if isinstance(found.entity, Pipeline):
        return {"kind": "pipeline", "model": found.entity.model.name}
    return {"kind": "model", "description": found.entity.description}


def _tensor(port: Port) -> dict[str, Any]:
    told: dict[str, Any] = {"name": port.name, "datatype": port.datatype, "shape": port.shape}
    parameters: dict[str, Any] = {}
    if port.travels != "tensor":
        parameters["content_type"] = _CONTENT_TYPES[port.travels]
        if port.onnx_type:
            parameters["onnx_type"] = port.onnx_type
    if port.any_rank:
        parameters["any_rank"] = True
    return {**told, "parameters": parameters} if parameters else told
