"""One operation in the document."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.alias_generators import to_camel

from sluice.api.native.inputs import Header, HeaderInput, JsonInput, PathInput, QueryInput
from sluice.api.native.openapi.problems import problem_models, problem_responses
from sluice.api.native.openapi.schemas import Mode, Schemas, parameters
from sluice.api.native.openapi.security import duty, requirement
from sluice.api.native.operation import Content, Operation, Result
from sluice.api.native.repeating import IDEMPOTENCY_KEY
from sluice.entities import Role

_RESPONSE_HEADERS = {
    "ETag": ("The version of what is shown, for `If-Match`.", '"3f2a-1"'),
    "Location": ("The address of what was made, relative to this one.", "models/digits"),
    "Content-Disposition": ("Under which name to save it.", 'attachment; filename="digits.onnx"'),
    "Server-Timing": ("Milliseconds of each step.", "queue;dur=0.2, pre-processing;dur=3.1, model;dur=0.4"),
    "Set-Cookie": ("The session.", "sluice_session=...; HttpOnly; Path=/; SameSite=lax"),
}


def body_models(operation: Operation) -> Iterator[tuple[type[BaseModel], Mode]]:
    """Yield each model whose schema an operation refers to."""
    for one in operation.inputs.values():
        if isinstance(one, JsonInput):
            yield one.model, "validation"
    if operation.result.body is not None:
        yield operation.result.body, "serialization"
    if operation.result.content is not None:
        yield from ((model, "serialization") for model in _models(operation.result.content.media_types))
    if operation.takes is not None:
        yield from ((model, "validation") for model in _models(operation.takes.media_types))
    for model in problem_models(operation.errors):
        yield model, "validation"


def _models(schema: Any) -> Iterator[type[BaseModel]]:
    if isinstance(schema, type):
        yield schema
    elif isinstance(schema, Mapping):
        for one in schema.values():
            yield from _models(one)


def _with_places(schema: Any, mode: Mode, schemas: Schemas) -> Any:
    """Return a schema with references in the place of models."""
    if isinstance(schema, type):
        return schemas.of(schema, mode)
    if isinstance(schema, Mapping):
        return {key: _with_places(one, mode, schemas) for key, one in schema.items()}
    return schema


def described(operation: Operation, role: Role | None, schemas: Schemas) -> dict[str, Any]:
    """Return what the document says of an operation."""
    summary, _, more = inspect.cleandoc(operation.endpoint.__doc__ or "").partition("\n")
    found: dict[str, Any] = {
        "tags": [operation.tag.name],
        "operationId": to_camel(operation.name),
        "summary": summary.removesuffix("."),
        "description": f"{more.strip()}\n\n{duty(role)}".strip(),
        "security": requirement(role),
    }
    if role is not None:
        found["x-required-role"] = role.value
    if told := list(_parameters(operation)):
        found["parameters"] = told
    if (body := _request_body(operation, schemas)) is not None:
        found["requestBody"] = body
    result = {str(operation.result.status): _response(operation.result, schemas)}
    return {**found, "responses": {**result, **problem_responses(operation.errors, schemas)}}


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    for one in operation.inputs.values():
        match one:
            case PathInput():
                yield from _of_model(one.model, "path")
            case QueryInput():
                yield from _of_model(one.model, "query")
            case HeaderInput():
                yield _header(one.header)
    if operation.fields is not None:
        yield from _of_model(operation.fields, "query")
    if operation.repeatable:
        yield _header(IDEMPOTENCY_KEY)


def _of_model(model: type[BaseModel], place: str) -> Iterator[dict[str, Any]]:
    for name, needed, schema in parameters(model):
        description = schema.pop("description", "")
        yield {"name": name, "in": place, "description": description, "required": needed, "schema": schema}


def _header(header: Header) -> dict[str, Any]:
    return {
        "name": header.name,
        "in": "header",
        "description": header.description,
        "required": header.required,
        "schema": header.schema,
    }


def _request_body(operation: Operation, schemas: Schemas) -> dict[str, Any] | None:
    for one in operation.inputs.values():
        if isinstance(one, JsonInput):
            content = {"application/json": {"schema": schemas.of(one.model, "validation")}}
            return {"required": True, "content": content}
    takes = operation.takes
    if takes is None:
        return None
    return {
        "description": takes.description,
        "required": takes.required,
        "content": _content(takes, "validation", schemas),
    }


def _response(result: Result, schemas: Schemas) -> dict[str, Any]:
    found: dict[str, Any] = {"description": "Done."}
    if result.body is not None:
        found["description"] = inspect.cleandoc(result.body.__doc__ or "").split("\n\n")[0].replace("\n", " ")
        found["content"] = {"application/json": {"schema": schemas.of(result.body, "serialization")}}
    elif result.content is not None:
        found = {
            "description": result.content.description,
            "content": _content(result.content, "serialization", schemas),
        }
    if result.headers:
        found["headers"] = {name: _response_header(name) for name in result.headers}
    return found


def _response_header(name: str) -> dict[str, Any]:
    description, example = _RESPONSE_HEADERS[name]
    return {"description": description, "required": True, "schema": {"type": "string", "examples": [example]}}


def _content(content: Content, mode: Mode, schemas: Schemas) -> dict[str, Any]:
    return {name: {"schema": _with_places(schema, mode, schemas)} for name, schema in content.media_types.items()}
