"""Names for what comes without one that was chosen here: the drop-in API and `sluice import` give the same ones."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from sluice.catalog.names import MAX_CHARACTERS, MODEL_PREFIX, can_be_kept, name_key

_OF_EXPORTERS = frozenset(
    {
        "cntkgraph",  # CNTK
        "graph",
        "graph_def",
        "main",  # onnxmltools, MLIR
        "main_graph",  # PyTorch, also by torch.export
        "model from paddlepaddle.",
        "mxnet_converted_model",
        "onnx_graph",
        "onnxgraph",
        "paddle-onnx",
        "paddlepaddle graph",
        "spox_graph",
        "tf2onnx",
        "torch-jit-export",  # PyTorch up to 1.11
        "torch_jit",  # PyTorch from 1.12 on
    }
)
_OF_A_CLASS = re.compile(r"ONNX\(\w+\)")  # skl2onnx: the same for every model of that class
_SEPARATORS = re.compile(r"[/\\]")


def default_model_name(graph_name: str, file_name: str, sha256: str) -> str:
    """Return the name of a model that was given none.

    That is its graph's name, unless an exporter writes the same one into every file: then it is the file's stem.
    Characters that a name can't have become `_`.

    Args:
        graph_name: may be empty.
        file_name: may be empty, and may have folders.
        sha256: of the file; its beginning is the name of a model without any other.
    """
    own = _keepable(graph_name)
    stem = _keepable(PurePosixPath(base_name(file_name)).stem)
    if own and not is_of_exporter(own):
        return own
    return stem or own or sha256[:32]


def is_of_exporter(graph_name: str) -> bool:
    """Tell whether a graph's name says nothing of the model: its exporter gives it to all."""
    return graph_name.casefold() in _OF_EXPORTERS or _OF_A_CLASS.fullmatch(graph_name) is not None


def safe_pipeline_name(text: str) -> str:
    """Return a pipeline's name with `_` for each character but letters, digits and `-`, `_`, `.`: safe in addresses."""
    name = unicodedata.normalize("NFC", text)
    return _unreserved("".join(character if _is_safe(character) else "_" for character in name))


def base_name(file_name: str) -> str:
    """Return a file's name without the folders that some clients send with it."""
    return _SEPARATORS.split(file_name)[-1]


def _is_safe(character: str) -> bool:
    # Marks belong to the letter before them.
    return character.isalnum() or character in "-_." or unicodedata.category(character).startswith("M")


def _keepable(text: str) -> str:
    name = unicodedata.normalize("NFC", text).strip()
    kept = "".join(character if can_be_kept(character) else "_" for character in name)[:MAX_CHARACTERS].strip()
    return "" if kept in (".", "..") else _unreserved(kept)


def _unreserved(name: str) -> str:
    """Return a name that doesn't begin as none may."""
    if not name_key(name).startswith(MODEL_PREFIX):
        return name
    return name[: len(MODEL_PREFIX) - 1] + "_" + name[len(MODEL_PREFIX) :]
