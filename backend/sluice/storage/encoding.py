"""Facts, warnings, headers, ids and policies as the JSON text that rows keep."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime

from sluice.entities import ModelFacts, Opset, Policy, ScriptHeader, ScriptWarning, Secret
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


def header_to_text(header: ScriptHeader | None) -> str | None:
    """Write what a script says that it needs."""
    return None if header is None else json.dumps(asdict(header))


def header_from_text(text: str | None) -> ScriptHeader | None:
    """Read what `header_to_text` wrote."""
    if text is None:
        return None
    data = json.loads(text)
    return ScriptHeader(**{**data, "requires": tuple(data["requires"])})


def ids_to_text(ids: frozenset[str] | None) -> str | None:
    """Write which pipelines a caller is bound to."""
    return None if ids is None else json.dumps(sorted(ids))


def ids_from_text(text: str | None) -> frozenset[str] | None:
    """Read what `ids_to_text` wrote."""
    return None if text is None else frozenset(json.loads(text))


def policy_to_text(policy: Policy) -> str:
    """Write what a pipeline may use."""
    return json.dumps(asdict(policy))


def policy_from_text(text: str) -> Policy:
    """Read what `policy_to_text` wrote."""
    data = json.loads(text)
    if isinstance(data.get("network"), list):
        data["network"] = tuple(data["network"])
    data["variables"] = tuple((name, value) for name, value in data.get("variables", ()))
    return Policy(**data)


def secrets_to_text(secrets: Sequence[Secret]) -> str | None:
    """Write the secrets of a pipeline, which are sealed."""
    if not secrets:
        return None
    return json.dumps([{**asdict(secret), "set_at": secret.set_at.isoformat()} for secret in secrets])


def secrets_from_text(text: str | None) -> tuple[Secret, ...]:
    """Read what `secrets_to_text` wrote."""
    found = json.loads(text) if text else []
    return tuple(Secret(**{**secret, "set_at": datetime.fromisoformat(secret["set_at"])}) for secret in found)
