"""The JSON Schemas of all bodies, under one set of names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import CoreSchema

Mode = Literal["validation", "serialization"]
PLACE = "#/components/schemas/"


class _Plain(GenerateJsonSchema):
    """Writes no title beside a field: it would only repeat the name."""

    def field_title_should_be_set(self, schema: CoreSchema) -> bool:
        return False


class Schemas:
    """Schemas by name, and where each model's is.

    Args:
        models: that are received (`validation`) or sent (`serialization`).
    """

    def __init__(self, models: Iterable[tuple[type[BaseModel], Mode]]) -> None:
        found, definitions = models_json_schema(
            sorted(set(models), key=lambda one: one[0].__name__),
            ref_template=PLACE + "{model}",
            schema_generator=_Plain,
        )
        self.by_name: dict[str, Any] = {}
        for name, schema in definitions["$defs"].items():
            self.by_name[_plain(name)] = _renamed({**schema, "title": _plain(name)})
        self._places = {one: _renamed(schema) for one, schema in found.items()}

    def of(self, model: type[BaseModel], mode: Mode) -> dict[str, Any]:
        """Return a reference to a model's schema."""
        place: dict[str, Any] = self._places[(model, mode)]
        return place


def parameters(model: type[BaseModel]) -> list[tuple[str, bool, dict[str, Any]]]:
    """Return name, whether it is needed, and schema of each of a model's fields."""
    schema = model.model_json_schema(by_alias=True, schema_generator=_Plain)
    needed = schema.get("required", [])
    return [(name, name in needed, _inlined(one, schema)) for name, one in schema.get("properties", {}).items()]


def _inlined(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter's schema without references and without null, which a parameter can't be."""
    if "$ref" in schema:
        found = root["$defs"][schema["$ref"].rpartition("/")[2]]
        schema = {**found, **{key: value for key, value in schema.items() if key != "$ref"}}
    if "anyOf" in schema:
        (one,) = (each for each in schema["anyOf"] if each != {"type": "null"})
        schema = {**_inlined(one, root), **{key: value for key, value in schema.items() if key != "anyOf"}}
    return {key: value for key, value in schema.items() if (key, value) != ("default", None)}


def _plain(name: str) -> str:
    return name.removesuffix("Body")


def _renamed(schema: Any) -> Any:
    """Return the schema with all references to plain names."""
    if isinstance(schema, dict):
        return {
            key: PLACE + _plain(value.removeprefix(PLACE)) if key == "$ref" else _renamed(value)
            for key, value in schema.items()
        }
    return [_renamed(one) for one in schema] if isinstance(schema, list) else schema
