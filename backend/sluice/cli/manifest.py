"""Reads `pipeline.toml`: which files make which models, resources and pipelines."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic.alias_generators import to_camel

from sluice.cli.manifest_tables import ModelTable, PipelineTable, ResourceTable
from sluice.entities import ResourceKind


class BadManifest(Exception):
    """The file can't be used; the message says where and why."""


@dataclass(frozen=True)
class ModelPart:
    """A model to be on the server.

    Attributes:
        data: files of its external data.
        description: None leaves what is there.
    """

    name: str
    file: Path
    data: tuple[Path, ...] = ()
    description: str | None = None


@dataclass(frozen=True)
class ResourcePart:
    """A script, module or data file to be on the server."""

    name: str
    file: Path
    kind: ResourceKind


@dataclass
class Manifest:
    """What shall be on a server.

    Attributes:
        pipelines: each as the body that makes it anew, with all keys.
    """

    models: dict[str, ModelPart] = field(default_factory=dict)
    resources: dict[str, ResourcePart] = field(default_factory=dict)
    pipelines: list[dict[str, Any]] = field(default_factory=list)

    def add(self, part: ModelPart | ResourcePart) -> None:
        """Add a part; the same one may be added again.

        Raises:
            BadManifest: another file has its name.
        """
        parts: dict[str, Any] = self.models if isinstance(part, ModelPart) else self.resources
        there = parts.setdefault(part.name, part)
        if there != part:
            raise BadManifest(f"'{there.file}' and '{part.file}' can't both be '{part.name}', and not of two kinds.")


def read_manifest(path: Path) -> Manifest:
    """Return what a `pipeline.toml` says; its paths are relative to its folder.

    Raises:
        BadManifest: it isn't TOML, has what isn't known, or names a file that isn't there.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise BadManifest(f"{path}: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadManifest(f"{path}: {error}.") from None
    if unknown := sorted(tables.keys() - {"model", "resource", "pipeline"}):
        raise BadManifest(f"{path}: {unknown[0]}: there is no such table; known are model, resource and pipeline.")
    try:
        return _Reader(path.parent).read(tables)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        reason = "there is no such key" if first["type"] == "extra_forbidden" else first["msg"]
        raise BadManifest(f"{path}: {where}: {reason.removeprefix('Value error, ')}.") from None
    except BadManifest as wrong:
        raise BadManifest(f"{path}: {wrong}") from None


class _Reader:
    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._manifest = Manifest()

    def read(self, tables: dict[str, Any]) -> Manifest:
        for table in _tables(tables, "model"):
            self._model(ModelTable.model_validate(table))
        for table in _tables(tables, "resource"):
            self._resource(ResourceTable.model_validate(table))
        for table in _tables(tables, "pipeline"):
            self._pipeline(PipelineTable.model_validate(table))
        if not (self._manifest.models or self._manifest.resources or self._manifest.pipelines):
            raise BadManifest("it names nothing. Begin with [pipeline].")
        return self._manifest

    def _pipeline(self, table: PipelineTable) -> None:
        files = list(table.data_files)
        if table.sample is not None and not any(file.is_called(table.sample) for file in files):
            files.append(ResourceTable(file=table.sample))
        names = [self._resource(file, "module" if file.is_python else "data") for file in files]
        samples = [file.is_called(table.sample) for file in files] if table.sample else []
        body: dict[str, Any] = {
            **table.policy(),
            "model": self._model(table.model),
            "pre_processing": self._resource(table.pre_processing, "script"),
            "post_processing": self._resource(table.post_processing, "script"),
            "data_files": names,
            "sample": next((name for name, is_it in zip(names, samples, strict=False) if is_it), None),
        }
        body["name"] = table.name
        self._manifest.pipelines.append({to_camel(key): value for key, value in body.items()})

    def _model(self, table: ModelTable) -> str:
        """Take note of a model and return its name; one without a file is on the server already."""
        if table.file is None:
            assert table.name is not None
            return table.name
        path = self._path(table.file)
        name = table.name or path.stem
        self._manifest.add(ModelPart(name, path, tuple(map(self._path, table.data)), table.description))
        return name

    def _resource(self, table: ResourceTable | None, kind: ResourceKind | None = None) -> Any:
        if table is None:
            return None
        if table.file is None:
            return table.name
        path = self._path(table.file)
        name = table.name or path.name
        self._manifest.add(ResourcePart(name, path, table.kind or kind or ("script" if table.is_python else "data")))
        return name

    def _path(self, text: str) -> Path:
        path = self._folder / text
        if not path.is_file():
            known = f'{{ name = "{text}" }}'
            raise BadManifest(f"there is no file '{text}' beside it. What is on the server already is named {known}.")
        return path


def _tables(tables: dict[str, Any], key: str) -> Iterator[Any]:
    found = tables.get(key, [])
    yield from found if isinstance(found, list) else [found]
