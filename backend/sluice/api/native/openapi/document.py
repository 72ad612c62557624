"""Puts the OpenAPI document together from the operations behind the routes.

Source: OpenAPI Specification 3.1.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sluice import __version__
from sluice.api.native.openapi.described import body_models, described
from sluice.api.native.openapi.schemas import Schemas
from sluice.api.native.openapi.security import SCHEMES
from sluice.api.native.operation import Operation
from sluice.api.routing import Action, RoleRoute

INFO = """
Serves pipelines of pre-processing, an ONNX model and post-processing.

Keys are camelCase, times are UTC in ISO 8601, sizes are bytes. Names in paths are percent-encoded; names that differ by
case only are the same. Unknown keys and parameters are refused. Every `GET` answers `HEAD` too.

Errors are `application/problem+json` (RFC 9457); `code` tells them apart. Every answer has `X-Request-Id`: that of the
request, where it has at most 64 letters, digits and `._-`.

This document itself needs the role READ, as all else does: `curl --header "Authorization: Bearer $TOKEN" ...`
"""


def document(routes: Sequence[RoleRoute], prefix: str, base_path: str) -> dict[str, Any]:
    """Return the document.

    Args:
        routes: of the API.
        prefix: that all their paths have; the document's paths do without.
        base_path: where that prefix is, seen by clients.
    """
    found = list(_operations(routes))
    schemas = Schemas(model for _, _, _, operation in found for model in body_models(operation))
    paths: dict[str, dict[str, Any]] = {}
    for path, method, action, operation in found:
        methods = paths.setdefault(path.removeprefix(prefix), {})
        methods[method.lower()] = described(operation, action.role, schemas)
    tags = dict.fromkeys(operation.tag for *_, operation in found)
    return {
        "openapi": "3.1.1",
        "info": {"title": "Sluice", "version": __version__, "description": INFO.strip()},
        "servers": [{"url": base_path + prefix}],
        "tags": [{"name": tag.name, "description": tag.description} for tag in tags],
        "paths": paths,
        "components": {"schemas": schemas.by_name, "securitySchemes": SCHEMES},
    }


def _operations(routes: Sequence[RoleRoute]) -> Iterator[tuple[str, str, Action, Operation]]:
    """Yield path, method, action and operation; each operation once, at the path that has its parameters."""
    for route in routes:
        for method, action in route.actions.table.items():
            operation = action.endpoint
            if method != "HEAD" and isinstance(operation, Operation):
                if set(route.param_convertors) >= operation.path_names:
                    yield route.path, method, action, operation
