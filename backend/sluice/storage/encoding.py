"""Facts, warnings and policies as the JSON text that rows keep."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from sluice.entities import ModelFacts, Opset, Policy, ScriptWarning
from sluice.tensors import TensorSpec


def facts_to_text(facts: ModelFacts) -> str:
    """Write what a model says about itself."""
    return json.dumps(asdict(facts))


def facts_from_text(text: str) -> ModelFacts:
    """Read what `facts_to_text` wrote."""
    data = json.loads(text)
    specs = {key: tuple(TensorSpec.from_json(spec) for spec in data[key]) for key in ("inputs", "outputs")}
    opsets = tuple(Opset(**opset) for opset in data["opsets"])
    return ModelFacts(**{**data, **specs, "opsets": opsets})


def warnings_to_text(warnings: Sequence[ScriptWarning]) -> str:
    """Write what a script was warned of."""
    return json.dumps([asdict(warning) for warning in warnings])


def warnings_from_text(text: str) -> tuple[ScriptWarning, ...]:
    """Read what `warnings_to_text` wrote."""
    return tuple(ScriptWarning(**warning) for warning in json.loads(text))


def policy_to_text(policy: Policy) -> str:
    """Write what a pipeline may use."""
    return json.dumps(asdict(policy))


def policy_from_text(text: str) -> Policy:
    """Read what `policy_to_text` wrote."""
    return Policy(**json.loads(text))
