"""What a folder holds that was saved from the engine that Sluice replaces: models, scripts, and what they made."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sluice.cli.paths import files_in

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


class CantBeRead(Exception):
    """The folder, or a file in it, isn't what it should be; the message says why."""


@dataclass(frozen=True)
class SavedPipeline:
    """A pipeline as it was; its parts by their names there."""

    name: str
    model: str
    pre_processing: str | None = None
    post_processing: str | None = None


@dataclass(frozen=True)
class Saved:
    """What a folder holds.

    Attributes:
        pipelines: None where nothing tells of them.
    """

    models: tuple[Path, ...]
    scripts: tuple[Path, ...]
    pipelines: tuple[SavedPipeline, ...] | None


def read_folder(folder: Path, answer: Path | None = None) -> Saved:
    """Return what a folder, and the folders in it, hold.

    Args:
        folder: with `.onnx` and `.py` files; a file without an ending counts where a pipeline names it as its model.
        answer: the saved answer of `GET .../pipelines`; by default every JSON file that is one.

    Raises:
        CantBeRead: there is nothing to import, or the answer isn't one.
    """
    files = list(files_in(folder))
    if answer is not None:
        pipelines = list(_answer(answer))
        if not pipelines:
            raise CantBeRead(f"'{answer}' tells of no pipeline: save the answer of GET .../pipelines as it is.")
    else:
        pipelines = [each for file in files if file.suffix.lower() == ".json" for each in _answer(file)]
    named: dict[str, SavedPipeline] = {}
    for pipeline in pipelines:
        if named.setdefault(pipeline.name, pipeline) != pipeline:
            raise CantBeRead(f"The pipeline '{pipeline.name}' is told of in two ways. Choose one file by --pipelines.")
    downloads = {pipeline.model for pipeline in pipelines}
    saved = Saved(
        models=tuple(file for file in files if file.suffix.lower() == ".onnx" or file.name in downloads),
        scripts=tuple(file for file in files if file.suffix.lower() == ".py"),
        pipelines=tuple(named.values()) if pipelines else None,
    )
    if not (saved.models or saved.scripts):
        raise CantBeRead(f"'{folder}' has no .onnx and no .py file.")
    return saved


def _answer(file: Path) -> Iterator[SavedPipeline]:
    try:
        told = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError):
        return
    items = told.get("pipelines", [told]) if isinstance(told, dict) else told
    for item in items if isinstance(items, list) else ():
        if isinstance(item, dict) and (pipeline := _pipeline(item)):
            yield pipeline


def _pipeline(item: dict[str, Any]) -> SavedPipeline | None:
    values = [item.get(key) for key in ("pipelineName", "modelName", "preProcessing", "postProcessing")]
    name, model, pre, post = (value if isinstance(value, str) and value else None for value in values)
    return SavedPipeline(name, model, pre, post) if name and model else None


def proposed(models: dict[str, Path], scripts: Sequence[str]) -> list[SavedPipeline]:
    """Return the pipelines that the files' names leave no doubt about.

    With one model, that is a pipeline with at most one script for each step, if every script's name tells its step; a
    model alone answers without a pipeline. With several, a script belongs to the model whose file's stem its own name
    begins with.

    Args:
        models: file by name.
        scripts: names.
    """
    if len(models) == 1:
        [name] = models
        found = _with(name, scripts)
        return [found] if found and scripts and all(map(_step, scripts)) else []
    stems = {name: path.stem.casefold() for name, path in models.items()}
    owned: dict[str, list[str]] = {}
    for script in scripts:
        owners = [name for name, stem in stems.items() if script.casefold().startswith(stem)]
        if owners:
            owned.setdefault(max(owners, key=lambda name: len(stems[name])), []).append(script)
    return [found for name, own in owned.items() if all(map(_step, own)) and (found := _with(name, own))]


def _with(model: str, scripts: Sequence[str]) -> SavedPipeline | None:
    steps: dict[str | None, list[str]] = {}
    for script in scripts:
        steps.setdefault(_step(script), []).append(script)
    pre, post = steps.get("pre", []), steps.get("post", [])
    if len(pre) > 1 or len(post) > 1:
        return None
    return SavedPipeline(model, model, next(iter(pre), None), next(iter(post), None))


def _step(script: str) -> str | None:
    """Return what a script's name says of its step: `pre`, `post`, or None where it says nothing or both."""
    words = [word.lower() for word in _WORDS.findall(Path(script).stem)]
    said = {step for step in ("pre", "post") for word in words if word == step or word.startswith(f"{step}proc")}
    return said.pop() if len(said) == 1 else None
