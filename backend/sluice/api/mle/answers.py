"""What the drop-in API answers with: its objects, and JSON as bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from sluice.entities import Model, Pipeline, Resource
from sluice.tensors import TensorSpec


def answer(body: dict[str, Any], status: int = 200) -> Response:
    """Return an answer with a JSON body."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Response(content, status, media_type="application/json")


def names(things: Iterable[Model | Resource]) -> list[str]:
    """Return the names of models or resources, in their order."""
    return [thing.name for thing in things]


def model_object(model: Model) -> dict[str, Any]:
    """Return a model with all nine keys."""
    facts = model.facts
    return {
        "modelName": model.name,
        "modelVersion": facts.model_version,
        "onnxVersion": facts.ir_version,
        "opsetVersions": ", ".join(f"{opset.domain} v{opset.version}" for opset in facts.opsets),
        "producerName": facts.producer_name,
        "producerVersion": facts.producer_version,
        "isActive": model.active,
        "inputs": [_tensor(spec) for spec in facts.inputs],
        "outputs": [_tensor(spec) for spec in facts.outputs],
    }


def pipeline_object(pipeline: Pipeline) -> dict[str, str]:
    """Return a pipeline; a script that it doesn't have is absent."""
    pre, post = pipeline.pre_processing, pipeline.post_processing
    return {
        "pipelineName": pipeline.name,
        **({"preProcessing": pre.name} if pre else {}),
        "modelName": pipeline.model.name,
        **({"postProcessing": post.name} if post else {}),
    }


def _tensor(spec: TensorSpec) -> dict[str, Any]:
    """Return an input or output: a number for a fixed dimension, its symbol, or null; none for what is no tensor."""
    return {"name": spec.name, "shape": list(spec.dimensions or ()), "type": spec.type}
